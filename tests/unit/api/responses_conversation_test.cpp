#include "api/responses/needs_state.hpp"
#include "support/golden/conversation.hpp"
#include "unit/api/responses_fixture.hpp"

#include <gtest/gtest.h>

#include <tuple>

namespace triaged::api {
namespace {

using test::golden_names;
using test::golden_text;

const std::string folder = "responses/requests";

TEST(ResponsesConversation, ReadsEveryGoldenRequest) {
  const auto names = golden_names(folder, ".json");
  ASSERT_GE(names.size(), 14U);
  for (const std::string& name : names) {
    const std::string body = golden_text(folder, name + ".json");
    const Result<chat::Conversation> conversation = read_responses(body);
    ASSERT_TRUE(conversation) << name << ": " << conversation.error().detail;
    const std::string seen = triaged::test::pretty(triaged::test::to_json(*conversation));
    EXPECT_EQ(seen, golden_text(folder, name + ".conversation.json")) << name;
  }
}

TEST(ResponsesConversation, NamesTheMemberThatIsAtFault) {
  using Case = std::tuple<std::string, std::string, std::string>;
  const std::vector<Case> cases{
      {R"({"model":"m"})", "input", "missing_required_parameter"},
      {R"({"input":null})", "input", "missing_required_parameter"},
      {R"({"input":7})", "input", "invalid_type"},
      {R"({"input":[7]})", "input[0]", "invalid_type"},
      {R"({"input":[{"content":"x"}]})", "input[0].type", "missing_required_parameter"},
      {R"({"input":[{"type":"message","content":"x"}]})", "input[0].role", "missing_required_parameter"},
      {R"({"input":[{"role":"robot","content":"x"}]})", "input[0].role", "invalid_value"},
      {R"({"input":[{"role":"user"}]})", "input[0].content", "missing_required_parameter"},
      {R"({"input":[{"role":"user","content":5}]})", "input[0].content", "invalid_type"},
      {R"({"input":[{"role":"user","content":[{"text":"x"}]}]})", "input[0].content[0].type",
       "missing_required_parameter"},
      {R"({"input":[{"role":"user","content":[{"type":"input_text"}]}]})", "input[0].content[0].text",
       "missing_required_parameter"},
      {R"({"input":[{"role":"user","content":[{"type":"input_image"}]}]})", "input[0].content[0].image_url",
       "missing_required_parameter"},
      {R"({"input":[{"role":"user","content":[{"type":"input_file","filename":"a"}]}]})",
       "input[0].content[0].file_data", "missing_required_parameter"},
      {R"({"input":[{"type":"function_call","name":"f","arguments":"{}"}]})", "input[0].call_id",
       "missing_required_parameter"},
      {R"({"input":[{"type":"function_call","call_id":"c","arguments":"{}"}]})", "input[0].name",
       "missing_required_parameter"},
      {R"({"input":[{"type":"function_call_output","call_id":"c"}]})", "input[0].output", "missing_required_parameter"},
      {R"({"input":[{"type":"custom_tool_call","call_id":"c","name":"f"}]})", "input[0].input",
       "missing_required_parameter"},
      {R"({"input":"x","tools":[{"name":"f"}]})", "tools[0].type", "missing_required_parameter"},
      {R"({"input":"x","tools":[{"type":"function"}]})", "tools[0].name", "missing_required_parameter"},
      {R"({"input":"x","tool_choice":"maybe"})", "tool_choice", "invalid_value"},
      {R"({"input":"x","tool_choice":{"type":"function"}})", "tool_choice.name", "missing_required_parameter"},
      {R"({"input":"x","text":{"format":{"type":"xml"}}})", "text.format.type", "invalid_value"},
      {R"({"input":"x","text":{"format":{"type":"json_schema","name":"a"}}})", "text.format.schema",
       "missing_required_parameter"},
      {R"({"input":"x","max_output_tokens":0})", "max_output_tokens", "integer_below_min_value"},
      {R"({"input":"x","max_output_tokens":1.5})", "max_output_tokens", "invalid_value"},
      {R"({"input":"x","temperature":"hot"})", "temperature", "invalid_type"},
      {R"({"input":"x","reasoning":{"effort":1}})", "reasoning.effort", "invalid_type"},
      {R"({"input":"x","stream":"yes"})", "stream", "invalid_type"},
      {R"({"input":"x","include":"all"})", "include", "invalid_type"},
      {R"({"input":"x","background":true})", "background", "unsupported_parameter"},
      {R"([])", "", "invalid_type"}};
  for (const auto& [body, param, code] : cases) {
    const Result<chat::Conversation> read = read_responses(body);
    ASSERT_FALSE(read) << body;
    EXPECT_EQ(read.error().status, 400) << body;
    EXPECT_EQ(read.error().param, param) << body;
    EXPECT_EQ(read.error().code, code) << body;
    EXPECT_FALSE(read.error().detail.empty()) << body;
  }
}

TEST(ResponsesConversation, RefusesABodyThatIsCutAnywhere) {
  const std::string body = golden_text(folder, "coding_agent.json");
  const std::string_view whole = std::string_view(body).substr(0, body.find_last_of('}') + 1);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Result<chat::Conversation> read = read_responses(whole.substr(0, size));
    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().code, "invalid_json") << size;
  }
}

TEST(ResponsesConversation, TellsRoutingWhatItHolds) {
  const std::string body = golden_text(folder, "coding_agent.json");
  const Result<chat::Request> request = Decoder().decode(chat::Dialect::openai_responses, body);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->model, "gpt-5-codex");
  EXPECT_TRUE(request->stream);
  EXPECT_TRUE(request->include_usage);
  EXPECT_EQ(request->tools, 4U);
  EXPECT_EQ(request->session, "0199a2b4-1c5b-7d11-8e1c-6f8a1f2d3c4b");
  ASSERT_EQ(request->messages.size(), 8U);
  EXPECT_EQ(request->messages.front().role, chat::Role::system);
  EXPECT_EQ(request->messages[3].text, "Write hello.txt");
  ASSERT_EQ(request->model_values.size(), 1U);
  EXPECT_EQ(body.substr(request->model_values[0].begin, 13), R"("gpt-5-codex")");
}

TEST(NeedsState, SaysWhatOnlyTheKeeperOfTheStateUnderstands) {
  using Case = std::pair<std::string, std::string>;
  const std::vector<Case> cases{{R"({"input":"x","previous_response_id":"resp_1"})", "previous_response_id"},
                                {R"({"input":"x","conversation":{"id":"conv_1"}})", "conversation"},
                                {R"({"prompt":{"id":"pmpt_1"}})", "prompt"},
                                {R"({"input":[{"type":"item_reference","id":"msg_1"}]})", "input"},
                                {R"({"input":[{"type":"compaction","encrypted_content":"gA"}]})", "input"}};
  for (const auto& [body, param] : cases) {
    const Result<chat::Conversation> conversation = read_responses(body);
    ASSERT_TRUE(conversation) << body;
    const std::optional<Error> error = needs_state(*conversation);
    ASSERT_TRUE(error) << body;
    EXPECT_EQ(error->status, 400);
    EXPECT_EQ(error->param, param);
    EXPECT_NE(error->detail.find("pin one"), std::string::npos) << error->detail;
  }
  const std::string plain = R"({"input":"x","previous_response_id":null,"conversation":null})";
  EXPECT_FALSE(needs_state(*read_responses(plain)));
}

}  // namespace
}  // namespace triaged::api
