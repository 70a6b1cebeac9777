#include "triaged/wire/event_stream.hpp"

#include "provider/bedrock/bedrock.hpp"
#include "unit/provider/conversation_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace triaged::provider {
namespace {

using nlohmann::json;
using test::dialect_data;
using test::names_in;
using test::text_of_file;

json expectation(const std::string& folder, const std::string& name) {
  return json::parse(text_of_file(dialect_data("bedrock", folder) / (name + ".expected.json")));
}

json steps_of(std::string_view bytes, std::size_t cut) {
  const auto reader = make_bedrock_reader();
  test::Steps steps;
  wire::EventStreamReader events;
  for (const std::string_view piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
    EXPECT_TRUE(events.put(piece));
    while (const auto event = events.next()) EXPECT_TRUE(reader->event(event->event, event->data, steps));
  }
  EXPECT_FALSE(events.has_partial());
  return steps.list;
}

TEST(BedrockGolden, WritesEveryRequest) {
  const auto names = names_in(dialect_data("bedrock", "requests"), ".expected.json");
  ASSERT_GE(names.size(), 30U);
  for (const std::string& name : names) {
    const json source = json::parse(text_of_file(dialect_data("bedrock", "requests") / (name + ".json")));
    const test::ConversationOf conversation(source);
    config::Target target;
    target.model = source.at("model");

    const BedrockRequest written = write_bedrock(conversation.out, target);

    ASSERT_TRUE(json::accept(written.body)) << name << '\n' << written.body;
    const json given{{"body", json::parse(written.body)}, {"dropped", written.dropped}};
    EXPECT_EQ(given, expectation("requests", name)) << name << '\n' << given.dump(1);
  }
}

TEST(BedrockGolden, ReadsEveryAnswer) {
  const auto names = names_in(dialect_data("bedrock", "answers"), ".expected.json");
  ASSERT_GE(names.size(), 9U);
  for (const std::string& name : names) {
    const auto reader = make_bedrock_reader();
    test::Steps steps;
    ASSERT_TRUE(reader->whole(text_of_file(dialect_data("bedrock", "answers") / (name + ".json")), steps)) << name;
    EXPECT_EQ(steps.list, expectation("answers", name)) << name << '\n' << steps.list.dump();
  }
}

TEST(BedrockGolden, ReadsEveryStreamHoweverItIsCut) {
  const auto names = names_in(dialect_data("bedrock", "streams"), ".expected.json");
  ASSERT_GE(names.size(), 8U);
  for (const std::string& name : names) {
    const std::string bytes = text_of_file(dialect_data("bedrock", "streams") / (name + ".bin"));
    const json expected = expectation("streams", name);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
      const json given = steps_of(bytes, cut);
      ASSERT_EQ(given, expected) << name << " cut at " << cut << '\n' << given.dump();
    }
  }
}

}  // namespace
}  // namespace triaged::provider
