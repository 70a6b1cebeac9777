// Any bytes as the body of a chat request or of a completion: what can be read can be written for every provider, and
// is JSON then.
#include "triaged/api/codec.hpp"
#include "triaged/base/json.hpp"

#include "fuzz/require.hpp"
#include "provider/openai/openai_write.hpp"

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace {

using triaged::config::Profile;
using triaged::fuzz::require;

void check(triaged::chat::Dialect dialect, std::string_view body) {
  const auto conversation = triaged::api::read_conversation(dialect, body);
  if (!conversation) {
    require(conversation.error().status == 400 && !conversation.error().detail.empty(), "a refusal says why");
    return;
  }
  for (const Profile profile : {Profile::generic, Profile::openai, Profile::mistral, Profile::deepseek, Profile::groq,
                                Profile::xai, Profile::openrouter, Profile::vllm, Profile::ollama}) {
    const auto written = triaged::provider::write_openai_chat(**conversation, "gpt-5", profile);
    triaged::JsonReader reader(written.body, 1024);
    reader.skip();
    require(reader.at_end(), "what is written is JSON");
    if ((*conversation)->turns.empty()) continue;
    const auto again = triaged::api::read_conversation(triaged::chat::Dialect::openai_chat, written.body);
    require(again.has_value() || again.error().code == "empty_array" || again.error().code == "invalid_json",
            "and can be read again");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  if (!simdjson::validate_utf8(body)) return 0;  // refused before
  check(triaged::chat::Dialect::openai_chat, body);
  check(triaged::chat::Dialect::openai_completions, body);
  return 0;
}
