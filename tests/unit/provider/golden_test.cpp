// The golden files of the dialects that are never passed on as they come: tests/data/NAME/{requests,answers,streams}.
// A request states the Conversation and the model that it is written for.
#include "triaged/wire/event_stream.hpp"
#include "triaged/wire/sse.hpp"

#include "provider/bedrock/bedrock.hpp"
#include "provider/gemini/gemini.hpp"
#include "support/golden/conversation.hpp"
#include "support/golden/files.hpp"
#include "support/golden/steps.hpp"
#include "unit/provider/reading.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace triaged::provider {
namespace {

using nlohmann::json;
using triaged::test::conversation_of;
using triaged::test::golden_json;
using triaged::test::golden_names;
using triaged::test::golden_text;
using triaged::test::Json;
using triaged::test::pretty;
using triaged::test::Steps;

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
  static std::string data(const char* folder) { return std::string(Dialect::name) + "/" + folder; }

  static Json steps_of(std::string_view bytes, std::size_t cut) {
    return test::steps_of_stream<typename Dialect::Events>(Dialect::make_reader(), bytes, cut);
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
  const std::string folder = this->data("requests");
  const auto names = golden_names(folder, ".json");
  ASSERT_GE(names.size(), 30U);
  for (const std::string& name : names) {
    const Json source = golden_json(folder, name + ".json");
    config::Target target;
    target.model = source.at("target");

    const auto written = TypeParam::write(conversation_of(source.at("conversation")), target);

    ASSERT_TRUE(json::accept(written.body)) << name << '\n' << written.body;
    const json given{{"body", json::parse(written.body)}, {"dropped", written.dropped}};
    EXPECT_EQ(given, json::parse(golden_text(folder, name + ".expected.json"))) << name << '\n' << given.dump(1);
  }
}

TYPED_TEST(Golden, ReadsEveryAnswer) {
  const std::string folder = this->data("answers");
  const auto names = golden_names(folder, ".json");
  ASSERT_GE(names.size(), 9U);
  for (const std::string& name : names) {
    const auto reader = TypeParam::make_reader();
    Steps steps;
    ASSERT_TRUE(reader->whole(golden_text(folder, name + ".json"), steps)) << name;
    EXPECT_EQ(pretty(steps.list), golden_text(folder, name + ".steps.json")) << name;
  }
}

TYPED_TEST(Golden, ReadsEveryStreamHoweverItIsCut) {
  const std::string folder = this->data("streams");
  const auto names = golden_names(folder, TypeParam::stream_files);
  ASSERT_GE(names.size(), 8U);
  for (const std::string& name : names) {
    const std::string bytes = golden_text(folder, name + TypeParam::stream_files);
    const Json expected = golden_json(folder, name + ".steps.json");
    EXPECT_EQ(pretty(this->steps_of(bytes, 0)), golden_text(folder, name + ".steps.json")) << name;
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
      const Json given = this->steps_of(bytes, cut);
      ASSERT_EQ(given, expected) << name << " cut at " << cut << '\n' << pretty(given);
    }
  }
}

}  // namespace
}  // namespace triaged::provider
