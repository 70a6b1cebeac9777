// The golden files of the dialects that are never passed on as they come: tests/data/NAME/{requests,answers,streams}.
#include "triaged/wire/event_stream.hpp"
#include "triaged/wire/sse.hpp"

#include "provider/bedrock/bedrock.hpp"
#include "provider/gemini/gemini.hpp"
#include "unit/provider/conversation_fixture.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace triaged::provider {
namespace {

using nlohmann::json;
using test::names_in;
using test::text_of_file;

struct Bedrock {
  using Events = wire::EventStreamReader;
  static constexpr const char* name = "bedrock";
  static constexpr const char* stream_files = ".bin";
  static auto make_reader() { return make_bedrock_reader(); }
  static auto write(const chat::Conversation& out, const config::Target& target) { return write_bedrock(out, target); }
};

struct Gemini {
  using Events = wire::SseReader;
  static constexpr const char* name = "gemini";
  static constexpr const char* stream_files = ".sse";
  static auto make_reader() { return make_gemini_reader(); }
  static auto write(const chat::Conversation& out, const config::Target& target) { return write_gemini(out, target); }
};

template <class Dialect>
class Golden : public testing::Test {
 protected:
  static std::filesystem::path data(const char* folder) { return test::dialect_data(Dialect::name, folder); }
  static std::vector<std::string> names(const char* folder) { return names_in(data(folder), ".expected.json"); }
  static json expectation(const char* folder, const std::string& name) {
    return json::parse(text_of_file(data(folder) / (name + ".expected.json")));
  }

  static json steps_of(std::string_view bytes, std::size_t cut) {
    const auto reader = Dialect::make_reader();
    test::Steps steps;
    typename Dialect::Events events;
    for (const std::string_view piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
      EXPECT_TRUE(events.put(piece));
      while (const auto event = events.next()) EXPECT_TRUE(reader->event(event->event, event->data, steps));
    }
    EXPECT_FALSE(events.has_partial());
    return steps.list;
  }
};

struct DialectNames {
  template <class Dialect>
  static std::string GetName(int) {  // NOLINT(readability-identifier-naming): GoogleTest calls it so
    return Dialect::name;
  }
};
using Dialects = testing::Types<Bedrock, Gemini>;
TYPED_TEST_SUITE(Golden, Dialects, DialectNames);

TYPED_TEST(Golden, WritesEveryRequest) {
  const auto names = this->names("requests");
  ASSERT_GE(names.size(), 30U);
  for (const std::string& name : names) {
    const json source = json::parse(text_of_file(this->data("requests") / (name + ".json")));
    const test::ConversationOf conversation(source);
    config::Target target;
    target.model = source.at("model");

    const auto written = TypeParam::write(conversation.out, target);

    ASSERT_TRUE(json::accept(written.body)) << name << '\n' << written.body;
    const json given{{"body", json::parse(written.body)}, {"dropped", written.dropped}};
    EXPECT_EQ(given, this->expectation("requests", name)) << name << '\n' << given.dump(1);
  }
}

TYPED_TEST(Golden, ReadsEveryAnswer) {
  const auto names = this->names("answers");
  ASSERT_GE(names.size(), 9U);
  for (const std::string& name : names) {
    const auto reader = TypeParam::make_reader();
    test::Steps steps;
    ASSERT_TRUE(reader->whole(text_of_file(this->data("answers") / (name + ".json")), steps)) << name;
    EXPECT_EQ(steps.list, this->expectation("answers", name)) << name << '\n' << steps.list.dump();
  }
}

TYPED_TEST(Golden, ReadsEveryStreamHoweverItIsCut) {
  const auto names = this->names("streams");
  ASSERT_GE(names.size(), 8U);
  for (const std::string& name : names) {
    const std::string bytes = text_of_file(this->data("streams") / (name + TypeParam::stream_files));
    const json expected = this->expectation("streams", name);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
      const json given = this->steps_of(bytes, cut);
      ASSERT_EQ(given, expected) << name << " cut at " << cut << '\n' << given.dump();
    }
  }
}

}  // namespace
}  // namespace triaged::provider
