// Any bytes as the body of an Anthropic client: no crash, and what is written from what was read is JSON again, whoever
// the client was.
#include "triaged/api/codec.hpp"
#include "triaged/base/json.hpp"
#include "triaged/base/text.hpp"
#include "triaged/provider/provider.hpp"

#include "api/anthropic/anthropic.hpp"
#include "fuzz/require.hpp"
#include "provider/anthropic/anthropic_write.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using triaged::fuzz::require;

void check_written(const triaged::chat::Conversation& conversation, const char* model) {
  triaged::config::Target target;
  target.model = model;
  const triaged::provider::AnthropicBody body = triaged::provider::write_anthropic(conversation, target);
  const std::string whole = "{" + body.members + "}";
  triaged::JsonReader reader(whole, 512);
  reader.skip();
  require(reader.at_end(), "a written body is JSON");
  for (const std::string& name : body.dropped) require(!name.empty(), "what is dropped has a name");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  triaged::api::Decoder decoder;
  const auto request = decoder.decode(triaged::chat::Dialect::anthropic, body);
  if (!request) {
    require(request.error().status == 400, "a body that cannot be read is the client's fault");
    return 0;
  }
  for (const auto& range : request->model_values) require(range.end <= body.size(), "ranges are inside the body");
  triaged::chat::Conversation conversation = *request->conversation;
  for (const char* const model : {"claude-3-opus-20240229", "claude-sonnet-4-5", "claude-opus-5-5", "other"}) {
    conversation.dialect = triaged::chat::Dialect::anthropic;
    check_written(conversation, model);
    conversation.dialect = triaged::chat::Dialect::openai_chat;
    check_written(conversation, model);
  }
  return 0;
}
