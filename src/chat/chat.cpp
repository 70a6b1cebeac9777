#include "triaged/chat/event.hpp"
#include "triaged/chat/request.hpp"
#include "triaged/chat/usage.hpp"

#include <cmath>

namespace triaged::chat {

std::string_view name(Certainty certainty) {
  switch (certainty) {
    case Certainty::exact: return "exact";
    case Certainty::estimated: return "estimated";
    case Certainty::unknown: return "unknown";
  }
  return "unknown";
}

std::string_view name(Dialect dialect) {
  switch (dialect) {
    case Dialect::openai_chat: return "openai_chat";
    case Dialect::openai_completions: return "openai_completions";
    case Dialect::openai_responses: return "openai_responses";
    case Dialect::openai_embeddings: return "openai_embeddings";
    case Dialect::anthropic: return "anthropic";
    case Dialect::gemini: return "gemini";
    case Dialect::bedrock: return "bedrock";
  }
  return "openai_chat";
}

std::string_view name(Role role) {
  switch (role) {
    case Role::system: return "system";
    case Role::user: return "user";
    case Role::assistant: return "assistant";
    case Role::tool: return "tool";
  }
  return "user";
}

std::string_view name(Finish finish) {
  switch (finish) {
    case Finish::none: return "";
    case Finish::stop: return "stop";
    case Finish::length: return "length";
    case Finish::tool_calls: return "tool_calls";
    case Finish::content_filter: return "content_filter";
    case Finish::other: return "other";
  }
  return "";
}

std::uint32_t Request::images() const {
  std::uint32_t sum = 0;
  for (const Message& message : messages) sum += message.images;
  return sum;
}

std::uint32_t Request::audios() const {
  std::uint32_t sum = 0;
  for (const Message& message : messages) sum += message.audios;
  return sum;
}

std::uint32_t Request::files() const {
  std::uint32_t sum = 0;
  for (const Message& message : messages) sum += message.files;
  return sum;
}

std::size_t Request::text_bytes() const {
  std::size_t sum = 0;
  for (const Message& message : messages) sum += message.text.size();
  return sum;
}

std::optional<double> AnswerDetail::confidence() const {
  if (logprob_tokens == 0) return std::nullopt;
  return std::exp(logprob_sum / logprob_tokens);
}

}  // namespace triaged::chat
