#include "provider/openai/openai_profiles.hpp"

#include "triaged/chat/conversation.hpp"

#include "unit/provider/openai_fixture.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace triaged::provider {
namespace {

using config::Profile;
using test::joined;
using test::provider_settings;
using test::request_of;
using test::target_of;

struct Sent {
  std::string body;
  std::vector<std::string> dropped;
};

Result<Outgoing> build(Profile profile, const std::string& model, std::string_view body, config::OnUnsupported policy) {
  config::Provider settings = provider_settings();
  settings.profile = profile;
  settings.on_unsupported = policy;
  chat::Request request = request_of(body);
  JsonReader reader(body);
  JsonString key;
  reader.enter_object();
  while (reader.next_member(key)) {
    const auto value = reader.string_or_skip();
    if (key.equals("reasoning_effort") && value) request.reasoning_effort = value->raw;
  }
  const wire::Headers none;
  const config::Target target = target_of(model);
  return make_provider(settings)->build({request, body, none, target, 0, WallTime()});
}

Sent send(Profile profile, const std::string& model, std::string_view body) {
  const Result<Outgoing> outgoing = build(profile, model, body, config::OnUnsupported::drop);
  EXPECT_TRUE(outgoing);
  const std::string body_sent = joined(*outgoing);
  JsonReader sent(body_sent);
  sent.skip();
  EXPECT_TRUE(sent.at_end()) << body_sent;
  EXPECT_EQ(joined(*outgoing).size(), outgoing->body_bytes);
  return {joined(*outgoing), outgoing->dropped};
}

struct Row {
  Profile profile;
  std::string model;
  std::string_view body;
  std::string_view sent;
  std::vector<std::string> dropped;
};

TEST(OpenAiProfiles, BringBodiesThatPassIntoLine) {
  const std::vector<Row> rows{
      {Profile::openai,
       "gpt-5-mini",
       R"({"model":"a","temperature":0.2,"top_p":1.0,"max_tokens":5,"messages":[]})",
       R"({"model":"gpt-5-mini","max_completion_tokens":5,"messages":[]})",
       {"temperature"}},
      {Profile::openai,
       "o3",
       R"({"stop":["a"], "messages":[] ,"parallel_tool_calls":false,"model":"a"})",
       R"({ "messages":[] ,"model":"o3"})",
       {"stop", "parallel_tool_calls"}},
      {Profile::openai,
       "gpt-5",
       R"({"model":"a","max_tokens":5,"max_completion_tokens":6,"messages":[]})",
       R"({"model":"gpt-5","max_completion_tokens":6,"messages":[]})",
       {}},
      {Profile::openai,
       "gpt-5.2",
       R"({"model":"a","temperature":0.2,"messages":[]})",
       R"({"model":"gpt-5.2","temperature":0.2,"messages":[]})",
       {}},
      {Profile::openai,
       "gpt-5.2",
       R"({"model":"a","temperature":0.2,"reasoning_effort":"high","messages":[]})",
       R"({"model":"gpt-5.2","reasoning_effort":"high","messages":[]})",
       {"temperature"}},
      {Profile::openai,
       "gpt-5-chat-latest",
       R"({"model":"a","temperature":0.2,"messages":[]})",
       R"({"model":"gpt-5-chat-latest","temperature":0.2,"messages":[]})",
       {}},
      {Profile::mistral,
       "m",
       R"({"models":["x"],"seed":1,"stream":true,"store":false,"user":"u","logit_bias":{},"messages":[{"role":"user","name":"n","content":"name"},{"refusal":null,"role":"assistant","content":"b"}],"model":"a"})",
       R"({"random_seed":1,"stream":true,"messages":[{"role":"user","content":"name"},{"role":"assistant","content":"b"}],"model":"m"})",
       {"user", "messages[0].name"}},
      {Profile::mistral,
       "m",
       R"({"stream_options":{"include_usage":true},"models":[],"model":"a","messages":[],"max_completion_tokens":1})",
       R"({"model":"m","messages":[],"max_tokens":1})",
       {}},
      {Profile::deepseek,
       "d",
       R"({"model":"a","response_format":{"json_schema":{},"type":"json_schema"},"reasoning_effort":"none","prompt_cache_key":"k","seed":4,"messages":[]})",
       R"({"model":"d","response_format":{"type":"json_object"},"thinking":{"type":"disabled"},"messages":[]})",
       {"response_format", "seed"}},
      {Profile::groq,
       "g",
       R"({"model":"a","logprobs":false,"n":1,"logit_bias":{"1":2},"messages":[{"name":"n","role":"user"}]})",
       R"({"model":"g","messages":[{"role":"user"}]})",
       {"logit_bias", "messages[0].name"}},
      {Profile::xai,
       "grok-4",
       R"({"model":"a","stop":"x","reasoning_effort":"low","presence_penalty":0,"messages":[]})",
       R"({"model":"grok-4","messages":[]})",
       {"stop", "reasoning_effort"}},
      {Profile::xai,
       "grok-4.3",
       R"({"model":"a","reasoning_effort":"xhigh","messages":[]})",
       R"({"model":"grok-4.3","reasoning_effort":"high","messages":[]})",
       {}},
      {Profile::ollama,
       "l",
       R"({"model":"a","max_completion_tokens":5,"n":2,"messages":[]})",
       R"({"model":"l","max_tokens":5,"messages":[]})",
       {"n"}},
  };
  for (const Row& row : rows) {
    const Sent sent = send(row.profile, row.model, row.body);
    EXPECT_EQ(sent.body, row.sent) << row.body;
    EXPECT_EQ(std::set<std::string>(sent.dropped.begin(), sent.dropped.end()),
              std::set<std::string>(row.dropped.begin(), row.dropped.end()))
        << row.body;
  }
}

// They come along where another maker's model had a share in the conversation.
TEST(OpenAiProfiles, CutThoughtsOfOthersFromMessages) {
  constexpr std::string_view body =
      R"({"model":"a","messages":[{"role":"assistant","reasoning_content":"t","content":"c","reasoning_details":[{"a":1}]}]})";
  for (const Profile profile : {Profile::openai, Profile::azure, Profile::groq}) {
    const Sent sent = send(profile, "m", body);
    EXPECT_EQ(sent.body, R"({"model":"m","messages":[{"role":"assistant","content":"c"}]})") << config::name(profile);
    EXPECT_TRUE(sent.dropped.empty());
  }
  // However the name is written.
  const Sent escaped = send(Profile::openai, "gpt-4.1",
                            R"({"model":"a","messages":[{"role":"assistant","reasoning\u005fcontent":"t"}]})");
  EXPECT_EQ(escaped.body, R"({"model":"gpt-4.1","messages":[{"role":"assistant"}]})");
}

TEST(OpenAiProfiles, LeaveBodiesAloneThatHoldNothingOfTheirs) {
  constexpr std::string_view body =
      R"({ "x":1e400, "model":"m" ,"big":123456789012345678901234567890,"x":"\ud83d","messages":[{"role":"user","content":"a"}] })";
  for (const Profile profile : {Profile::generic, Profile::openai, Profile::azure, Profile::deepseek, Profile::groq,
                                Profile::xai, Profile::openrouter, Profile::vllm, Profile::ollama, Profile::llamacpp}) {
    EXPECT_EQ(send(profile, "m", body).body, body) << config::name(profile);
    EXPECT_TRUE(send(profile, "m", body).dropped.empty());
  }
}

// Any members in any order leave valid JSON with exactly what is kept.
TEST(OpenAiProfiles, CutMembersWhereverTheyStand) {
  const std::vector<std::string> members{R"("models":[1])", R"("seed":1)",      R"("store":true)",
                                         R"("user":"u")",   R"("messages":[])", R"("model":"a")"};
  std::vector<std::size_t> order{0, 1, 2, 3, 4, 5};
  do {
    std::string body = "{";
    for (const std::size_t i : order) body.append(body.size() == 1 ? "" : " , ").append(members[i]);
    body += "}";
    const auto sent = nlohmann::json::parse(send(Profile::mistral, "m", body).body, nullptr, false);
    ASSERT_EQ(sent, (nlohmann::json{{"random_seed", 1}, {"messages", nlohmann::json::array()}, {"model", "m"}}))
        << body;
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(OpenAiProfiles, RefuseWhatTheyCannotTellWhereThatIsWanted) {
  constexpr std::string_view body = R"({"model":"a","seed":1,"messages":[]})";
  const auto refused = build(Profile::deepseek, "d", body, config::OnUnsupported::refuse);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
  EXPECT_EQ(refused.error().param, "seed");
  EXPECT_TRUE(build(Profile::openai, "gpt-4.1", body, config::OnUnsupported::refuse));
}

TEST(OpenAiProfiles, KnowWhichModelsThink) {
  for (const std::string_view model :
       {"o1", "o3-mini", "o4-mini-2025-04-16", "gpt-5", "gpt-5.1", "gpt-5-nano", "openai/gpt-5", "ft:o3-mini:org"}) {
    EXPECT_TRUE(is_openai_reasoning(model)) << model;
  }
  for (const std::string_view model :
       {"gpt-4o", "gpt-4.1", "gpt-5-chat-latest", "omni-moderation", "openai", "o", ""}) {
    EXPECT_FALSE(is_openai_reasoning(model)) << model;
  }
}

TEST(OpenAiProvider, SpeaksCompletionsWhereTheProviderDoes) {
  config::Provider settings = provider_settings();
  settings.native = {"completions"};
  const auto provider = make_provider(settings);
  constexpr std::string_view body = R"({"model":"a","prompt":["x","y"],"best_of":2})";
  chat::Request request = request_of(body);
  request.dialect = chat::Dialect::openai_completions;
  chat::Conversation conversation;
  conversation.native_only = "Several prompts.";
  request.conversation = std::make_shared<const chat::Conversation>(conversation);
  const wire::Headers none;
  const config::Target target = target_of("m");

  const auto outgoing = provider->build({request, body, none, target, 0, WallTime()});

  ASSERT_TRUE(outgoing);
  EXPECT_TRUE(outgoing->head.starts_with("POST /v1/completions HTTP/1.1\r\n")) << outgoing->head;
  EXPECT_EQ(joined(*outgoing), R"({"model":"m","prompt":["x","y"],"best_of":2})");
  EXPECT_EQ(provider->codec(chat::Dialect::openai_completions).dialect(), chat::Dialect::openai_completions);
  EXPECT_EQ(provider->codec(chat::Dialect::anthropic).dialect(), chat::Dialect::openai_chat);

  const config::Provider chat_only = provider_settings();
  const auto refused = make_provider(chat_only)->build({request, body, none, target, 0, WallTime()});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().detail, "Several prompts.");
  EXPECT_EQ(refused.error().status, 400);
}

}  // namespace
}  // namespace triaged::provider
