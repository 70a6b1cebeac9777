// A client of the Responses API in a loop of tool calls: what proves a thought of Claude or Gemini comes back to its
// maker with the history that the client gives back, and to nobody else.
#include "triaged/api/codec.hpp"
#include "triaged/provider/provider.hpp"

#include "dialects/ends.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::dialects {
namespace {

using chat::Dialect;
using config::ProviderDialect;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

struct Maker {
  std::string_view name;
  ProviderDialect dialect;
  std::string_view model;
  std::string_view answer;   // a thought, a hidden thought where there is such a thing, a call
  std::string_view thought;  // as it has to stand in the next request
};

constexpr Maker claude{
    "claude", ProviderDialect::anthropic, "claude-sonnet-4-5",
    R"({"id":"msg_1","type":"message","role":"assistant","model":"m","stop_reason":"tool_use","content":[
{"type":"thinking","thinking":"Ask the \"tool\".","signature":"c2lnMQ=="},{"type":"redacted_thinking","data":"ZW5j"},
{"type":"thinking","thinking":"","signature":"c2lnMg=="},
{"type":"tool_use","id":"toolu_1","name":"f","input":{}}],"usage":{"input_tokens":1,"output_tokens":1}})",
    R"({"content":[{"signature":"c2lnMQ==","thinking":"Ask the \"tool\".","type":"thinking"},)"
    R"({"data":"ZW5j","type":"redacted_thinking"},{"signature":"c2lnMg==","thinking":"","type":"thinking"},)"
    R"({"id":"toolu_1","input":{},"name":"f","type":"tool_use"}],"role":"assistant"})"};

constexpr Maker claude_at_amazon{
    "claude_at_amazon", ProviderDialect::bedrock, "anthropic.claude-sonnet-4-5-20250929-v1:0",
    R"({"output":{"message":{"role":"assistant","content":[
{"reasoningContent":{"reasoningText":{"text":"Ask the tool.","signature":"c2lnMQ=="}}},
{"reasoningContent":{"redactedContent":"ZW5j"}},
{"toolUse":{"toolUseId":"tooluse_1","name":"f","input":{}}}]}},
"stopReason":"tool_use","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}})",
    R"({"content":[{"reasoningContent":{"reasoningText":{"signature":"c2lnMQ==","text":"Ask the tool."}}},)"
    R"({"reasoningContent":{"redactedContent":"ZW5j"}},)"
    R"({"toolUse":{"input":{},"name":"f","toolUseId":"tooluse_1"}}],"role":"assistant"})"};

constexpr Maker gemini{
    "gemini", ProviderDialect::gemini, "gemini-3-pro",
    R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Ask the tool.","thought":true},
{"functionCall":{"id":"g1","name":"f","args":{}},"thoughtSignature":"c2lnMQ=="}]},"finishReason":"STOP"}],
"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2}})",
    R"({"parts":[{"functionCall":{"args":{},"id":"g1","name":"f"},"thoughtSignature":"c2lnMQ=="}],"role":"model"})"};

constexpr Maker openai{"openai", ProviderDialect::openai, "gpt-5.4", "", ""};

class Turns {
 public:
  explicit Turns(const Maker& maker, bool native = false)
      : provider_(maker.dialect, maker.model, config::Profile::generic,
                  native ? std::vector<std::string>{"responses"} : std::vector<std::string>{}) {}

  // The body that the provider gets of a request with this input.
  json sent(const json& input) {
    const json asked = {{"model", "auto"},
                        {"reasoning", {{"effort", "medium"}, {"summary", "auto"}}},
                        {"tools", {{{"type", "function"}, {"name", "f"}, {"parameters", {{"type", "object"}}}}}},
                        {"input", input}};
    body_ = asked.dump();
    request_ = read_request(Dialect::openai_responses, body_);
    return json::parse(provider_.send(request_, body_).body);
  }

  // The answer as the client sees it.
  json answered(std::string_view body) const {
    api::ReplyContext context;
    context.dialect = Dialect::openai_responses;
    context.id = "req_1";
    context.conversation = request_.conversation.get();
    const std::unique_ptr<api::ReplyEncoder> encoder =
        api::make_encoder(context, provider_.codec(Dialect::openai_responses).make_reader());
    std::string out;
    const Result<void> written = encoder->answer(body, out);
    if (!written) throw std::runtime_error(written.error().detail);
    return json::parse(out);
  }

 private:
  ProviderEnd provider_;
  std::string body_;
  chat::Request request_;
};

const json question = {{"role", "user"}, {"content", "Look it up"}};

// What the client sends when it has run the tool.
json next_input(const Maker& maker) {
  Turns turns(maker);
  turns.sent(json::array({question}));
  json input = json::array({question});
  const json answer = turns.answered(maker.answer);
  for (const json& item : answer.at("output")) input.push_back(item);
  const std::string call = input.back().at("call_id");
  input.push_back({{"type", "function_call_output"}, {"call_id", call}, {"output", "1"}});
  return input;
}

class CarriedThoughts : public testing::TestWithParam<Maker> {};

TEST_P(CarriedThoughts, ComeBackToTheirMakerAsTheyWere) {
  const json next = Turns(GetParam()).sent(next_input(GetParam()));

  EXPECT_THAT(next.dump(), HasSubstr(GetParam().thought));
}

// Agents leave them out of what they send back.
TEST_P(CarriedThoughts, NeedNoIdOfTheirItem) {
  json input = next_input(GetParam());
  for (json& item : input) item.erase("id");

  EXPECT_THAT(Turns(GetParam()).sent(input).dump(), HasSubstr(GetParam().thought));
}

TEST_P(CarriedThoughts, AreSentToNoOtherMaker) {
  json with_ids = next_input(GetParam());
  json without = with_ids;
  for (json& item : without) item.erase("id");
  for (const Maker& other : {claude, claude_at_amazon, gemini, openai}) {
    const bool both_claude = other.model.find("claude") != std::string_view::npos &&
                             GetParam().model.find("claude") != std::string_view::npos;
    if (both_claude || other.name == GetParam().name) continue;
    for (const json& input : {with_ids, without}) {
      const std::string body = Turns(other).sent(input).dump();
      EXPECT_THAT(body, Not(HasSubstr("c2lnMQ"))) << other.name;
      EXPECT_THAT(body, Not(HasSubstr("ZW5j"))) << other.name;
    }
  }
  // One that speaks the dialect itself gets the body as it is, but for these items.
  for (const json& input : {with_ids, without}) {
    const json body = Turns(openai, true).sent(input);
    EXPECT_EQ(body.at("input").size(), 3U) << body;
    EXPECT_EQ(body.at("input").at(1).at("type"), "function_call");
  }
}

INSTANTIATE_TEST_SUITE_P(Makers, CarriedThoughts, testing::Values(claude, claude_at_amazon, gemini),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace triaged::dialects
