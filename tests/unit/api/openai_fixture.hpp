// What the tests of the two dialects of OpenAI's completions share.
#pragma once

#include "triaged/api/codec.hpp"

#include "api/dialects.hpp"
#include "support/golden/conversation.hpp"
#include "support/golden/files.hpp"
#include "support/golden/steps.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace triaged::api::test {

using triaged::test::golden_json;
using triaged::test::golden_names;
using triaged::test::golden_text;
using triaged::test::Json;
using triaged::test::pretty;

inline chat::Conversation read(chat::Dialect dialect, const std::string& body) {
  Result<chat::Conversation> conversation = parts_of(dialect).read(body);
  EXPECT_TRUE(conversation) << conversation.error().detail << " " << conversation.error().param;
  return conversation ? std::move(*conversation) : chat::Conversation();
}

// Each event of a stream as JSON; a string for what is none.
inline Json chat_events_of(std::string_view stream) {
  Json events = Json::array();
  while (!stream.empty()) {
    const std::size_t end = stream.find("\n\n");
    const std::string event(stream.substr(0, end));
    EXPECT_TRUE(event.starts_with("data: ")) << event;
    EXPECT_NE(end, std::string_view::npos);
    Json value = Json::parse(event.substr(6), nullptr, false);
    events.push_back(value.is_discarded() ? Json(event.substr(6)) : std::move(value));
    stream.remove_prefix(end == std::string_view::npos ? stream.size() : end + 2);
  }
  return events;
}

// What a golden file's steps come to, as a stream or whole.
inline std::string reply_to(const Json& from, chat::Dialect dialect, bool stream) {
  chat::Conversation conversation;
  ReplyContext context;
  context.dialect = dialect;
  context.stream = stream;
  context.include_usage = from.value("include_usage", false);
  context.id = "req-1";
  context.created = 1700000000;
  if (from.contains("conversation")) conversation = triaged::test::conversation_of(from["conversation"]);
  context.conversation = &conversation;
  const auto writer = parts_of(dialect).make_writer(context);
  if (from.value("annotation", false)) writer->annotate({R"({"first":1})", R"({"last":1})"});
  std::string out;
  writer->write_to(out);
  triaged::test::give_steps(from.at("steps"), *writer);
  if (stream) {
    writer->end();
  } else {
    writer->whole();
  }
  return out;
}

}  // namespace triaged::api::test
