#include "provider/openai/openai.hpp"
#include "support/golden/files.hpp"
#include "support/golden/steps.hpp"
#include "unit/provider/openai_fixture.hpp"
#include "unit/provider/reading.hpp"

#include <gtest/gtest.h>

namespace triaged::provider {
namespace {

using triaged::test::golden_names;
using triaged::test::golden_text;
using triaged::test::Json;
using triaged::test::pretty;
using triaged::test::Steps;

Json steps_of_answer(const std::string& body) {
  Steps log;
  const Result<void> read = make_openai_chat_reader()->whole(body, log);
  EXPECT_TRUE(read) << read.error().detail;
  return log.list;
}

Json steps_of_stream(const std::string& bytes, std::size_t cut) {
  return test::steps_of_stream(make_openai_chat_reader(), bytes, cut);
}

// Every file of the folder has its steps beside it.
void check_folder(const std::string& folder, const std::string& ending, std::size_t least, auto steps_of) {
  const auto names = golden_names(folder, ending);
  EXPECT_GE(names.size(), least);
  for (const std::string& name : names) {
    EXPECT_EQ(pretty(steps_of(golden_text(folder, name + ending))), golden_text(folder, name + ".steps.json")) << name;
  }
}

Json steps_however_cut(const std::string& bytes) {
  Json whole = steps_of_stream(bytes, 0);
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) EXPECT_EQ(steps_of_stream(bytes, cut), whole) << cut;
  return whole;
}

TEST(OpenAiChatReader, ReadsEveryGoldenAnswer) { check_folder("openai_chat/answers", ".json", 10, steps_of_answer); }

TEST(OpenAiChatReader, ReadsEveryGoldenStreamHoweverItIsCut) {
  check_folder("openai_chat/streams", ".sse", 10, steps_however_cut);
}

TEST(OpenAiChatReader, ReadsTheCompletionsBeforeChat) {
  check_folder("completions/answers", ".json", 1, steps_of_answer);
  check_folder("completions/streams", ".sse", 1, steps_however_cut);
}

TEST(OpenAiChatReader, TellsTheUsageThatTheCodecTells) {
  const config::Provider settings = test::provider_settings();
  const auto provider = make_provider(settings);
  for (const std::string& name : golden_names("openai_chat/answers", ".steps.json")) {
    const std::string body = golden_text("openai_chat/answers", name + ".json");
    const auto answer = provider->codec(chat::Dialect::openai_chat).decode_answer(body);
    ASSERT_TRUE(answer) << name;
    Json usage;
    for (const Json& step : steps_of_answer(body)) usage = step.contains("usage") ? step["usage"] : usage;
    EXPECT_EQ(usage, answer->usage ? triaged::test::to_json(*answer->usage) : Json()) << name;
  }
}

TEST(OpenAiChatReader, TakesCallsApartByTheirIdsWhereAllHaveOneIndex) {
  const std::string body =
      R"({"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}},)"
      R"({"index":0,"id":"b","function":{"name":"g","arguments":"{}"}}]}}]})";
  std::vector<std::string> names;
  for (const Json& step : steps_of_answer(body)) {
    if (step["kind"] == "tool_call") names.push_back(step["name"]);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"f", "g"}));
}

TEST(OpenAiChatReader, RefusesWhatIsNoAnswer) {
  for (const std::string_view body : {"", "null", "[]", "{", R"({"choices":[)", "{} x", "{\"a\":\"\xff\"}"}) {
    Steps log;
    const auto read = make_openai_chat_reader()->whole(body, log);
    ASSERT_FALSE(read) << body;
    EXPECT_EQ(read.error().kind, ErrorKind::protocol);
  }
}

}  // namespace
}  // namespace triaged::provider
