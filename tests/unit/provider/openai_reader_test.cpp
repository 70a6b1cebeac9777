#include "triaged/wire/sse.hpp"

#include "provider/openai/openai.hpp"
#include "support/conversation_json.hpp"
#include "unit/provider/openai_fixture.hpp"

#include <gtest/gtest.h>

namespace triaged::provider {
namespace {

using nlohmann::json;
using test::golden;
using test::read_file;
using triaged::test::DeltaLog;

std::filesystem::path completions(std::string_view folder) {
  return std::filesystem::path(TRIAGED_TEST_DATA) / "completions" / folder;
}

json steps_of_answer(const std::string& body) {
  DeltaLog log;
  const Result<void> read = make_openai_chat_reader()->whole(body, log);
  EXPECT_TRUE(read) << read.error().detail;
  return log.steps;
}

// `cut`: the stream arrives in two pieces, divided there.
json steps_of_stream(const std::string& bytes, std::size_t cut) {
  wire::SseReader sse;
  DeltaLog log;
  const auto reader = make_openai_chat_reader();
  for (const std::string_view piece : {std::string_view(bytes).substr(0, cut), std::string_view(bytes).substr(cut)}) {
    EXPECT_TRUE(sse.put(piece));
    while (const auto event = sse.next()) {
      const Result<void> read = reader->event(event->event, event->data, log);
      EXPECT_TRUE(read) << read.error().detail;
    }
  }
  return log.steps;
}

// Every file of the folder has its steps beside it.
template <class Steps>
void check_folder(const std::filesystem::path& folder, std::string_view ending, std::size_t least, Steps steps_of) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string file = entry.path().filename().string();
    if (!file.ends_with(ending) || file.ends_with(".expected.json") || file.ends_with(".steps.json")) continue;
    ++count;
    const json steps = steps_of(read_file(entry.path()));
    const std::string name = file.substr(0, file.size() - ending.size());
    EXPECT_EQ(steps, json::parse(read_file(folder / (name + ".steps.json")))) << file << "\n" << steps.dump();
  }
  EXPECT_GE(count, least);
}

TEST(OpenAiChatReader, ReadsEveryGoldenAnswer) { check_folder(golden("answers"), ".json", 10, steps_of_answer); }

TEST(OpenAiChatReader, ReadsEveryGoldenStreamHoweverItIsCut) {
  check_folder(golden("streams"), ".sse", 10, [](const std::string& bytes) {
    const json whole = steps_of_stream(bytes, 0);
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) EXPECT_EQ(steps_of_stream(bytes, cut), whole) << cut;
    return whole;
  });
}

TEST(OpenAiChatReader, ReadsTheCompletionsBeforeChat) {
  check_folder(completions("answers"), ".json", 1, steps_of_answer);
  check_folder(completions("streams"), ".sse", 1, [](const std::string& bytes) {
    const json whole = steps_of_stream(bytes, 0);
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) EXPECT_EQ(steps_of_stream(bytes, cut), whole) << cut;
    return whole;
  });
}

TEST(OpenAiChatReader, TellsTheUsageThatTheCodecTells) {
  const config::Provider settings = test::provider_settings();
  const auto provider = make_provider(settings);
  for (const std::string& name : test::golden_names("answers", ".steps.json")) {
    const std::string body = read_file(golden("answers") / (name + ".json"));
    const auto answer = provider->codec(chat::Dialect::openai_chat).decode_answer(body);
    ASSERT_TRUE(answer) << name;
    json usage;
    for (const json& step : steps_of_answer(body)) usage = step.contains("usage") ? step["usage"] : usage;
    EXPECT_EQ(usage, answer->usage ? triaged::test::to_json(*answer->usage) : json()) << name;
  }
}

TEST(OpenAiChatReader, TakesCallsApartByTheirIdsWhereAllHaveOneIndex) {
  const std::string body =
      R"({"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}},)"
      R"({"index":0,"id":"b","function":{"name":"g","arguments":"{}"}}]}}]})";
  std::vector<std::string> names;
  for (const json& step : steps_of_answer(body)) {
    if (step["kind"] == "tool_call") names.push_back(step["name"]);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"f", "g"}));
}

TEST(OpenAiChatReader, RefusesWhatIsNoAnswer) {
  for (const std::string_view body : {"", "null", "[]", "{", R"({"choices":[)", "{} x", "{\"a\":\"\xff\"}"}) {
    DeltaLog log;
    const auto read = make_openai_chat_reader()->whole(body, log);
    ASSERT_FALSE(read) << body;
    EXPECT_EQ(read.error().kind, ErrorKind::protocol);
  }
}

}  // namespace
}  // namespace triaged::provider
