// Any bytes as the body of a request to the Responses API: no crash, ranges inside the body, and an answer to it is
// JSON.
#include "triaged/api/codec.hpp"
#include "triaged/base/json.hpp"

#include "api/responses/needs_state.hpp"
#include "api/responses/responses_writer.hpp"
#include "fuzz/require.hpp"
#include "provider/openai/responses_input.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using triaged::fuzz::require;

void check_answer(const triaged::chat::Conversation& conversation) {
  triaged::api::ReplyContext context;
  context.dialect = triaged::chat::Dialect::openai_responses;
  context.conversation = &conversation;
  const auto writer = triaged::api::make_responses_writer(context);
  std::string out;
  writer->write_to(out);
  triaged::chat::Delta call;
  call.kind = triaged::chat::DeltaKind::tool_call;
  if (!conversation.tools.empty()) call.name = conversation.tools.front().name;
  writer->take(call);
  writer->whole();
  triaged::JsonReader reader(out, 1024);  // deeper than the body: its values stand inside of ours
  reader.skip();
  require(reader.at_end(), "an answer is JSON");
  require(out.find('\n') == std::string::npos, "on one line");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  std::size_t at = 0;
  for (const auto& range : triaged::provider::thoughts_of_others(body)) {
    require(at <= range.begin && range.begin < range.end && range.end <= size, "cuts are in order, inside the body");
    at = range.end;
  }
  static triaged::api::Decoder decoder;
  const auto request = decoder.decode(triaged::chat::Dialect::openai_responses, body);
  if (!request) {
    const triaged::Error error = request.error();
    require(error.status == 400 && !error.detail.empty(), "a refusal says why");
    return 0;
  }
  require(request->conversation != nullptr, "all of it was read");
  for (const auto& ranges : {request->model_values, request->models_members}) {
    for (const auto& range : ranges) require(range.begin < range.end && range.end <= size, "ranges");
  }
  static_cast<void>(triaged::api::needs_state(*request->conversation));
  check_answer(*request->conversation);
  return 0;
}
