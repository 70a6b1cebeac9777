#include "provider/anthropic/anthropic.hpp"
#include "support/golden/files.hpp"
#include "unit/provider/reading.hpp"

#include <gtest/gtest.h>

namespace triaged::provider {
namespace {

using triaged::test::golden_json;
using triaged::test::golden_names;
using triaged::test::golden_text;
using triaged::test::Json;
using triaged::test::pretty;
using triaged::test::Steps;

const std::string answers = "anthropic/answers";
const std::string streams = "anthropic/streams";

TEST(AnthropicReader, ReadsEveryGoldenStream) {
  const auto names = golden_names(streams, ".sse");
  ASSERT_GE(names.size(), 10U);
  for (const std::string& name : names) {
    const std::string bytes = golden_text(streams, name + ".sse");
    EXPECT_EQ(pretty(test::steps_of_stream(make_anthropic_reader(), bytes, 0)),
              golden_text(streams, name + ".steps.json"))
        << name;
  }
}

// The steps of a stream as one text: there are as many streams to compare as bytes.
class Flat final : public chat::DeltaSink {
 public:
  void take(const chat::Delta& delta) override {
    text.push_back(static_cast<char>('a' + static_cast<int>(delta.kind)));
    text.append(std::to_string(delta.part)).append(delta.text.raw).append(delta.id.raw).append(delta.name.raw);
    text.append(delta.json).append(chat::name(delta.finish));
    if (delta.usage) text.append(std::to_string(delta.usage->total()));
    text.push_back('\n');
  }
  std::string text;
};

std::string flat_steps(std::string_view bytes, std::size_t cut) {
  Flat flat;
  test::read_stream(make_anthropic_reader(), bytes, cut, flat);
  return flat.text;
}

TEST(AnthropicReader, ReadsAStreamTheSameWhereverItIsCut) {
  for (const std::string& name : golden_names(streams, ".sse")) {
    const std::string bytes = golden_text(streams, name + ".sse");
    const std::string whole = flat_steps(bytes, 0);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
      ASSERT_EQ(flat_steps(bytes, cut), whole) << name << " cut at " << cut;
    }
  }
}

TEST(AnthropicReader, ReadsEveryGoldenAnswer) {
  const auto names = golden_names(answers, ".steps.json");
  ASSERT_GE(names.size(), 7U);
  for (const std::string& name : names) {
    Steps steps;
    ASSERT_TRUE(make_anthropic_reader()->whole(golden_text(answers, name + ".json"), steps)) << name;
    EXPECT_EQ(pretty(steps.list), golden_text(answers, name + ".steps.json")) << name;
  }
}

// Input, both kinds of cache writes, cache reads and output are what Anthropic bills; thoughts are output.
TEST(AnthropicReader, GivesUsageWhoseClassesSumToTheProvidersTotal) {
  for (const std::string& name : golden_names(answers, ".steps.json")) {
    const Json answer = golden_json(answers, name + ".json");
    if (!answer.contains("usage")) continue;
    const Json& told = answer["usage"];
    Steps steps;
    ASSERT_TRUE(make_anthropic_reader()->whole(answer.dump(), steps));
    const chat::Usage usage = triaged::test::usage_of(steps.list.back().at("usage"));
    EXPECT_EQ(usage.total_output(), told["output_tokens"].get<std::int64_t>()) << name;
    EXPECT_EQ(usage.total_input(), told["input_tokens"].get<std::int64_t>() +
                                       told["cache_creation_input_tokens"].get<std::int64_t>() +
                                       told["cache_read_input_tokens"].get<std::int64_t>())
        << name;
  }
}

TEST(AnthropicReader, NeverGivesAClassBelowZero) {
  for (const char* const figures :
       {R"({"input_tokens":-5,"output_tokens":-1})", R"({"input_tokens":1e300,"output_tokens":9223372036854775807})",
        R"({"input_tokens":1,"output_tokens":1,"output_tokens_details":{"thinking_tokens":9}})",
        R"({"input_tokens":1,"output_tokens":1,"cache_creation":{"ephemeral_1h_input_tokens":9}})",
        R"({"input_tokens":"1","output_tokens":null})", R"([])", R"("x")"}) {
    Steps steps;
    const std::string body = R"({"content":[],"stop_reason":"end_turn","usage":)" + std::string(figures) + "}";
    ASSERT_TRUE(make_anthropic_reader()->whole(body, steps)) << figures;
    if (!steps.list.back().contains("usage")) continue;
    for (const auto& [name, count] : steps.list.back()["usage"].items()) {
      EXPECT_TRUE(!count.is_number() || count.get<std::int64_t>() > 0) << figures << name;
    }
  }
}

TEST(AnthropicReader, RefusesWhatIsNoMessage) {
  for (const char* const body :
       {"", "[]", "{", "{}", R"({"content":"x"})", R"({"content":[]} x)", "{\"content\":[\"\xff\"]}"}) {
    Steps steps;
    const Result<void> read = make_anthropic_reader()->whole(body, steps);
    ASSERT_FALSE(read) << body;
    EXPECT_EQ(read.error().kind, ErrorKind::protocol) << body;
  }
  for (const char* const event :
       {"[]", "{",
        R"({"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{"}})"}) {
    Steps steps;
    EXPECT_FALSE(make_anthropic_reader()->event("", event, steps)) << event;
  }
}

TEST(AnthropicReader, SurvivesMembersOfOddTypes) {
  for (const char* const event :
       {R"({"type":"message_start","message":[1]})", R"({"type":"message_start"})", R"({"type":5})",
        R"({"type":"content_block_start","index":"x","content_block":null})", R"({"type":"content_block_delta"})",
        R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":7}})",
        R"({"type":"message_delta","delta":"x","usage":[]})", R"({"type":"error","error":"x"})",
        R"({"type":"content_block_stop","index":99999999999999999999})"}) {
    Steps steps;
    EXPECT_TRUE(make_anthropic_reader()->event("", event, steps)) << event;
  }
}

}  // namespace
}  // namespace triaged::provider
