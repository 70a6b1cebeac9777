// What loading says about bad files. Each case is a good file with one thing wrong.
#include "support.hpp"

namespace triaged::config {
namespace {

using testing::find_problem;
using testing::load_text;
using testing::minimal;
using testing::printed;
using testing::with_provider;

constexpr const char* url = "    base_url: https://h/v1\n";

struct Case {
  std::string text;
  const char* key;
  const char* message;     // a part of it
  const char* suggestion;  // a part of it
};

void expect_fatal(const std::vector<Case>& cases) {
  for (const Case& item : cases) {
    const Loaded loaded = load_text(item.text);

    EXPECT_FALSE(loaded.settings) << item.text;
    const Problem* problem = find_problem(loaded, item.key);
    ASSERT_TRUE(problem) << item.key << " in:\n" << item.text << "\nfound:\n" << printed(loaded);
    EXPECT_TRUE(problem->fatal);
    EXPECT_NE(problem->message.find(item.message), std::string::npos) << printed(loaded);
    EXPECT_NE(problem->suggestion.find(item.suggestion), std::string::npos) << printed(loaded);
  }
}

TEST(Problems, PrintsFileLineColumnAndSuggestion) {
  EXPECT_EQ(format(Problem{true, 12, 3, "tiers[1].name", "is empty", "give it a name"}, "t.yaml"),
            "t.yaml:12:3: error: tiers[1].name: is empty (give it a name)");
  EXPECT_EQ(format(Problem{false, 0, 0, "", "odd", ""}, "t.yaml"), "t.yaml: warning: odd");
}

TEST(Problems, PointsAtUnknownKeysWithSuggestion) {
  const Loaded loaded = load_text(minimal("server:\n  limits:\n    bodi: 1MiB\n"));

  ASSERT_EQ(loaded.problems.size(), 1U) << printed(loaded);
  EXPECT_EQ(format(loaded.problems[0], "f"), "f:10:5: error: server.limits.bodi: unknown key (did you mean 'body'?)");
}

TEST(Problems, ListsTheKnownKeysWhenNoneIsNear) {
  const Loaded loaded = load_text(minimal("breaker: {zzzzzzzz: 1}\n"));

  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_NE(loaded.problems[0].suggestion.find("failures, cooldown, cooldown_max"), std::string::npos);
}

TEST(Problems, TellsAllAtOnceInFileOrder) {
  const Loaded loaded = load_text(
      "verson: 1\n"
      "server: {workers: many, drain: 30}\n"
      "providers:\n"
      "  up: {base_url: ftp://h, api_key: \"${UNSET_KEY}\", use: sometimes}\n"
      "tiers:\n"
      "  - {name: a, targets: [nowhere/model]}\n"
      "  - {name: a, targets: []}\n"
      "routing: {default_tier: z, table: [{task: cooking, tier: a}]}\n");

  EXPECT_FALSE(loaded.settings);
  for (const char* key : {"verson", "server.workers", "server.drain", "providers.up.base_url", "providers.up.api_key",
                          "providers.up.use", "tiers[0].targets[0].target", "tiers[1].name", "tiers[1].targets",
                          "routing.default_tier", "routing.table[0].task"}) {
    EXPECT_TRUE(find_problem(loaded, key)) << key << "\n" << printed(loaded);
  }
  EXPECT_TRUE(std::is_sorted(loaded.problems.begin(), loaded.problems.end(),
                             [](const Problem& a, const Problem& b) { return a.line < b.line; }));
}

TEST(Problems, RefusesValuesOfTheWrongTypeOrRange) {
  expect_fatal({
      {minimal("version: 2\n"), "version", "between 1 and 1", ""},
      {minimal("server: []\n"), "server", "expected a mapping, found a list", ""},
      {minimal("server: {workers: 1.5}\n"), "server.workers", "'1.5' is no whole number", ""},
      {minimal("server: {workers: 257}\n"), "server.workers", "between 0 and 256", ""},
      {minimal("server: {workers: [1]}\n"), "server.workers", "expected a single value, found a list", ""},
      {minimal("server: {workers: }\n"), "server.workers", "has no value", "remove the key"},
      {minimal("server: {drain: 30}\n"), "server.drain", "'30' is a number without a unit", "\"30s\""},
      {minimal("server: {drain: 1m30s}\n"), "server.drain", "is no duration", "250ms"},
      {minimal("server: {drain: -1s}\n"), "server.drain", "is no duration", ""},
      {minimal("server: {drain: 25h}\n"), "server.drain", "must be between 0 and", ""},
      {minimal("server: {drain: 99999999999999d}\n"), "server.drain", "", ""},
      {minimal("server: {limits: {body: 32Mi}}\n"), "server.limits.body", "is no size", "32MiB"},
      {minimal("server: {limits: {body: 2GiB}}\n"), "server.limits.body", "between 1KiB and 1GiB", ""},
      {minimal("server: {listen: 8080}\n"), "server.listen", "is no address", "127.0.0.1:8080"},
      {minimal("log: {prompts: yes}\n"), "log.prompts", "neither true nor false", ""},
      {minimal("log: {level: warning}\n"), "log.level", "debug, info, warn, error", ""},
      {minimal("ledger: {on_unknown_price: alow}\n"), "ledger.on_unknown_price", "is none of", "'allow'"},
      {minimal("retry: {backoff: 6s}\n"), "retry.backoff_max", "shorter than", ""},
      {minimal("breaker: {cooldown: 0}\n"), "breaker.cooldown", "between 100ms and", ""},
      {minimal("breaker: {cooldown: 5m}\n"), "breaker.cooldown_max", "shorter than", ""},
      {minimal("ledger: {path: \"\"}\n"), "ledger.path", "is empty", ""},
  });
}

TEST(Problems, TakesAListOfStrategiesWithoutOneThatItKnows) {
  const Loaded misspelt = load_text(minimal("  strategies: [intnet]\n"));
  EXPECT_FALSE(misspelt.settings);
  EXPECT_TRUE(find_problem(misspelt, "routing.strategies[0]")) << printed(misspelt);

  const Loaded none = load_text(minimal("  strategies: []\n"));
  ASSERT_TRUE(none.settings) << printed(none);
  EXPECT_TRUE(find_problem(none, "routing.table")) << printed(none);
}

TEST(Problems, RefusesBadProviders) {
  expect_fatal({
      {"tiers: [{name: a, targets: [x/y]}]\n", "providers", "is needed", ""},
      {"providers: {}\ntiers: [{name: a, targets: [x/y]}]\n", "providers", "there is no provider", ""},
      {"providers:\n  - x\ntiers: []\n", "providers", "expected a mapping from names", ""},
      {"providers: {a/b: {dialect: simulated}}\ntiers: []\n", "providers.a/b", "is no name", ""},
      {with_provider("    dialect: openai\n"), "providers.up.base_url", "is needed", "https://"},
      {with_provider("    base_url: api.openai.com\n"), "providers.up.base_url", "must begin with http", ""},
      {with_provider("    base_url: https://u:p@h/v1\n"), "providers.up.base_url", "user or password", ""},
      {with_provider("    base_url: https://h/v1?x=1\n"), "providers.up.base_url", "use `query`", ""},
      {with_provider(std::string(url) + "    use: if_key\n"), "providers.up.use", "needs an `api_key`", ""},
      {with_provider(std::string(url) + "    auth: bearer\n"), "providers.up.auth", "needs an `api_key`", ""},
      {with_provider(std::string(url) + "    api_key: \"a\\nb\"\n"), "providers.up.api_key", "control character", ""},
      {with_provider(std::string(url) + "    headers: {a b: x}\n"), "providers.up.headers.a b", "no header field", ""},
      {with_provider(std::string(url) + "    headers: {x: \"a\\r\\nHost: b\"}\n"), "providers.up.headers.x",
       "control character", ""},
      {with_provider(std::string(url) + "    headers: {Host: b}\n"), "providers.up.headers.Host", "by triaged itself",
       ""},
      {with_provider(std::string(url) + "    headers: {X: a, x: b}\n"), "providers.up.headers.x", "stands twice", ""},
      {with_provider(std::string(url) + "    api_key: k\n    headers: {Authorization: b}\n"),
       "providers.up.headers.Authorization", "carries the key already", ""},
      {with_provider(std::string(url) + "    headers: [a]\n"), "providers.up.headers", "expected a mapping", ""},
      {with_provider(std::string(url) + "    auth_header: \"a:b\"\n"), "providers.up.auth_header", "no header field",
       ""},
      {with_provider(std::string(url) + "    query: {a: \"b\\nc\"}\n"), "providers.up.query.a", "control character",
       ""},
      {with_provider(std::string(url) + "    chat_path: chat\n"), "providers.up.chat_path", "begins with '/'", ""},
      {with_provider(std::string(url) + "    chat_path: \"/a?b=c\"\n"), "providers.up.chat_path", "use `query`", ""},
      {with_provider(std::string(url) + "    chat_path: /{deployment}\n"), "providers.up.chat_path", "", ""},
      {with_provider(std::string(url) + "    tls: {ca: none.pem}\n"), "providers.up.tls.ca", "cannot be read", ""},
      {with_provider(std::string(url) + "    simulation: {seed: 1}\n"), "providers.up.simulation", "for the dialect",
       ""},
      {with_provider("    dialect: simulated\n    base_url: https://h\n"), "providers.up.base_url", "no meaning", ""},
      {with_provider("    dialect: simulated\n    use: if_key\n"), "providers.up.use", "has no key", ""},
  });
}

TEST(Problems, RefusesBadTiersAndTargets) {
  const std::string sim = "providers: {sim: {dialect: simulated}}\n";
  expect_fatal({
      {sim, "tiers", "is needed", ""},
      {sim + "tiers: []\n", "tiers", "there is no tier", ""},
      {sim + "tiers: {a: b}\n", "tiers", "expected a list", "'- '"},
      {sim + "tiers: [light]\n", "tiers[0]", "expected a mapping", ""},
      {sim + "tiers: [null]\n", "tiers[0]", "is empty", ""},
      {sim + "tiers: [{targets: [sim/a]}]\n", "tiers[0].name", "is needed", ""},
      {sim + "tiers: [{name: a b, targets: [sim/a]}]\n", "tiers[0].name", "is no name", ""},
      {sim + "tiers: [{name: a}]\n", "tiers[0].targets", "is needed", ""},
      {sim + "tiers: [{name: a, targets: []}]\n", "tiers[0].targets", "has no target", ""},
      {sim + "tiers: [{name: a, targets: [sim]}]\n", "tiers[0].targets[0].target", "'sim' is no target",
       "provider/model"},
      {sim + "tiers: [{name: a, targets: [sim/]}]\n", "tiers[0].targets[0].target", "is no target", ""},
      {sim + "tiers: [{name: a, targets: [/m]}]\n", "tiers[0].targets[0].target", "is no target", ""},
      {sim + "tiers: [{name: a, targets: [sin/m]}]\n", "tiers[0].targets[0].target", "no provider 'sin'", "'sim'"},
      {sim + "tiers: [{name: a, targets: [{weight: 2}]}]\n", "tiers[0].targets[0].target", "is needed", ""},
      {sim + "tiers: [{name: a, targets: [sim/m, sim/m]}]\n", "tiers[0].targets[1]", "stands twice", "weight"},
      {sim + "tiers: [{name: a, targets: [{target: sim/m, weight: 0}]}]\n", "tiers[0].targets[0].weight",
       "between 1 and 1000", ""},
      {sim + "tiers: [{name: a, targets: [{target: sim/m, context_window: lots}]}]\n",
       "tiers[0].targets[0].context_window", "no number of tokens", "128k"},
      {sim + "tiers: [{name: a, targets: [sim/m]}, {name: a, targets: [sim/n]}]\n", "tiers[1].name", "already", ""},
      {sim + "tiers: [{name: a, targets: [{target: sim/m, weight: 2}]}, {name: b, targets: [{target: sim/m, weight: "
             "3}]}]\n",
       "tiers[1].targets[0]", "described in tiers[0].targets[0]", ""},
  });
}

TEST(Problems, RefusesBadRouting) {
  const std::string head =
      "providers: {sim: {dialect: simulated}}\ntiers: [{name: light, targets: [sim/m]}]\nrouting:\n";
  expect_fatal({
      {head + "  default_tier: ligh\n", "routing.default_tier", "no tier 'ligh'", "'light'"},
      {head + "  classifier: {llm: {tier: ligt}}\n", "routing.classifier.llm.tier", "no tier 'ligt'", "'light'"},
      {head + "  classifier: {llm: {tier: heavy}}\n", "routing.classifier.llm.tier", "no tier 'heavy'",
       "there is: light"},
      {head + "  classifier: {llm: {tier: \"\"}}\n", "routing.classifier.llm.tier", "is empty", "there is: light"},
      {head + "  classifier: {llm: {timeout: 1s}}\n", "routing.classifier.llm.tier", "is needed", "light"},
      {head + "  classifier: {llm: {}}\n", "routing.classifier.llm.tier", "is needed", "light"},
      {head + "  classifier: {llm: light}\n", "routing.classifier.llm", "expected a mapping", ""},
      {head + "  classifier: {llm: {tier: light, timeout: 400}}\n", "routing.classifier.llm.timeout",
       "a number without a unit", ""},
      {head + "  classifier: {llm: {tier: light, timeout: 0}}\n", "routing.classifier.llm.timeout",
       "between 10ms and 30s", ""},
      {head + "  classifier: {llm: {tier: light, timeout: 31s}}\n", "routing.classifier.llm.timeout",
       "between 10ms and 30s", ""},
      {head + "  classifier: {llm: {tier: light, when: unshure}}\n", "routing.classifier.llm.when", "is none of",
       "'unsure'"},
      {head + "  classifier: {llm: {tier: light, cache: -1}}\n", "routing.classifier.llm.cache", "", ""},
      {head + "  classifier: {llm: {tier: light, cache: 1000001}}\n", "routing.classifier.llm.cache",
       "between 0 and 1000000", ""},
      {head + "  classifier: {llm: {tier: light, modell: x}}\n", "routing.classifier.llm.modell", "unknown key", ""},
      {head + "  baseline: sim/n\n", "routing.baseline", "no tier has the target 'sim/n'", "'sim/m'"},
      {head + "  confidence: 1.5\n", "routing.confidence", "between 0 and 1", ""},
      {head + "  table: [{tier: heavy}]\n", "routing.table[0].tier", "no tier 'heavy'", "there is: light"},
      {head + "  table: [{task: qa}]\n", "routing.table[0].tier", "is needed", ""},
      {head + "  table: [{task: sumarize, tier: light}]\n", "routing.table[0].task", "is none of", "'summarize'"},
      {head + "  table: [{task: [qa, x], tier: light}]\n", "routing.table[0].task[1]", "'x' is none of", ""},
      {head + "  table: [{task: [], tier: light}]\n", "routing.table[0].task", "names no task", ""},
      {head + "  table: [{complexity: 0.5, tier: light}]\n", "routing.table[0].complexity", "no range", "<0.35"},
      {head + "  table: [{complexity: \">=2\", tier: light}]\n", "routing.table[0].complexity", "no range", ""},
      {head + "  table: [{tokens: 2000, tier: light}]\n", "routing.table[0].tokens", "is no range of tokens", "<2000"},
      {head + "  table: [{language: eng, tier: light}]\n", "routing.table[0].language", "is none of", ""},
      {head + "  table: [{path: v1/x, tier: light}]\n", "routing.table[0].path", "is no path", "`/`"},
      {head + "  table: [{headers: {\"x y\": a}, tier: light}]\n", "routing.table[0].headers", "no name of a header",
       ""},
      {head + "  intercept: [\"\"]\n", "routing.intercept[0]", "is empty", ""},
      {head + "  intercept: {a: b}\n", "routing.intercept", "expected a list", ""},
  });
}

TEST(Problems, RefusesUnsafeOrImpossibleServers) {
  expect_fatal({
      {minimal("server: {admin: 0.0.0.0:8081}\n"), "server.admin", "no `server.admin_token`", "set a token"},
      {minimal("server: {admin: \"[::]:8081\"}\n"), "server.admin", "no `server.admin_token`", ""},
      {minimal("server: {admin: 127.0.0.1:8080}\n"), "server.admin", "same address", ""},
      {minimal("server: {tls: {certificate: a.pem}}\n"), "server.tls", "needs both", ""},
      {minimal("server: {tls: {certificate: a.pem, key: b.pem}}\n"), "server.tls.key", "cannot be read", ""},
      {minimal("ledger: {prices: none.yaml}\n"), "ledger.prices", "'none.yaml' cannot be read", ""},
  });
}

TEST(Problems, RefusesKeysOfRowsThatAreNoFingerprintsAndRepeatsNone) {
  for (const auto& [key, message] :
       {std::pair("alpha-secret", "is no fingerprint"), std::pair("key-3F8AD42D", "capitals"),
        std::pair("key-3f8ad42", "is no fingerprint")}) {
    const Loaded loaded = load_text(
        "providers: {sim: {dialect: simulated}}\ntiers: [{name: a, targets: [sim/m]}]\n"
        "routing: {table: [{key: " +
        std::string(key) + ", tier: a}]}\n");
    EXPECT_FALSE(loaded.settings);
    const Problem* problem = find_problem(loaded, "routing.table[0].key");
    ASSERT_TRUE(problem) << printed(loaded);
    EXPECT_NE(problem->message.find(message), std::string::npos) << printed(loaded);
    EXPECT_NE(problem->suggestion.find("sha256sum"), std::string::npos);
    EXPECT_EQ(printed(loaded).find(key), std::string::npos) << "it may be a secret";
  }
}

TEST(Problems, WarnsButLoads) {
  const std::string tiers =
      "providers: {sim: {dialect: simulated}}\n"
      "tiers: [{name: a, targets: [sim/m]}, {name: b, targets: [sim/n]}, {name: c, targets: [sim/o]}]\n";
  const std::vector<Case> cases = {
      {minimal("server: {listen: 0.0.0.0:8080}\n"), "server.listen", "no key is asked for", "api_keys"},
      {with_provider("    base_url: http://10.0.0.1/v1\n    api_key: k\n"), "providers.up.base_url", "plain HTTP",
       "https"},
      {"providers: {sim: {dialect: simulated}, idle: {dialect: simulated}}\ntiers: [{name: a, targets: [sim/m]}]\n",
       "providers.idle", "no tier has a target", ""},
      {tiers + "routing: {default_tier: b}\n", "tiers[0]", "no row", "tier:NAME"},
      {"providers: {sim: {dialect: simulated}}\ntiers: [{name: a, targets: [{target: sim/m, weight: 2}]}]\n",
       "tiers[0].targets[0].weight", "means nothing", "policy: weighted"},
      {"providers: {sim: {dialect: simulated}}\nbalance: {policy: weighted}\n"
       "tiers: [{name: a, targets: [{target: sim/m, rpm: 2}]}]\n",
       "tiers[0].targets[0].rpm", "means nothing", "policy: usage"},
      {tiers + "routing: {table: [{tier: a}, {task: qa, tier: b}]}\n", "routing.table[1]", "never matches", ""},
      {tiers + "routing: {table: [{language: de, tier: b}, {tier: a}, {language: de, tier: b}]}\n", "routing.table[2]",
       "never matches", ""},
      {tiers + "routing: {table: [{task: qa, complexity: <0.5, tier: a}, {task: qa, complexity: 0.4..1, tier: b}, "
               "{task: qa, complexity: 0.3..0.6, tier: c}]}\n",
       "routing.table[2]", "never matches", ""},
      {tiers + "routing: {table: [{path: /v1/embeddings, tier: a}, {tier: a}]}\n", "routing.table[0].path",
       "no request to '/v1/embeddings' is routed", "/v1/messages"},
      {tiers + "routing: {table: [{path: /v1/chat/*, tier: a}, {tier: a}]}\n", "routing.table[0].path",
       "no request to '/v1/chat/*' is routed", ""},
      {tiers + "routing: {strategies: [cost_aware, intent], table: [{tier: a}]}\n", "routing.strategies",
       "only what the strongest tier has no price for", ""},
      {tiers + "routing: {strategies: [intent, cost_aware], table: [{task: qa, tier: a}]}\n", "routing.cost_aware",
       "nearly every request to the strongest tier", "willingness_to_pay"},
  };
  for (const Case& item : cases) {
    const Loaded loaded = load_text(item.text);

    EXPECT_TRUE(loaded.settings) << printed(loaded);
    const Problem* problem = find_problem(loaded, item.key);
    ASSERT_TRUE(problem) << item.key << "\n" << printed(loaded);
    EXPECT_FALSE(problem->fatal);
    EXPECT_NE(problem->message.find(item.message), std::string::npos) << printed(loaded);
    EXPECT_NE(problem->suggestion.find(item.suggestion), std::string::npos) << printed(loaded);
  }
}

TEST(Problems, DoesNotWarnOfCostsThatCanBeWeighed) {
  for (const char* costs : {"cost_aware: {willingness_to_pay: 0.02}", "cost_aware: {quality_floor: 0.4}",
                            "cost_aware: {model: own.model}", "semantic: {past: {files: outcomes.jsonl}}"}) {
    const Loaded loaded = load_text(
        "providers: {sim: {dialect: simulated}}\n"
        "tiers: [{name: a, targets: [sim/m]}, {name: b, targets: [sim/n]}]\n"
        "routing: {strategies: [cost_aware], " +
        std::string(costs) + "}\n");
    EXPECT_EQ(printed(loaded), "") << costs;
  }
}

TEST(Problems, DoesNotWarnOfATierThatOnlyTheClassifierAsks) {
  const Loaded loaded = load_text(
      "providers: {sim: {dialect: simulated}}\n"
      "tiers: [{name: tiny, targets: [sim/m]}, {name: a, targets: [sim/n]}]\n"
      "routing: {default_tier: a, classifier: {llm: {tier: tiny}}}\n");

  EXPECT_EQ(printed(loaded), "");
}

TEST(Problems, DoesNotWarnOfWhatCanHappen) {
  const std::string text =
      "providers: {sim: {dialect: simulated}, local: {base_url: http://127.0.0.1:1/v1, api_key: k}}\n"
      "server: {listen: 0.0.0.0:1, api_keys: [k], admin: 0.0.0.0:2, admin_token: t}\n"
      "tiers: [{name: a, targets: [sim/m]}, {name: b, targets: [local/n]}]\n"
      "routing: {default_tier: a, table: [{task: qa, complexity: <0.5, tier: a}, {task: [qa, code], tier: a},\n"
      "  {complexity: <0.9, tier: a}]}\n";
  const Loaded loaded = load_text(text);

  EXPECT_TRUE(loaded.settings);
  EXPECT_EQ(printed(loaded), "");
}

TEST(Problems, StopsTellingAfterAHundred) {
  std::string text = minimal();
  for (int i = 0; i < 500; ++i) text += "unknown" + std::to_string(i) + ": 1\n";
  const Loaded loaded = load_text(text);

  EXPECT_EQ(loaded.problems.size(), 101U);
  EXPECT_EQ(loaded.problems.back().message, "and 400 more problems");
}

}  // namespace
}  // namespace triaged::config
