#include "api/dialects.hpp"

#include "api/anthropic/anthropic.hpp"
#include "api/openai/completions.hpp"
#include "api/openai/embeddings.hpp"
#include "api/openai/openai_chat_conversation.hpp"
#include "api/openai/openai_chat_writer.hpp"
#include "api/responses/responses_conversation.hpp"
#include "api/responses/responses_writer.hpp"

#include <algorithm>
#include <array>

namespace triaged::api {
namespace {

constexpr std::array<DialectParts, 5> dialects{{
    {chat::Dialect::openai_chat, read_openai_chat, make_openai_chat_writer, openai_error_body},
    {chat::Dialect::openai_completions, read_completions, make_completions_writer, openai_error_body},
    {chat::Dialect::openai_responses, read_responses, make_responses_writer, openai_error_body},
    {chat::Dialect::openai_embeddings, read_embeddings, nullptr, openai_error_body},
    {chat::Dialect::anthropic, read_anthropic, make_anthropic_writer, anthropic_error_body},
}};

}  // namespace

const DialectParts& parts_of(chat::Dialect dialect) {
  const auto* const found = std::find_if(dialects.begin(), dialects.end(),
                                         [dialect](const DialectParts& parts) { return parts.dialect == dialect; });
  return found == dialects.end() ? dialects.front() : *found;
}

}  // namespace triaged::api
