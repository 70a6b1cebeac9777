#include "api/openai/openai_usage_object.hpp"

namespace triaged::api {
namespace {

void append_count(std::string& out, const char* name, std::int64_t count) {
  out.append(name).append(std::to_string(count));
}

}  // namespace

void append_openai_usage(std::string& out, const chat::Usage& usage) {
  append_count(out, R"({"prompt_tokens":)", usage.total_input());
  append_count(out, R"(,"completion_tokens":)", usage.total_output());
  append_count(out, R"(,"total_tokens":)", usage.total());
  append_count(out, R"(,"prompt_tokens_details":{"cached_tokens":)", usage.cached_input);
  append_count(out, R"(,"audio_tokens":)", usage.audio_input);
  const std::int64_t written = usage.cache_write_5m + usage.cache_write_1h;
  if (written != 0) append_count(out, R"(,"cache_write_tokens":)", written);
  append_count(out, R"(},"completion_tokens_details":{"reasoning_tokens":)", usage.reasoning);
  append_count(out, R"(,"audio_tokens":)", usage.audio_output);
  out.append(R"(,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}})");
}

}  // namespace triaged::api
