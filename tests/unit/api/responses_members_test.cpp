// Which members a response has, by what was asked.
#include "api/responses/responses_writer.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace triaged::api {
namespace {

nlohmann::json response_to(const chat::Conversation& conversation) {
  ReplyContext context;
  context.dialect = chat::Dialect::openai_responses;
  context.id = "req-7";
  context.conversation = &conversation;
  const auto writer = make_responses_writer(context);
  std::string out;
  writer->write_to(out);
  writer->whole();
  return nlohmann::json::parse(out);
}

// The published schema has no null for it.
TEST(ResponsesMembers, RepeatTheCacheKeyWhereThereWasOne) {
  chat::Conversation conversation;
  EXPECT_FALSE(response_to(conversation).contains("prompt_cache_key"));
  conversation.cache_key = conversation.keep("k");
  EXPECT_EQ(response_to(conversation)["prompt_cache_key"], "k");
}

}  // namespace
}  // namespace triaged::api
