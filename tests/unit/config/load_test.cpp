// What loading makes of good files: values, defaults, references.
#include "support.hpp"

#include <chrono>
#include <memory>

namespace triaged::config {
namespace {

using namespace std::chrono_literals;
using testing::load_text;
using testing::minimal;
using testing::with_provider;

TEST(Load, FillsEverythingElseWithDefaults) {
  const Loaded loaded = load_text(minimal());

  ASSERT_TRUE(loaded.settings) << testing::printed(loaded);
  EXPECT_TRUE(loaded.problems.empty()) << testing::printed(loaded);
  const Settings& settings = *loaded.settings;
  EXPECT_EQ(settings.server.listen.port, 8080);
  EXPECT_EQ(settings.server.admin.host, "127.0.0.1");
  EXPECT_EQ(settings.server.limits.body, 32U << 20U);
  EXPECT_EQ(settings.retry.attempts, 6U);
  EXPECT_EQ(settings.breaker.cooldown, 5s);
  EXPECT_EQ(settings.ledger.path, "triaged.db");
  EXPECT_EQ(settings.log.access_file, "-");
  EXPECT_EQ(settings.providers.at(0).dialect, ProviderDialect::simulated);
  EXPECT_EQ(settings.providers.at(0).auth, Auth::none);
  EXPECT_EQ(settings.targets.at(0).weight, 1U);
  EXPECT_EQ(settings.hash.size(), 12U);
  EXPECT_TRUE(settings.notes.empty());
}

TEST(Load, KnowsWhoseTokenizerATargetHasFromTheFileByItsModelElseByItsProvider) {
  const Loaded loaded = load_text(
      "providers:\n"
      "  open: {dialect: openai, base_url: 'http://127.0.0.1:1/v1'}\n"
      "  maker: {dialect: openai, base_url: 'http://127.0.0.1:1/v1', profile: mistral}\n"
      "  claude: {dialect: anthropic, base_url: 'http://127.0.0.1:1/v1'}\n"
      "tiers:\n"
      "  - {name: one, targets: [open/Qwen/Qwen3-32B, open/prod-chat, maker/tuned, claude/claude-3-haiku, "
      "claude/tuned, {target: open/own, tokenizer: deepseek}, {target: open/qwen-own, tokenizer: o200k}]}\n");

  ASSERT_TRUE(loaded.settings) << testing::printed(loaded);
  std::vector<Tokenizer> tokenizers;
  for (const Target& target : loaded.settings->targets) tokenizers.push_back(target.tokenizer);
  EXPECT_EQ(tokenizers,
            (std::vector<Tokenizer>{Tokenizer::qwen, Tokenizer::o200k, Tokenizer::mistral, Tokenizer::claude,
                                    Tokenizer::claude_4_7, Tokenizer::deepseek, Tokenizer::o200k}));
}

TEST(Load, ResolvesReferences) {
  const Loaded loaded = load_text(
      "providers: {a: {dialect: simulated}, b: {dialect: simulated}}\n"
      "tiers:\n"
      "  - {name: one, targets: [b/x, a/maker/y]}\n"
      "  - {name: two, targets: [a/z]}\n"
      "routing:\n"
      "  default_tier: one\n"
      "  baseline: a/maker/y\n"
      "  intercept: gpt-4o\n"
      "  table: [{task: qa, complexity: 0.2..0.5, tier: two}, {task: [code, math], tier: one}]\n");

  ASSERT_TRUE(loaded.settings) << testing::printed(loaded);
  const Settings& settings = *loaded.settings;
  ASSERT_EQ(settings.targets.size(), 3U);
  EXPECT_EQ(settings.targets[0].name, "b/x");
  EXPECT_EQ(settings.targets[0].provider, 1U);
  EXPECT_EQ(settings.targets[1].model, "maker/y");
  EXPECT_EQ(settings.targets[1].provider, 0U);
  EXPECT_EQ(settings.tiers.at(1).targets, std::vector<std::size_t>{2});
  EXPECT_EQ(settings.routing.default_tier, 0U);
  EXPECT_EQ(settings.routing.baseline_target, 1U);
  EXPECT_EQ(settings.routing.intercept, std::vector<std::string>{"gpt-4o"});
  EXPECT_EQ(settings.routing.table.at(0).tasks, std::vector<std::string>{"qa"});
  EXPECT_DOUBLE_EQ(settings.routing.table.at(0).complexity_min, 0.2);
  EXPECT_DOUBLE_EQ(settings.routing.table.at(0).complexity_max, 0.5);
  EXPECT_EQ(settings.routing.table.at(0).tier, 1U);
  EXPECT_EQ(settings.routing.table.at(1).tasks, (std::vector<std::string>{"code", "math"}));
  EXPECT_EQ(settings.find_tier("two"), std::optional<std::size_t>(1));
  EXPECT_EQ(settings.find_tier("three"), std::nullopt);
  EXPECT_EQ(settings.find_target("a/z"), std::optional<std::size_t>(2));
}

TEST(Load, AsksNoLlmUnlessToldWhichTier) {
  EXPECT_FALSE(load_text(minimal()).settings->routing.classifier.llm);

  const Loaded brief = load_text(minimal("  classifier: {llm: {tier: strong}}\n"));
  ASSERT_TRUE(brief.settings) << testing::printed(brief);
  const auto& usual = brief.settings->routing.classifier.llm;
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->tier, 1U);
  EXPECT_EQ(usual->timeout, std::chrono::milliseconds(400));
  EXPECT_EQ(usual->when, AskLlm::unsure);
  EXPECT_EQ(usual->cache, 10'000U);

  const Loaded full = load_text(minimal("  classifier: {llm: {tier: light, timeout: 1.5s, when: always, cache: 0}}\n"));
  ASSERT_TRUE(full.settings) << testing::printed(full);
  const auto& own = full.settings->routing.classifier.llm;
  ASSERT_TRUE(own);
  EXPECT_EQ(own->tier, 0U);
  EXPECT_EQ(own->timeout, std::chrono::milliseconds(1500));
  EXPECT_EQ(own->when, AskLlm::always);
  EXPECT_EQ(own->cache, 0U);
}

TEST(Load, TakesTheStrongestTierByDefault) {
  const Loaded loaded = load_text(minimal());

  ASSERT_TRUE(loaded.settings);
  EXPECT_EQ(loaded.settings->routing.default_tier, 1U);
  EXPECT_EQ(loaded.settings->routing.baseline_target, 1U);
}

TEST(Load, TakesBaseUrlsApart) {
  const Loaded loaded = load_text(with_provider("    base_url: https://Host.example:8443/api/v1/\n"));

  ASSERT_TRUE(loaded.settings) << testing::printed(loaded);
  const Provider& provider = loaded.settings->providers.at(0);
  EXPECT_EQ(provider.base_url, "https://Host.example:8443/api/v1");
  EXPECT_EQ(provider.scheme, "https");
  EXPECT_EQ(provider.host, "host.example");
  EXPECT_EQ(provider.port, 8443);
  EXPECT_EQ(provider.base_path, "/api/v1");
  EXPECT_EQ(provider.tls_server_name, "host.example");
  EXPECT_EQ(provider.price_provider, "up");
}

TEST(Load, SendsNoKeyWhereThereIsNone) {
  const Loaded without = load_text(with_provider("    base_url: http://127.0.0.1:1/v1\n"));
  const Loaded empty = load_text(with_provider("    base_url: http://127.0.0.1:1/v1\n    api_key: ${K:-}\n"));
  const Loaded with = load_text(with_provider(
      "    base_url: http://127.0.0.1:1/v1\n    api_key: k\n    auth: header\n    auth_header: Api-Key\n"));

  ASSERT_TRUE(without.settings) << testing::printed(without);
  ASSERT_TRUE(empty.settings) << testing::printed(empty);
  ASSERT_TRUE(with.settings) << testing::printed(with);
  EXPECT_EQ(without.settings->providers.at(0).auth, Auth::none);
  EXPECT_EQ(empty.settings->providers.at(0).auth, Auth::none);
  EXPECT_EQ(with.settings->providers.at(0).auth, Auth::header);
  EXPECT_EQ(with.settings->providers.at(0).auth_header, "api-key");
}

TEST(Load, ReadsEverySectionOfAProvider) {
  const Loaded loaded =
      load_text(with_provider("    base_url: https://h/v1\n"
                              "    headers: {X-Title: triaged, X-Number: 5}\n"
                              "    query: {api-version: 2024-10-21}\n"
                              "    chat_path: /deployments/{model}/chat/completions\n"
                              "    forward_model: false\n"
                              "    tls: {verify: false, ca: ca.pem, server_name: inner}\n"
                              "    connections: 7\n"
                              "    idle_connection: 10s\n"
                              "    clocks: {connect: 1s, head: 2s, first_content: 3s, idle: 4s, total: 0}\n"
                              "    prices: openai\n"),
                {}, {{"/etc/triaged/ca.pem", "PEM"}});

  ASSERT_TRUE(loaded.settings) << testing::printed(loaded);
  const Provider& provider = loaded.settings->providers.at(0);
  EXPECT_EQ(provider.headers.at(0), (std::pair<std::string, std::string>("X-Title", "triaged")));
  EXPECT_EQ(provider.headers.at(1).second, "5");
  EXPECT_EQ(provider.query.at(0).second, "2024-10-21");
  EXPECT_EQ(provider.chat_path, "/deployments/{model}/chat/completions");
  EXPECT_FALSE(provider.forward_model);
  EXPECT_FALSE(provider.tls_verify);
  EXPECT_EQ(provider.tls_ca_file, "/etc/triaged/ca.pem");
  EXPECT_EQ(provider.tls_server_name, "inner");
  EXPECT_EQ(provider.connections, 7U);
  EXPECT_EQ(provider.idle_connection, 10s);
  EXPECT_EQ(provider.clocks.first_content, 3s);
  EXPECT_EQ(provider.clocks.total, 0s);
  EXPECT_EQ(provider.price_provider, "openai");
}

TEST(Load, OverridesSingleClocksOfATarget) {
  const Loaded loaded = load_text(
      "providers: {s: {dialect: simulated, clocks: {head: 7s, idle: 8s}}}\n"
      "tiers: [{name: t, targets: [{target: s/m, clocks: {idle: 250ms}, context_window: 1.05M, images: false}]}]\n");

  ASSERT_TRUE(loaded.settings) << testing::printed(loaded);
  const Target& target = loaded.settings->targets.at(0);
  EXPECT_EQ(target.clocks.head, 7s);
  EXPECT_EQ(target.clocks.idle, 250ms);
  EXPECT_EQ(target.clocks.connect, Clocks{}.connect);
  EXPECT_EQ(target.context_window, 1'050'000);
  EXPECT_FALSE(target.images);
}

TEST(Load, DescribesASharedTargetOnce) {
  const Loaded loaded = load_text(
      "providers: {s: {dialect: simulated}}\n"
      "tiers: [{name: a, targets: [s/m]}, {name: b, targets: [{target: s/m, weight: 5}, s/n]}]\n"
      "routing: {default_tier: a}\n");

  ASSERT_TRUE(loaded.settings) << testing::printed(loaded);
  ASSERT_EQ(loaded.settings->targets.size(), 2U);
  EXPECT_EQ(loaded.settings->targets[0].weight, 5U);
  EXPECT_EQ(loaded.settings->tiers[1].targets, (std::vector<std::size_t>{0, 1}));
}

TEST(Load, WritesAliasesOut) {
  const Loaded loaded = load_text(
      "providers: {s: {dialect: simulated, clocks: &slow {head: 90s}}, r: {dialect: simulated, clocks: *slow}}\n"
      "tiers: [{name: t, targets: [s/m, r/m]}]\n");

  ASSERT_TRUE(loaded.settings) << testing::printed(loaded);
  EXPECT_EQ(loaded.settings->providers.at(1).clocks.head, 90s);
}

TEST(Load, TakesSectionsWithoutContentForDefaults) {
  const Loaded loaded = load_text(minimal("server:\n  limits:\nretry:\n"));

  ASSERT_TRUE(loaded.settings) << testing::printed(loaded);
  EXPECT_EQ(loaded.settings->retry.attempts, Retry{}.attempts);
}

TEST(Load, ResolvesFilesBesideTheConfigurationAndLeavesOutputsAlone) {
  const Loaded loaded =
      load_text(minimal("server: {tls: {certificate: cert.pem, key: /keys/key.pem}}\n"
                        "ledger: {prices: prices.yaml, path: data/ledger.db}\nlog: {access: access.log}\n"),
                {}, {{"/etc/triaged/cert.pem", ""}, {"/keys/key.pem", ""}, {"/etc/triaged/prices.yaml", ""}});

  ASSERT_TRUE(loaded.settings) << testing::printed(loaded);
  EXPECT_EQ(loaded.settings->server.tls.certificate_file, "/etc/triaged/cert.pem");
  EXPECT_EQ(loaded.settings->server.tls.key_file, "/keys/key.pem");
  EXPECT_EQ(loaded.settings->ledger.prices_file, "/etc/triaged/prices.yaml");
  EXPECT_EQ(loaded.settings->ledger.path, "data/ledger.db");
  EXPECT_EQ(loaded.settings->log.access_file, "access.log");
}

TEST(Load, FillsVariablesIntoValuesOfEveryType) {
  const Loaded loaded =
      load_text(minimal("server: {workers: \"${N}\", drain: \"${D:-7s}\", listen: \"127.0.0.1:${P}\"}\n"
                        "ledger: {enabled: \"${E}\", path: $$HOME.db}\n"),
                {{"N", "3"}, {"P", "9000"}, {"E", "false"}});

  ASSERT_TRUE(loaded.settings) << testing::printed(loaded);
  EXPECT_EQ(loaded.settings->server.workers, 3U);
  EXPECT_EQ(loaded.settings->server.drain, 7s);
  EXPECT_EQ(loaded.settings->server.listen.port, 9000);
  EXPECT_FALSE(loaded.settings->ledger.enabled);
  EXPECT_EQ(loaded.settings->ledger.path, "$HOME.db");
}

TEST(Load, IgnoresClientKeysThatComeOutEmpty) {
  const char* text = "server: {api_keys: [\"${A:-}\", \"${B}\", literal]}\n";
  const Loaded loaded = load_text(minimal(text), {{"B", "from-b"}});

  ASSERT_TRUE(loaded.settings) << testing::printed(loaded);
  ASSERT_EQ(loaded.settings->server.api_keys.size(), 2U);
  EXPECT_EQ(loaded.settings->server.api_keys[0].value, "from-b");
  EXPECT_EQ(loaded.settings->server.api_keys[1].value, "literal");
}

TEST(Hash, IsTheSameForTheSameMeaning) {
  const Loaded first = load_text(minimal("server: {drain: 30s}\n"));
  const Loaded second = load_text("# a comment\nversion: 1\n" + minimal("server:\n  drain: 0.5m\n"));

  ASSERT_TRUE(first.settings && second.settings);
  EXPECT_EQ(first.settings->hash, second.settings->hash);
  EXPECT_EQ(first.settings->hash.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(Hash, ChangesWithEverySetting) {
  const char* changes[] = {"",
                           "server: {drain: 31s}\n",
                           "server: {limits: {body: 1MiB}}\n",
                           "retry: {attempts: 5}\n",
                           "log: {prompts: true}\n",
                           "ledger: {on_unknown_price: refuse}\n"};
  std::vector<std::string> hashes;
  for (const char* change : changes) {
    const Loaded loaded = load_text(minimal(change));
    ASSERT_TRUE(loaded.settings) << testing::printed(loaded);
    hashes.push_back(loaded.settings->hash);
  }
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

TEST(Hash, DoesNotDependOnSecrets) {
  const std::string text =
      with_provider("    base_url: https://h/v1\n    api_key: ${K}\n    headers: {X-Token: \"${T}\"}\n") +
      "server: {admin_token: \"${A}\", api_keys: [\"${C}\"]}\n";
  const Loaded one = load_text(text, {{"K", "k1"}, {"T", "t1"}, {"A", "a1"}, {"C", "c1"}});
  const Loaded two = load_text(text, {{"K", "k2"}, {"T", "t2"}, {"A", "a2"}, {"C", "c2"}});

  ASSERT_TRUE(one.settings && two.settings) << testing::printed(one);
  EXPECT_EQ(one.settings->hash, two.settings->hash);
  EXPECT_NE(one.settings->providers[0].api_key.value, two.settings->providers[0].api_key.value);
}

}  // namespace
}  // namespace triaged::config
