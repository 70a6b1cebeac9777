// Chat completions through the daemon when all goes well: what reaches the upstream, and what reaches the client.
#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <vector>

namespace triaged::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Chat : public SharedSite<Chat> {
 public:
  static std::unique_ptr<TwoTiers> make_site() { return std::make_unique<TwoTiers>(); }
};

TEST_F(Chat, AWholeAnswerArrivesByteForByte) {
  const std::string odd =
      "{ \"choices\" :[{\"message\":{\"content\":\"hi\"},\"new_field\":1.50e+2}],\n"
      "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1} , \"later\":null }";
  low().then(
      [&odd](Exchange& exchange) { exchange.answer(200, odd, "x-request-id: from-upstream\r\nset-cookie: a=b\r\n"); });

  const Response answer = ask(chat("auto"));

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, odd);
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  EXPECT_EQ(answer.header("x-request-id"), "from-upstream");
  EXPECT_FALSE(answer.has_header("set-cookie"));
}

TEST_F(Chat, AnAnswerSaysWhoGaveItAndWhy) {
  low().then(answers("From nine to five.", {1000, 100}));

  const Response answer = ask(chat("auto"));

  EXPECT_THAT(answer.header("x-triaged-id"), StartsWith("req_"));
  EXPECT_EQ(answer.header("x-triaged-tier"), "light");
  EXPECT_EQ(answer.header("x-triaged-model"), "low/small");
  EXPECT_EQ(answer.header("x-triaged-task"), "qa");
  EXPECT_THAT(answer.header("x-triaged-complexity"), StartsWith("0."));
  EXPECT_THAT(answer.header("x-triaged-reason"), HasSubstr("light"));
  EXPECT_EQ(answer.header("x-triaged-attempts"), "1");
  EXPECT_EQ(answer.header("x-triaged-config").size(), 12U);
  EXPECT_EQ(answer.header("x-triaged-cost-usd"), "0.001200000");
  EXPECT_EQ(answer.header("x-triaged-saved-usd"), "0.010800000");
}

TEST_F(Chat, EverythingButTheModelReachesTheUpstreamUntouched) {
  low().always(answers("hi"));
  const std::string before = "{ \"zeta\" : 1.0, \"temperature\":1e-1,\"seed\":12345678901234567890123,\n\t\"model\" : ";
  const std::string after =
      ",\"messages\":[{\"role\":\"user\",\"content\":\"h\\u00e9 \xC3\xA9\\/\"}], \"alpha\":{\"b\":[],\"a\":-0.0},"
      "\"tools\" : null, \"nobody_knows\":[true , {\"x\":\"\\ud83d\"}] }";

  const Response answer = ask(post(chat_path, before + "\"low/small\"" + after));

  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(low().last().body, before + "\"small\"" + after);
}

TEST_F(Chat, TheUpstreamGetsItsOwnKeyAndNothingOfTheClients) {
  low().always(answers("hi"));

  ask(post(chat_path, chat_request("low/small"),
           "Authorization: Bearer sk-of-client\r\nCookie: a=b\r\nTE: trailers\r\nConnection: x-secret\r\n"
           "X-Secret: 1\r\nTraceparent: 00-1\r\nOpenAI-Organization: org\r\n"));

  const SeenRequest seen = low().last();
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/v1/chat/completions");
  EXPECT_EQ(seen.header("host"), "127.0.0.1:" + std::to_string(low().port()));
  EXPECT_EQ(seen.header("authorization"), "Bearer sk-of-low");
  EXPECT_EQ(seen.header("content-length"), std::to_string(seen.body.size()));
  EXPECT_EQ(seen.header("traceparent"), "00-1");
  for (const char* name : {"cookie", "te", "x-secret", "openai-organization", "connection", "transfer-encoding"}) {
    EXPECT_EQ(seen.header(name), "") << name;
  }
}

TEST_F(Chat, AStreamArrivesPieceByPiece) {
  Signal first_seen;
  low().then([&first_seen](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(role_chunk());
    exchange.event(text_chunk("Good"));
    first_seen.wait();  // what follows is sent only once the client has the first piece
    exchange.event(text_chunk(" day"));
    exchange.event(finish_chunk());
    exchange.event(usage_chunk());
    exchange.end_stream();
  });
  Client client = site().client();
  client.send(streamed_chat("auto"));

  const Response head = client.begin();
  const auto role = client.next_event();
  const auto first = client.next_event();
  first_seen.set();
  const std::vector<std::string> rest = client.rest();

  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("content-type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(head.header("x-triaged-model"), "low/small");
  EXPECT_EQ(head.header("x-triaged-attempts"), "1");
  EXPECT_FALSE(head.has_header("x-triaged-cost-usd"));
  EXPECT_EQ(role, role_chunk());
  EXPECT_EQ(first, text_chunk("Good"));
  EXPECT_EQ(rest, (std::vector<std::string>{text_chunk(" day"), finish_chunk(), "[DONE]"}));
  EXPECT_TRUE(client.whole());
}

TEST_F(Chat, UsageIsAskedOfTheUpstreamAndKeptFromAClientThatDidNotAsk) {
  low().always(answers("hi"));
  Client client = site().client();

  client.send(streamed_chat("low/small"));
  client.begin();
  const std::vector<std::string> plain = client.rest();
  const auto asked = nlohmann::json::parse(low().last().body);
  client.send(post(chat_path, stream_request("low/small", easy, R"(,"stream_options":{"include_usage":true})")));
  client.begin();
  const std::vector<std::string> with_usage = client.rest();

  EXPECT_EQ(asked["stream_options"]["include_usage"], true);
  EXPECT_THAT(plain, testing::Each(Not(HasSubstr("usage"))));
  EXPECT_THAT(with_usage, testing::Contains(usage_chunk()));
}

TEST_F(Chat, AWholeAnswerIsExplainedInItsBodyWhenAskedFor) {
  low().then(answers("hi", {1000, 100}));

  const Response answer = ask(chat("auto", easy, "x-triaged-explain: body\r\n"));

  const nlohmann::json body = answer.json();
  EXPECT_EQ(body["choices"][0]["message"]["content"], "hi");
  const nlohmann::json& told = body["triaged"];
  EXPECT_EQ(told["id"], answer.header("x-triaged-id"));
  EXPECT_EQ(told["answered_by"]["model"], "low/small");
  EXPECT_EQ(told["cost_usd"], 0.0012);
  ASSERT_EQ(told["attempts"].size(), 1U);
  EXPECT_EQ(told["attempts"][0]["outcome"], "answered");
  EXPECT_TRUE(told["decision"].is_object());
  EXPECT_EQ(low().last().header("x-triaged-explain"), "");
}

TEST_F(Chat, AStreamIsExplainedOnItsFirstChunkAndBeforeItsEnd) {
  low().then(answers("hi", {1000, 100}));
  Client client = site().client();
  client.send(streamed_chat("auto", easy, "x-triaged-explain: body\r\n"));
  client.begin();

  const std::vector<std::string> events = client.rest();

  ASSERT_GE(events.size(), 4U);
  const auto first = nlohmann::json::parse(events.front());
  const auto last = nlohmann::json::parse(events[events.size() - 2]);
  EXPECT_EQ(first["triaged"]["answered_by"]["tier"], "light");
  EXPECT_FALSE(first["triaged"].contains("cost_usd"));
  EXPECT_EQ(last["triaged"]["cost_usd"], 0.0012);
  EXPECT_EQ(last["id"], "chatcmpl-1");
  EXPECT_TRUE(last["choices"].empty());
  EXPECT_EQ(events.back(), "[DONE]");
  EXPECT_EQ(text_of(events), "hi");
}

struct ModelForm {
  const char* name;
  std::string model;
  std::string_view prompt;
  std::string answered_by;
  std::string saved;  // of 1000 tokens in and 100 out
};

std::ostream& operator<<(std::ostream& out, const ModelForm& row) { return out << row.name; }

class ModelForms : public SharedSite<ModelForms>, public testing::WithParamInterface<ModelForm> {
 public:
  static std::unique_ptr<TwoTiers> make_site() { return std::make_unique<TwoTiers>(); }
};

TEST_P(ModelForms, LeadToTheModelTheyMean) {
  low().always(answers("small says", {1000, 100}));
  high().always(answers("large says", {1000, 100}));

  const Response answer = ask(chat(GetParam().model, GetParam().prompt));

  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.header("x-triaged-model"), GetParam().answered_by);
  EXPECT_EQ(answer.header("x-triaged-saved-usd"), GetParam().saved);
}

INSTANTIATE_TEST_SUITE_P(All, ModelForms,
                         testing::Values(ModelForm{"auto_easy", "auto", easy, "low/small", "0.010800000"},
                                         ModelForm{"auto_hard", "auto", hard, "high/large", "0.000000000"},
                                         ModelForm{"tier", "tier:strong", easy, "high/large", "0.000000000"},
                                         ModelForm{"target", "high/large", easy, "high/large", "0.000000000"},
                                         ModelForm{"bare_name", "small", hard, "low/small", "0.010800000"},
                                         ModelForm{"intercepted_easy", "gpt-4o", easy, "low/small", ""},
                                         ModelForm{"intercepted_hard", "gpt-4o", hard, "high/large", ""}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(Chat, AListOfModelsIsTriedInOrderAndNotSentOn) {
  low().always(answers("small"));
  high().then(fails(500));

  const Response answer = ask(post(chat_path, chat_request("auto", easy, R"(,"models":["high/large","low/small"])")));

  EXPECT_EQ(answer.header("x-triaged-model"), "low/small");
  EXPECT_EQ(answer.header("x-triaged-attempts"), "2");
  EXPECT_EQ(high().count(), 1U);
  EXPECT_FALSE(nlohmann::json::parse(low().last().body).contains("models"));
}

TEST_F(Chat, ManyRequestsShareAConnectionOnBothSides) {
  low().always(answers("hi"));
  Client client = site().client();
  ASSERT_EQ(client.ask(chat("low/small")).status, 200);
  const std::size_t connections = low().connections();

  for (int i = 0; i < 5; ++i) ASSERT_EQ(client.ask(chat("low/small")).status, 200);

  EXPECT_EQ(low().connections(), connections);
}

TEST_F(Chat, PipelinedRequestsAreAnsweredInTheirOrder) {
  low().then(answers("one"));
  low().then(answers("two"));
  Client client = site().client();

  client.send(chat("low/small") + get("/v1/models") + chat("low/small"));

  EXPECT_EQ(text_of(client.read().body), "one");
  EXPECT_EQ(client.read().json()["object"], "list");
  EXPECT_EQ(text_of(client.read().body), "two");
}

TEST_F(Chat, AnOldClientGetsAStreamThatEndsWithTheConnection) {
  low().then(answers("good day"));
  Client client = site().client();
  std::string request = streamed_chat("low/small");
  request.replace(request.find("HTTP/1.1"), 8, "HTTP/1.0");
  client.send(request);

  const Response head = client.begin();
  const std::vector<std::string> events = client.rest();

  EXPECT_FALSE(head.has_header("transfer-encoding"));
  EXPECT_EQ(text_of(events), "good day");
  EXPECT_EQ(events.back(), "[DONE]");
}

TEST_F(Chat, AClientThatAsksFirstIsToldToContinue) {
  low().then(answers("hi"));
  Client client = site().client();
  const std::string request = post(chat_path, chat_request("low/small"), "Expect: 100-continue\r\n");
  const std::size_t body = request.find("\r\n\r\n") + 4;
  client.send(request.substr(0, body));

  const Received interim = client.socket().receive();
  client.send(request.substr(body));

  EXPECT_EQ(interim.bytes, "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(client.read().status, 200);
}

TEST_F(Chat, ModelsAreListedAndShownByTheirName) {
  const Response list = ask(get("/v1/models"));
  const Response one = ask(get("/v1/models/low/small"));
  const Response escaped = ask(get("/v1/models/tier%3Alight"));
  const Response none = ask(get("/v1/models/low%2Fsmal"));

  std::vector<std::string> names;
  const nlohmann::json listed = list.json();
  for (const auto& model : listed["data"]) names.push_back(model["id"]);
  EXPECT_EQ(names,
            (std::vector<std::string>{"auto", "tier:light", "tier:strong", "gpt-4o", "low/small", "high/large"}));
  EXPECT_EQ(one.json()["id"], "low/small");
  EXPECT_EQ(one.json()["owned_by"], "low");
  EXPECT_EQ(escaped.json()["id"], "tier:light");
  EXPECT_EQ(none.status, 404);
  EXPECT_EQ(none.error()["code"], "model_not_found");
  EXPECT_THAT(none.error()["message"].get<std::string>(), HasSubstr("low/smal"));
}

TEST_F(Chat, ModelsAreListedInAnthropicsShapeForItsClients) {
  const std::string version = "anthropic-version: 2023-06-01\r\n";
  const Response list = ask(get("/v1/models?limit=20", version));
  const Response one = ask(get("/v1/models/low/small", version));
  const Response none = ask(get("/v1/models/low/smal", version));

  EXPECT_EQ(list.json()["first_id"], "auto");
  EXPECT_EQ(list.json()["last_id"], "high/large");
  EXPECT_EQ(one.json()["type"], "model");
  EXPECT_EQ(one.json()["id"], "low/small");
  EXPECT_EQ(none.status, 404);
  EXPECT_EQ(none.json()["error"]["type"], "not_found_error");
}

TEST_F(Chat, RouteTellsTheDecisionAndAsksNobody) {
  const Response told = ask(post("/v1/route", chat_request("auto", hard)));

  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(told.json()["tier"], "strong");
  EXPECT_EQ(told.json()["candidates"][0]["model"], "high/large");
  EXPECT_EQ(low().count() + high().count(), 0U);
}

TEST_F(Chat, RouteTakesTheDialectOfThePathBehindIt) {
  const std::string prompt(hard);
  const std::string messages =
      R"({"model":"auto","max_tokens":100,"messages":[{"role":"user","content":")" + prompt + "\"}]}";
  const std::string responses = R"({"model":"auto","input":")" + prompt + "\"}";
  const std::pair<const char*, std::string> rows[] = {{"/v1/route/messages", messages},
                                                      {"/route/responses", responses}};
  for (const auto& [path, body] : rows) {
    const Response told = ask(post(path, body));
    EXPECT_EQ(told.status, 200) << told.body;
    EXPECT_EQ(told.json()["tier"], "strong") << path;
  }
  const Response other = ask(post("/v1/route/messages", responses));
  EXPECT_EQ(other.status, 400);
  EXPECT_EQ(other.json()["type"], "error") << "in the dialect's own form";
  EXPECT_EQ(ask(post("/v1/route/models", responses)).status, 404);
  EXPECT_EQ(low().count() + high().count(), 0U);
}

struct Refusal {
  const char* name;
  std::string request;
  int status;
  std::string code;
  std::string param;
};

std::ostream& operator<<(std::ostream& out, const Refusal& row) { return out << row.name; }

class Refusals : public SharedSite<Refusals>, public testing::WithParamInterface<Refusal> {
 public:
  static std::unique_ptr<TwoTiers> make_site() {
    return std::make_unique<TwoTiers>("", [](DaemonSetup& setup) { setup.server = "api_keys: [secret-of-client]"; });
  }
};

TEST_P(Refusals, HaveOpenAisShapeAndLeaveTheConnectionUsable) {
  low().always(answers("hi"));
  Client client = site().client();

  const Response refused = client.ask(GetParam().request);
  const Response next = client.ask(chat("low/small", easy, "Authorization: Bearer secret-of-client\r\n"));

  EXPECT_EQ(refused.status, GetParam().status) << refused.body;
  EXPECT_TRUE(refused.whole);
  const nlohmann::json error = refused.error();
  EXPECT_EQ(error["code"], GetParam().code);
  EXPECT_EQ(error["type"], "invalid_request_error");
  EXPECT_FALSE(error["message"].get<std::string>().empty());
  if (GetParam().param.empty())
    EXPECT_TRUE(error["param"].is_null()) << error;
  else
    EXPECT_EQ(error["param"], GetParam().param);
  EXPECT_THAT(refused.header("x-triaged-id"), StartsWith("req_"));
  EXPECT_EQ(next.status, 200) << next.body;
}

constexpr std::string_view good_key = "Authorization: Bearer secret-of-client\r\n";

INSTANTIATE_TEST_SUITE_P(
    All, Refusals,
    testing::Values(Refusal{"no_key", chat("auto"), 401, "invalid_api_key", ""},
                    Refusal{"wrong_key", chat("auto", easy, "Authorization: Bearer secret-of-clienu\r\n"), 401,
                            "invalid_api_key", ""},
                    Refusal{"unknown_path", post("/v1/chat/completion", "{}", good_key), 404, "unknown_url", ""},
                    Refusal{"wrong_method", get(chat_path, good_key), 405, "method_not_allowed", ""},
                    Refusal{"posted_models", post("/v1/models", "{}", good_key), 405, "method_not_allowed", ""},
                    Refusal{"no_json", post(chat_path, "{\"model\":", good_key), 400, "invalid_json", ""},
                    Refusal{"empty_body", post(chat_path, "", good_key), 400, "invalid_json", ""},
                    Refusal{"no_messages", post(chat_path, R"({"model":"auto"})", good_key), 400,
                            "missing_required_parameter", "messages"},
                    Refusal{"messages_of_a_wrong_type",
                            post(chat_path, R"({"model":"auto","messages":"hi"})", good_key), 400, "invalid_type",
                            "messages"},
                    Refusal{"unknown_model", chat("gpt-9", easy, good_key), 404, "model_not_found", "model"},
                    Refusal{"unknown_tier", chat("tier:lihgt", easy, good_key), 404, "model_not_found", "model"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_F(Refusals, DoNotRepeatTheKeyThatWasSent) {
  const Response refused = ask(chat("auto", easy, "Authorization: Bearer guessed-secret\r\n"));

  EXPECT_EQ(refused.status, 401);
  EXPECT_THAT(refused.body, Not(HasSubstr("guessed-secret")));
  ASSERT_TRUE(
      eventually([&] { return site().daemon.access_log().find(refused.header("x-triaged-id")) != std::string::npos; }));
  EXPECT_THAT(site().daemon.access_log(), Not(HasSubstr("guessed-secret")));
}

}  // namespace
}  // namespace triaged::test
