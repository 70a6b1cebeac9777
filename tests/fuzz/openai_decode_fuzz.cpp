// Any bytes as the body of a chat request: no crash, ranges inside the body, and what a route sends on is JSON again.
#include "triaged/api/codec.hpp"
#include "triaged/base/json.hpp"
#include "triaged/provider/provider.hpp"

#include "fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace {

using triaged::fuzz::require;

triaged::config::Provider make_settings() {
  triaged::config::Provider settings;
  settings.host = "localhost";
  settings.api_key.value = "sk-fuzz-0123456789";
  return settings;
}

void check_splice(const triaged::chat::Request& request, const std::string& body) {
  static const triaged::config::Provider settings = make_settings();
  static const auto provider = triaged::provider::make_provider(settings);
  triaged::config::Target target;
  target.model = "m\"\\";
  const triaged::wire::Headers none;
  const auto built = provider->build({request, body, none, target, 0, triaged::WallTime()});
  if (!built) __builtin_trap();
  const auto& outgoing = *built;

  std::string sent;
  for (const std::string_view piece : outgoing.body) sent += piece;
  require(sent.size() == outgoing.body_bytes, "the size is that of the pieces");
  triaged::api::Decoder again;
  const auto read_back = again.decode(triaged::chat::Dialect::openai_chat, sent);
  require(read_back.has_value(), "what is sent is a request");
  require(read_back->model == target.model, "it names the target's model");
  require(read_back->models_members.empty(), "the list of models is cut out");
  require(read_back->stream == request.stream, "streaming is kept");
  require(!request.stream || read_back->include_usage, "a stream asks for usage");
  require(read_back->messages.size() == request.messages.size(), "no message is lost");
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    require(read_back->messages[i].text == request.messages[i].text, "texts are kept");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  static triaged::api::Decoder decoder;
  const auto request = decoder.decode(triaged::chat::Dialect::openai_chat, body);
  if (!request) {
    const triaged::Error error = request.error();
    require(error.status == 400 && !error.detail.empty(), "a refusal says why");
    const std::string answer = triaged::api::openai_error_body(error);
    triaged::JsonReader reader(answer);
    reader.skip();
    require(reader.at_end(), "the error body is JSON");
    return 0;
  }
  require(request->object_begin <= body.size(), "members are added inside the body");
  for (const auto& ranges : {request->model_values, request->stream_options_values, request->models_members}) {
    for (const auto& range : ranges) require(range.begin < range.end && range.end <= body.size(), "ranges");
  }
  check_splice(*request, body);
  return 0;
}
