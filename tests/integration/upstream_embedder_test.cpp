// Routes by example with the vectors of a model at a provider: they decide, are remembered, booked and counted; while
// they are not there, late or of no use, the built-in embedder decides and the answer says so. Prices per million
// tokens: low/small 1 in, 2 out; vectors/embed 2 in.
#include "triaged/base/money.hpp"

#include "support/chat.hpp"
#include "support/client.hpp"
#include "support/daemon.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "support/upstream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace triaged::test {
namespace {

using testing::HasSubstr;

constexpr std::string_view order = "where is my order?";  // to the built-in embedder an order, to the model a contract
constexpr std::int64_t tokens_told = 100;

bool is_about_examples(const SeenRequest& request) {
  return request.body.find("where is my order?") == std::string::npos;
}

// By the model's lights; without a number for the texts it knows not.
std::vector<double> vector_of(const std::string& text) {
  if (text == "where is my order" || text == "has my parcel been sent") return {1, 0, 0.1};
  if (text == "review this contract") return {0, 2, 0};
  if (text == order) return {0, 0.9, 0.1};
  return {0, 0, 1};
}

std::string embeddings_body(const SeenRequest& request,
                            const std::function<std::vector<double>(const std::string&)>& of = vector_of) {
  nlohmann::json data = nlohmann::json::array();
  const nlohmann::json body = nlohmann::json::parse(request.body);
  for (const auto& text : body["input"]) {
    data.push_back({{"object", "embedding"}, {"index", data.size()}, {"embedding", of(text.get<std::string>())}});
  }
  return nlohmann::json{{"object", "list"},
                        {"data", data},
                        {"model", "told"},
                        {"usage", {{"prompt_tokens", tokens_told}, {"total_tokens", tokens_told}}}}
      .dump();
}

Script embeds() {
  return [](test::Exchange& exchange) { exchange.answer(200, embeddings_body(exchange.request())); };
}

// The examples have their vectors; about requests `script` answers.
Script examples_and(Script script) {
  return [script = std::move(script)](test::Exchange& exchange) {
    (is_about_examples(exchange.request()) ? embeds() : script)(exchange);
  };
}

struct EmbeddingSite {
  explicit EmbeddingSite(Script script, const std::string& upstream = "timeout: 15s",
                         const std::function<void(DaemonSetup&)>& change = nullptr)
      : daemon(setup(std::move(script), upstream, change)) {}

  Response ask(std::string_view request) const { return test::ask(daemon.api(), request); }
  nlohmann::json route(std::string_view prompt) const {
    return ask(post("/v1/route", chat_request("auto", prompt))).json();
  }
  // Waits until the examples have their vectors.
  void load() const {
    ASSERT_TRUE(eventually([this] { return route("anything else")["upstream_embedder"] != "loading"; }));
  }
  std::string calls(const std::string& about, const std::string& result) const {
    const std::string series = "\ntriaged_embedder_calls_total{about=\"" + about + "\",result=\"" + result + "\"} ";
    const std::string text = test::ask(daemon.admin(), get("/metrics")).body;
    const std::size_t at = text.find(series);
    if (at == std::string::npos) return "none";
    const std::size_t value = at + series.size();
    return text.substr(value, text.find('\n', value) - value);
  }
  std::size_t asked_about(std::string_view text) const {
    const std::string quoted = "\"" + std::string(text) + "\"";
    const std::vector<SeenRequest> seen = vectors.seen();
    return static_cast<std::size_t>(std::count_if(seen.begin(), seen.end(), [&](const SeenRequest& request) {
      return request.body.find(quoted) != std::string::npos;
    }));
  }

  Upstream low;
  Upstream high;
  Upstream vectors;
  Daemon daemon;

 private:
  DaemonSetup setup(Script script, const std::string& upstream, const std::function<void(DaemonSetup&)>& change) {
    low.always(answers("small says", {1000, 100}));
    high.always(answers("large says", {1000, 100}));
    vectors.always(std::move(script));
    DaemonSetup setup;
    setup.providers = {provider("low", low.port()), provider("high", high.port()), provider("vectors", vectors.port())};
    setup.tiers = {"{name: light, targets: [low/small]}", "{name: strong, targets: [high/large]}"};
    setup.prices =
        "date: 2026-01-01\nproviders:\n"
        "  low: {source: https://prices.test/low, models: {small: {input: 1, output: 2}}}\n"
        "  high: {source: https://prices.test/high, models: {large: {input: 10, output: 20}}}\n"
        "  vectors: {source: https://prices.test/vectors, models: {embed: {input: 2, output: 0}}}\n";
    setup.routing =
        "confidence: 0, strategies: [semantic, intent], table: [{tier: light}], semantic: {"
        "threshold: 0.7, embedder: vectors/embed, upstream: {model: vectors/embed, " +
        upstream +
        "}, "
        "routes: {orders: {tier: light, examples: [where is my order, has my parcel been sent]}, "
        "contracts: {tier: strong, examples: [review this contract]}}}";
    if (change) change(setup);
    return setup;
  }
};

class UpstreamEmbedder : public testing::Test {
 protected:
  void SetUp() override {
    site = std::make_unique<EmbeddingSite>(embeds());
    site->load();
  }
  std::unique_ptr<EmbeddingSite> site;
};

TEST_F(UpstreamEmbedder, DecidesWhereTheBuiltInOneWouldDecideOtherwise) {
  const Response answer = site->ask(chat("auto", order));

  EXPECT_EQ(text_of(answer.body), "large says");
  EXPECT_EQ(answer.header("x-triaged-tier"), "strong");
  EXPECT_THAT(answer.header("x-triaged-reason"), HasSubstr("near to route contracts (0.99 by vectors/embed)"));
  EXPECT_EQ(answer.header("x-triaged-attempts"), "1") << "attempts are those to answer";
  EXPECT_EQ(site->calls("request", "used"), "2") << "with the one that waited for the examples";
  EXPECT_EQ(site->calls("examples", "used"), "1");
}

TEST_F(UpstreamEmbedder, IsBookedUnderTheRequestAndCountsAgainstItsSavings) {
  const Response answer = site->ask(chat("auto", order));

  const std::vector<LedgerRow> rows = site->daemon.ledger().of(answer.header("x-triaged-id"));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].purpose, "embedder");
  EXPECT_EQ(rows[0].provider, "vectors");
  EXPECT_EQ(rows[0].model, "embed");
  EXPECT_EQ(rows[0].answered_model, "told");
  EXPECT_EQ(rows[0].tier, "embeddings");
  EXPECT_EQ(rows[0].outcome, "answered");
  EXPECT_EQ(rows[0].certainty, "exact");
  EXPECT_EQ(rows[0].input, tokens_told);
  EXPECT_EQ(rows[0].output, 0);
  EXPECT_EQ(rows[0].cost, tokens_told * 2'000);
  EXPECT_FALSE(rows[0].settled);
  EXPECT_EQ(rows[1].purpose, "answer");
  EXPECT_EQ(rows[1].attempt, 1);
  EXPECT_EQ(answer.header("x-triaged-cost-usd"), "0.012200000");
}

TEST_F(UpstreamEmbedder, IsBookedForItsExamplesToo) {
  std::vector<LedgerRow> rows;
  ASSERT_TRUE(eventually([&] { return !(rows = site->daemon.ledger().all()).empty(); }));
  EXPECT_EQ(rows[0].purpose, "embedder");
  EXPECT_EQ(rows[0].cost, tokens_told * 2'000);
  EXPECT_FALSE(rows[0].settled);
  const SeenRequest first = site->vectors.seen().at(0);
  EXPECT_EQ(first.target, "/v1/embeddings");
  EXPECT_EQ(nlohmann::json::parse(first.body)["input"],
            nlohmann::json({"where is my order", "has my parcel been sent", "review this contract"}));
}

TEST_F(UpstreamEmbedder, IsSentTheTaskAloneAndRemembersIt) {
  const std::string request =
      R"({"model":"auto","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":")" +
      std::string(order) + "\"}]}";
  ASSERT_EQ(site->ask(post(chat_path, request)).header("x-triaged-tier"), "strong");

  const nlohmann::json body = nlohmann::json::parse(site->vectors.last().body);
  EXPECT_EQ(body, nlohmann::json({{"model", "embed"}, {"input", {order}}}));
  const Response again = site->ask(chat("auto", order));
  EXPECT_EQ(again.header("x-triaged-tier"), "strong");
  EXPECT_EQ(site->asked_about(order), 1U);
  EXPECT_EQ(site->calls("request", "cached"), "1");
  EXPECT_EQ(site->daemon.ledger().of(again.header("x-triaged-id")).size(), 1U) << "nothing was asked, nothing booked";
}

TEST_F(UpstreamEmbedder, IsNotAskedWhereTheClientNamedTheModelOrTheTier) {
  for (const char* model : {"low/small", "tier:light"}) {
    EXPECT_EQ(site->ask(chat(model, order)).status, 200) << model;
  }
  EXPECT_EQ(site->asked_about(order), 0U);
}

TEST_F(UpstreamEmbedder, IsNoModelForClients) {
  EXPECT_EQ(site->ask(get("/v1/models")).body.find("vectors/embed"), std::string::npos);
  EXPECT_EQ(site->ask(post("/v1/embeddings", R"({"model":"vectors/embed","input":"a"})")).status, 404);
}

TEST_F(UpstreamEmbedder, IsShownByRouteWithTheNeighbours) {
  const nlohmann::json told = site->route(order);

  EXPECT_EQ(told["tier"], "strong");
  EXPECT_EQ(told["embedder"], "vectors/embed");
  EXPECT_EQ(told["upstream_embedder"], "used");
  ASSERT_EQ(told["routes"].size(), 2U);
  EXPECT_EQ(told["routes"][0]["name"], "contracts");
  EXPECT_EQ(told["routes"][0]["threshold"], 0.7);
  EXPECT_EQ(told["routes"][1]["name"], "orders");
}

TEST_F(UpstreamEmbedder, NeedNotTellItsVectorsAgainAfterAReload) {
  const std::size_t before = site->vectors.count();
  site->daemon.rewrite("threshold: 0.7", "threshold: 0.999");

  ASSERT_EQ(test::ask(site->daemon.admin(), post("/admin/reload", "")).status, 200);
  site->load();

  const Response answer = site->ask(chat("auto", order));
  EXPECT_THAT(answer.header("x-triaged-reason"), HasSubstr("near to no route by vectors/embed"));
  EXPECT_EQ(answer.header("x-triaged-tier"), "light");
  EXPECT_EQ(site->asked_about("review this contract"), 1U);
  EXPECT_LE(site->vectors.count(), before + 2) << "one for the new worker's memory, one for the order";
}

struct Useless {
  const char* name;
  Script script;
  std::string result;
  std::string booked;  // outcome/error/status of the row
};

std::ostream& operator<<(std::ostream& out, const Useless& row) { return out << row.name; }

Script tells(const std::string& embedding) {
  return [embedding](test::Exchange& exchange) {
    exchange.answer(200, R"({"data":[{"index":0,"embedding":)" + embedding +
                             R"(}],"model":"told","usage":{"prompt_tokens":5,"total_tokens":5}})");
  };
}

class UselessVector : public testing::TestWithParam<Useless> {};

TEST_P(UselessVector, LeavesTheRequestToTheBuiltInEmbedder) {
  EmbeddingSite site(examples_and(GetParam().script));
  site.load();

  const Response answer = site.ask(chat("auto", order));

  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.header("x-triaged-tier"), "light");
  EXPECT_THAT(answer.header("x-triaged-reason"), HasSubstr("near to route orders (0."));
  EXPECT_THAT(answer.header("x-triaged-reason"),
              HasSubstr("by minilm-static-1 as upstream was " + GetParam().result + ")"));
  EXPECT_EQ(site.calls("request", GetParam().result), "1");
  const std::vector<LedgerRow> rows = site.daemon.ledger().of(answer.header("x-triaged-id"));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].purpose, "embedder");
  EXPECT_EQ(rows[0].outcome + "/" + rows[0].error + "/" + std::to_string(rows[0].upstream_status), GetParam().booked);
}

INSTANTIATE_TEST_SUITE_P(
    All, UselessVector,
    testing::Values(Useless{"of_other_dimensions", tells("[1,0]"), "invalid", "answered//0"},
                    Useless{"empty", tells("[]"), "invalid", "answered//0"},
                    Useless{"without_direction", tells("[0,0,0]"), "invalid", "answered//0"},
                    Useless{"not_a_number", tells("[0,null,1]"), "invalid", "answered//0"},
                    Useless{"out_of_range", tells("[1e99,0,1]"), "invalid", "answered//0"},
                    Useless{"server_error", fails(500), "failed", "failed/server_error/500"},
                    Useless{"refusal", fails(400, "invalid_value"), "failed", "failed/bad_request/400"},
                    Useless{"no_json", [](test::Exchange& exchange) { exchange.answer(200, "<html>"); }, "failed",
                            "failed/protocol/0"},
                    Useless{"endless",
                            [](test::Exchange& exchange) { exchange.answer(200, std::string(500'000, ' ')); }, "failed",
                            "failed/protocol/0"},
                    Useless{"closed", [](test::Exchange& exchange) { exchange.close(); }, "failed", "failed/reset/0"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(LateUpstreamEmbedder, IsNotWaitedForAndItsTargetNotBlamed) {
  Signal cancelled;
  EmbeddingSite site(examples_and([&cancelled](test::Exchange& exchange) {
                       exchange.wait_until_left();  // never answers
                       cancelled.set();
                     }),
                     "timeout: 1s",
                     [](DaemonSetup& setup) { setup.breaker = "failures: 2, cooldown: 1h, cooldown_max: 1h"; });
  site.load();

  const Response answer = site.ask(chat("auto", order));

  cancelled.wait();
  EXPECT_EQ(answer.header("x-triaged-tier"), "light");
  EXPECT_THAT(answer.header("x-triaged-reason"), HasSubstr("by minilm-static-1 as upstream was late)"));
  const std::vector<LedgerRow> rows = site.daemon.ledger().of(answer.header("x-triaged-id"));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].outcome, "cancelled");
  EXPECT_EQ(rows[0].error, "head_timeout");
  EXPECT_EQ(rows[0].certainty, "estimated");
  EXPECT_GT(rows[0].input, 0);
  EXPECT_EQ(site.calls("request", "late"), "1");

  for (int i = 0; i < 4; ++i) EXPECT_EQ(site.ask(chat("auto", order)).header("x-triaged-tier"), "light");

  EXPECT_EQ(site.asked_about(order), 2U) << "after two in a row it is left alone for a while";
  EXPECT_EQ(site.calls("request", "paused"), "3");
}

TEST(UpstreamEmbedderAtFirst, IsAskedForTheExamplesUntilItTells) {
  std::atomic<int> asked = 0;
  std::atomic<bool> works = false;
  EmbeddingSite site([&](test::Exchange& exchange) {
    ++asked;
    (works ? embeds() : fails(500))(exchange);
  });
  ASSERT_TRUE(eventually([&] { return asked >= 3; }));

  const Response before = site.ask(chat("auto", order));
  works = true;
  site.load();
  const Response after = site.ask(chat("auto", order));

  EXPECT_EQ(before.header("x-triaged-tier"), "light");
  EXPECT_THAT(before.header("x-triaged-reason"), HasSubstr("by minilm-static-1 as upstream was loading)"));
  EXPECT_EQ(after.header("x-triaged-tier"), "strong");
  EXPECT_NE(site.calls("examples", "failed"), "none");
  EXPECT_EQ(site.calls("examples", "used"), "1");
  const std::string log = site.daemon.errors();
  const std::size_t first = log.find("the upstream embedder has no vectors");
  ASSERT_NE(first, std::string::npos) << log;
  EXPECT_EQ(log.find("the upstream embedder has no vectors", first + 1), std::string::npos) << "it is told once";
  EXPECT_EQ(log.find("my order"), std::string::npos);
}

TEST(UpstreamEmbedderAtFirst, IsNotBelievedWhenItsVectorsDiffer) {
  std::atomic<int> asked = 0;
  EmbeddingSite site(
      [&asked](test::Exchange& exchange) {
        ++asked;
        exchange.answer(200, embeddings_body(exchange.request()));
      },
      "timeout: 15s, dimensions: 8",
      [](DaemonSetup& setup) {
        const std::string name = "embedder: vectors/embed";
        setup.routing.replace(setup.routing.find(name), name.size(), name + "@8");
      });
  ASSERT_TRUE(eventually([&] { return asked >= 2; }));

  EXPECT_EQ(site.route(order)["upstream_embedder"], "loading") << "three dimensions came, eight were asked for";
  EXPECT_NE(site.calls("examples", "invalid"), "none");
  EXPECT_EQ(nlohmann::json::parse(site.vectors.seen().at(0).body)["dimensions"], 8);
  EXPECT_THAT(site.daemon.errors(), HasSubstr("a vector has 3 numbers, not 8"));
}

TEST(UpstreamEmbedderAtFirst, IsAbandonedWhenTheDaemonStops) {
  Signal asked;
  EmbeddingSite site([&asked](test::Exchange& exchange) {
    asked.set();
    exchange.wait_until_left();
  });
  asked.wait();

  site.daemon.stop();  // fails the test unless it ends in time and cleanly
}

TEST(UpstreamEmbedderOfManyExamples, IsAskedInSeveralCalls) {
  EmbeddingSite site(embeds(), "timeout: 15s", [](DaemonSetup& setup) {
    std::string examples = "has my parcel been sent";
    for (int i = 0; i < 30; ++i) examples += ", example " + std::to_string(i);
    setup.routing.replace(setup.routing.find("has my parcel been sent"), 23, examples);
  });
  site.load();
  EXPECT_EQ(site.calls("examples", "used"), "3") << "33 texts, 16 each";
}

// The file of a command; `vectors` is at that port.
std::string configuration(std::uint16_t port) {
  return "providers:\n  sim: {dialect: simulated}\n  " + provider("vectors", port) +
         "\ntiers:\n  - {name: light, targets: [sim/small]}\n  - {name: strong, targets: [sim/large]}\n"
         "routing:\n  strategies: [semantic]\n  semantic:\n    threshold: 0.5\n"
         "    embedder: vectors/embed\n    upstream: {model: vectors/embed}\n"
         "    routes: {a: {tier: light, examples: [alpha]}}\n";
}

TEST(UpstreamEmbedderExplained, SendsNothingAndSaysSo) {
  Upstream vectors;
  const Folder folder;
  const std::string config = folder.write("triaged.yaml", configuration(vectors.port()));

  const Ran ran = run({TRIAGED_BINARY, "explain", "alpha", "--config", config});

  ASSERT_EQ(ran.exit.code, 0) << ran.errors;
  EXPECT_THAT(ran.output, HasSubstr("compared by minilm-static-1\n"));
  EXPECT_THAT(ran.output, HasSubstr("vectors/embed would be asked"));
  EXPECT_EQ(vectors.count(), 0U);
}

// Two kinds of texts that share their words but for one; the model sees the kind.
TEST(UpstreamEmbedderMeasured, TellsItsThresholdByTheCommand) {
  Upstream vectors;
  vectors.then(fails(500));  // asked again
  vectors.always([](test::Exchange& exchange) {
    const auto by_kind = [](const std::string& text) -> std::vector<double> {
      return text.find("alpha") == std::string::npos ? std::vector<double>{0, 1} : std::vector<double>{1, 0};
    };
    exchange.answer(200, embeddings_body(exchange.request(), by_kind));
  });
  const Folder folder;
  std::string lines;
  for (int i = 0; i < 12; ++i) {
    for (const char* kind : {"alpha", "beta"}) {
      lines +=
          nlohmann::json{{"text", std::string(kind) + " number " + std::to_string(i)}, {"sub", kind}}.dump() + "\n";
    }
  }
  const std::string config = folder.write("triaged.yaml", configuration(vectors.port()));

  const Ran ran = run({TRIAGED_BINARY, "eval", "semantic", folder.write("texts.jsonl", lines), "--config", config,
                       "--examples", "2", "--json"});

  ASSERT_EQ(ran.exit.code, 0) << ran.errors;
  const nlohmann::json figures = nlohmann::json::parse(ran.output);
  EXPECT_EQ(figures["embedder"], "vectors/embed");
  EXPECT_EQ(figures["dimensions"], 2);
  EXPECT_EQ(figures["right"]["routes"], 1.0);
  EXPECT_EQ(figures["own_threshold"]["similarity"], 0.5);
  EXPECT_EQ(figures["own_threshold"]["precision"], 1.0);
  EXPECT_EQ(vectors.count(), 3U) << "24 texts, 16 each, and once again";
}

TEST(UpstreamEmbedderMeasured, NeedsOneInTheConfiguration) {
  const Folder folder;
  const std::string config = folder.write("triaged.yaml",
                                          "providers:\n  sim: {dialect: simulated}\n"
                                          "tiers:\n  - {name: light, targets: [sim/small]}\n");
  const std::string texts = folder.write("texts.jsonl", "{\"text\":\"a\",\"sub\":\"b\"}\n");

  const Ran ran = run({TRIAGED_BINARY, "eval", "semantic", texts, "--config", config});

  EXPECT_EQ(ran.exit.code, 1);
  EXPECT_THAT(ran.errors, HasSubstr("no `routing.semantic.upstream`"));
}

}  // namespace
}  // namespace triaged::test
