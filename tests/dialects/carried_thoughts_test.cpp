// A client of another dialect in a loop of tool calls: what proves a thought of Claude or Gemini comes back to its
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
#include <tuple>
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

// How a client of a dialect goes on with a conversation.
struct Client {
  std::string_view name;
  Dialect dialect;
};
constexpr Client responses{"responses", Dialect::openai_responses};
constexpr Client chat_completions{"chat", Dialect::openai_chat};

class Turns {
 public:
  Turns(const Client& client, const Maker& maker, bool native = false)
      : client_(client),
        provider_(maker.dialect, maker.model, native ? config::Profile::openai : config::Profile::generic,
                  native ? std::vector<std::string>{"responses"} : std::vector<std::string>{}) {}

  // The body that the provider gets of a request with this history.
  json sent(const json& history) {
    json asked = {{"model", "auto"}};
    const json parameters{{"type", "object"}};
    if (client_.dialect == Dialect::openai_responses) {
      asked["reasoning"] = {{"effort", "medium"}, {"summary", "auto"}};
      asked["tools"] = {{{"type", "function"}, {"name", "f"}, {"parameters", parameters}}};
      asked["input"] = history;
    } else {
      asked["reasoning_effort"] = "medium";
      asked["tools"] = {{{"type", "function"}, {"function", {{"name", "f"}, {"parameters", parameters}}}}};
      asked["messages"] = history;
    }
    body_ = asked.dump();
    request_ = read_request(client_.dialect, body_);
    return json::parse(provider_.send(request_, body_).body);
  }

  // The answer as the client sees it.
  json answered(std::string_view body) const {
    api::ReplyContext context;
    context.dialect = client_.dialect;
    context.id = "req_1";
    context.conversation = request_.conversation.get();
    const std::unique_ptr<api::ReplyEncoder> encoder =
        api::make_encoder(context, provider_.codec(client_.dialect).make_reader());
    std::string out;
    const Result<void> written = encoder->answer(body, out);
    if (!written) throw std::runtime_error(written.error().detail);
    return json::parse(out);
  }

 private:
  Client client_;
  ProviderEnd provider_;
  std::string body_;
  chat::Request request_;
};

const json question = {{"role", "user"}, {"content", "Look it up"}};

// What the client sends when it has run the tool.
json next_history(const Client& client, const Maker& maker) {
  Turns turns(client, maker);
  json history = json::array({question});
  turns.sent(history);
  const json answer = turns.answered(maker.answer);
  if (client.dialect == Dialect::openai_chat) {
    const json& message = history.emplace_back(answer.at("choices").at(0).at("message"));
    const std::string call = message.at("tool_calls").at(0).at("id");
    history.push_back({{"role", "tool"}, {"tool_call_id", call}, {"content", "1"}});
    return history;
  }
  for (const json& item : answer.at("output")) history.push_back(item);
  const std::string call = history.back().at("call_id");
  history.push_back({{"type", "function_call_output"}, {"call_id", call}, {"output", "1"}});
  return history;
}

class CarriedThoughts : public testing::TestWithParam<std::tuple<Client, Maker>> {
 protected:
  const Client& client() const { return std::get<0>(GetParam()); }
  const Maker& maker() const { return std::get<1>(GetParam()); }
  // As it is, and as agents send it that leave out the ids of items.
  std::vector<json> histories() const {
    const json whole = next_history(client(), maker());
    if (client().dialect == Dialect::openai_chat) return {whole};
    json without = whole;
    for (json& item : without) item.erase("id");
    return {whole, without};
  }
};

TEST_P(CarriedThoughts, ComeBackToTheirMakerAsTheyWere) {
  for (const json& history : histories()) {
    EXPECT_THAT(Turns(client(), maker()).sent(history).dump(), HasSubstr(maker().thought));
  }
}

TEST_P(CarriedThoughts, AreSentToNoOtherMaker) {
  for (const Maker& other : {claude, claude_at_amazon, gemini, openai}) {
    const bool both_claude =
        other.model.find("claude") != std::string_view::npos && maker().model.find("claude") != std::string_view::npos;
    if (both_claude || other.name == maker().name) continue;
    // One that speaks the client's dialect itself gets the body as it is, but for these items.
    const bool native = other.name == openai.name;
    for (const json& history : histories()) {
      const json body = Turns(client(), other, native).sent(history);
      EXPECT_THAT(body.dump(), Not(HasSubstr("c2lnMQ"))) << other.name;
      EXPECT_THAT(body.dump(), Not(HasSubstr("ZW5j"))) << other.name;
      if (!native) continue;
      const json& kept = body.at(client().dialect == Dialect::openai_chat ? "messages" : "input");
      EXPECT_EQ(kept.size(), 3U) << body;
      EXPECT_THAT(kept.at(1).dump(), Not(HasSubstr("reasoning"))) << body;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Makers, CarriedThoughts,
                         testing::Combine(testing::Values(responses, chat_completions),
                                          testing::Values(claude, claude_at_amazon, gemini)),
                         [](const auto& each) {
                           return std::string(std::get<0>(each.param).name) + "_" +
                                  std::string(std::get<1>(each.param).name);
                         });

}  // namespace
}  // namespace triaged::dialects
