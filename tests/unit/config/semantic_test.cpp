// routing.semantic: what is read, and what is wrong with it.
#include "support.hpp"

namespace triaged::config {
namespace {

using testing::find_problem;
using testing::load_text;
using testing::minimal;
using testing::noted;
using testing::printed;

// Two tiers, and this below `routing:`.
std::string with_semantic(std::string_view semantic) {
  return minimal("  strategies: [semantic, intent]\n  semantic:\n" + std::string(semantic));
}

constexpr const char* orders =
    "    routes:\n"
    "      orders: {tier: light, examples: [where is my order, has it been sent]}\n";

TEST(SemanticSettings, AreReadWithTheirTiers) {
  const Loaded loaded =
      load_text(with_semantic("    threshold: 0.6\n"
                              "    embedder: minilm-static-1\n"
                              "    routes:\n"
                              "      orders: {tier: light, examples: [where is my order, has it been sent]}\n"
                              "      contracts: {tier: strong, threshold: 0.7, examples: [review this contract]}\n"));

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  EXPECT_TRUE(loaded.problems.empty()) << printed(loaded);
  const Semantic& semantic = loaded.settings->routing.semantic;
  EXPECT_EQ(semantic.threshold, 0.6);
  EXPECT_EQ(semantic.embedder, "minilm-static-1");
  ASSERT_EQ(semantic.routes.size(), 2U);
  EXPECT_EQ(semantic.routes[0].name, "orders");
  EXPECT_EQ(semantic.routes[0].tier, 0U);
  EXPECT_EQ(semantic.routes[0].examples, (std::vector<std::string>{"where is my order", "has it been sent"}));
  EXPECT_FALSE(semantic.routes[0].threshold);
  EXPECT_EQ(semantic.routes[1].tier, 1U);
  EXPECT_EQ(semantic.routes[1].threshold, 0.7);
}

TEST(SemanticSettings, AreEmptyByDefaultAndNeedNoThreshold) {
  EXPECT_TRUE(load_text(minimal()).settings->routing.semantic.routes.empty());

  const Loaded loaded = load_text(with_semantic(orders));
  ASSERT_TRUE(loaded.settings) << printed(loaded);
  EXPECT_FALSE(loaded.settings->routing.semantic.threshold);
}

TEST(SemanticSettings, ChangeTheHashOfTheConfiguration) {
  const auto hash = [](std::string_view text) { return load_text(text).settings->hash; };
  const std::string other =
      "    routes:\n"
      "      orders: {tier: light, examples: [where is my order, was it sent]}\n";
  EXPECT_NE(hash(with_semantic(orders)), hash(minimal()));
  EXPECT_NE(hash(with_semantic(orders)), hash(with_semantic(other)));
}

TEST(SemanticSettings, ErrorsSayWhatIsWrong) {
  struct Case {
    std::string semantic;
    const char* key;
    const char* message;
    const char* suggestion;
  };
  const std::string routes = orders;
  for (const Case& item : {
           Case{"    routes:\n      a: {tier: ligt, examples: [x]}\n", "routing.semantic.routes.a.tier",
                "there is no tier 'ligt'", "did you mean 'light'?"},
           Case{"    routes:\n      a: {examples: [x]}\n", "routing.semantic.routes.a.tier", "is needed", ""},
           Case{"    routes:\n      a: {tier: light}\n", "routing.semantic.routes.a.examples", "is needed", ""},
           Case{"    routes:\n      a: {tier: light, examples: []}\n", "routing.semantic.routes.a.examples",
                "the route has no example", "at least one"},
           Case{"    routes:\n      a: {tier: light, examples: [x, \"  \"]}\n", "routing.semantic.routes.a.examples",
                "an example is empty", "remove it"},
           Case{"    routes:\n      a: {tier: light, examples: [x, y, x]}\n", "routing.semantic.routes.a.examples",
                "'x' stands twice", "remove one"},
           Case{"    routes:\n      a: {tier: light, examples: [x], treshold: 0.5}\n",
                "routing.semantic.routes.a.treshold", "unknown key", "did you mean 'threshold'?"},
           Case{"    threshold: 1.5\n    embedder: minilm-static-1\n" + routes, "routing.semantic.threshold",
                "between 0 and 1", ""},
           Case{"    threshold: near\n    embedder: minilm-static-1\n" + routes, "routing.semantic.threshold", "number",
                ""},
           Case{"    routes: [a]\n", "routing.semantic.routes", "expected a mapping", ""},
       }) {
    const Loaded loaded = load_text(with_semantic(item.semantic));
    EXPECT_FALSE(loaded.settings) << item.semantic;
    const Problem* problem = find_problem(loaded, item.key);
    ASSERT_TRUE(problem) << item.key << " in:\n" << item.semantic << "\nfound:\n" << printed(loaded);
    EXPECT_NE(problem->message.find(item.message), std::string::npos) << printed(loaded);
    EXPECT_NE(problem->suggestion.find(item.suggestion), std::string::npos) << printed(loaded);
  }
}

TEST(SemanticSettings, AThresholdWithoutItsEmbedderIsAnError) {
  const Loaded all = load_text(with_semantic(std::string("    threshold: 0.6\n") + orders));
  EXPECT_FALSE(all.settings);
  ASSERT_TRUE(find_problem(all, "routing.semantic.threshold")) << printed(all);
  EXPECT_NE(find_problem(all, "routing.semantic.threshold")->suggestion.find("embedder: minilm-static-1"),
            std::string::npos);

  const Loaded one = load_text(with_semantic("    routes:\n      a: {tier: light, threshold: 0.6, examples: [x]}\n"));
  EXPECT_FALSE(one.settings);
  EXPECT_TRUE(find_problem(one, "routing.semantic.routes.a.threshold")) << printed(one);
}

TEST(SemanticSettings, AThresholdOfAnotherEmbedderIsAnError) {
  const Loaded loaded =
      load_text(with_semantic(std::string("    threshold: 0.6\n    embedder: minilm-static-0\n") + orders));
  EXPECT_FALSE(loaded.settings);
  const Problem* problem = find_problem(loaded, "routing.semantic.embedder");
  ASSERT_TRUE(problem) << printed(loaded);
  EXPECT_EQ(problem->message,
            "the thresholds were measured with 'minilm-static-0', but this version of triaged embeds with "
            "'minilm-static-1'");
  EXPECT_NE(problem->suggestion.find("triaged eval semantic"), std::string::npos);
}

TEST(SemanticSettings, ASharedExampleIsAWarning) {
  const Loaded loaded =
      load_text(with_semantic("    routes:\n"
                              "      a: {tier: light, examples: [Where is it, x]}\n"
                              "      b: {tier: strong, examples: [y, where is it]}\n"));
  ASSERT_TRUE(loaded.settings) << printed(loaded);
  const Problem* problem = find_problem(loaded, "routing.semantic.routes.b.examples");
  ASSERT_TRUE(problem) << printed(loaded);
  EXPECT_FALSE(problem->fatal);
}

TEST(SemanticSettings, ARouteToATierMakesItUsed) {
  const std::string text =
      "providers:\n  sim: {dialect: simulated}\n"
      "tiers:\n  - {name: light, targets: [sim/small]}\n  - {name: strong, targets: [sim/large]}\n"
      "routing:\n  strategies: [semantic]\n  default_tier: strong\n";
  EXPECT_TRUE(find_problem(load_text(text), "tiers[0]"));
  const std::string routed = text + "  semantic:\n" + orders;
  EXPECT_FALSE(find_problem(load_text(routed), "tiers[0]")) << printed(load_text(routed));
}

TEST(SemanticSettings, ARouteToATierThatIsLeftOutMoves) {
  const Loaded loaded = load_text(
      "providers:\n"
      "  sim: {dialect: simulated}\n"
      "  up: {base_url: https://h/v1, api_key: \"${UNSET}\", use: if_key}\n"
      "tiers:\n  - {name: light, targets: [up/small]}\n  - {name: strong, targets: [sim/large]}\n"
      "routing:\n  strategies: semantic\n  default_tier: strong\n  semantic:\n" +
      std::string(orders));
  ASSERT_TRUE(loaded.settings) << printed(loaded);
  ASSERT_EQ(loaded.settings->tiers.size(), 1U);
  EXPECT_EQ(loaded.settings->routing.semantic.routes.at(0).tier, 0U);
  EXPECT_TRUE(std::any_of(loaded.settings->notes.begin(), loaded.settings->notes.end(), [](const std::string& note) {
    return note.find("routing.semantic.routes.orders") != std::string::npos;
  }));
}

TEST(SemanticSettings, RoutesThatNobodyAsksAndNoRoutesToAskAreWarnings) {
  const Loaded idle = load_text(minimal("  semantic:\n" + std::string(orders)));
  ASSERT_TRUE(idle.settings) << printed(idle);
  ASSERT_TRUE(find_problem(idle, "routing.semantic")) << printed(idle);
  EXPECT_NE(find_problem(idle, "routing.semantic")->suggestion.find("[semantic, intent]"), std::string::npos);

  const Loaded empty = load_text(minimal("  strategies: [semantic, intent]\n"));
  ASSERT_TRUE(empty.settings) << printed(empty);
  EXPECT_TRUE(find_problem(empty, "routing.strategies")) << printed(empty);

  const Loaded both = load_text(with_semantic(orders));
  EXPECT_TRUE(both.problems.empty()) << printed(both);
  EXPECT_EQ(both.settings->routing.strategies, (std::vector<Strategy>{Strategy::semantic, Strategy::intent}));
}

TEST(PastSettings, AreReadWithTheirPaths) {
  const Loaded loaded =
      load_text(with_semantic("    past: {files: [outcomes.jsonl, /data/more.jsonl], neighbours: 16}\n"));

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  EXPECT_TRUE(loaded.problems.empty()) << printed(loaded);
  ASSERT_TRUE(loaded.settings->routing.semantic.past);
  const Past& past = *loaded.settings->routing.semantic.past;
  ASSERT_EQ(past.files.size(), 2U);
  EXPECT_TRUE(past.files[0].ends_with("/outcomes.jsonl")) << past.files[0];
  EXPECT_EQ(past.files[1], "/data/more.jsonl");
  EXPECT_EQ(past.neighbours, 16U);
  EXPECT_FALSE(past.threshold) << "the embedder has its own";
  EXPECT_EQ(past.quality_floor, 0.9);
  EXPECT_FALSE(load_text(with_semantic(orders)).settings->routing.semantic.past);
}

TEST(PastSettings, ErrorsSayWhatIsWrong) {
  struct Case {
    const char* past;
    const char* key;
    const char* message;
  };
  for (const Case& item : {
           Case{"{neighbours: 16}", "routing.semantic.past.files", "is needed"},
           Case{"{files: []}", "routing.semantic.past.files", "names no file"},
           Case{"{files: [\" \"]}", "routing.semantic.past.files", "names no file"},
           Case{"{files: a, neighbours: 0}", "routing.semantic.past.neighbours", "between 1 and 64"},
           Case{"{files: a, neighbours: 65}", "routing.semantic.past.neighbours", "between 1 and 64"},
           Case{"{files: a, threshold: 0.7}", "routing.semantic.past.threshold", "and none is named"},
           Case{"{files: a, threshold: 1, embedder: minilm-static-1}", "routing.semantic.past.threshold", "between"},
           Case{"{files: a, threshold: 0.7, embedder: minilm-static-0}", "routing.semantic.past.embedder",
                "but past prompts are compared with 'minilm-static-1'"},
           Case{"{files: [a.jsonl, b.jsonl, a.jsonl]}", "routing.semantic.past.files", "'a.jsonl' stands there twice"},
           Case{"{files: a, quality_floor: 2}", "routing.semantic.past.quality_floor", "between 0 and 1"},
       }) {
    const Loaded loaded = load_text(with_semantic("    past: " + std::string(item.past) + "\n"));
    EXPECT_FALSE(loaded.settings) << item.past;
    const Problem* problem = find_problem(loaded, item.key);
    ASSERT_TRUE(problem) << item.key << " in:\n" << item.past << "\nfound:\n" << printed(loaded);
    EXPECT_NE(problem->message.find(item.message), std::string::npos) << printed(loaded);
  }
}

TEST(PastSettings, ThatDecideNothingAreAWarning) {
  const std::string past = "  semantic:\n    past: {files: a.jsonl}\n";
  const Loaded idle = load_text(minimal(past));
  ASSERT_TRUE(idle.settings) << printed(idle);
  EXPECT_TRUE(find_problem(idle, "routing.semantic.past")) << printed(idle);

  const Loaded with_costs = load_text(minimal("  strategies: [intent, cost_aware]\n" + past));
  EXPECT_FALSE(find_problem(with_costs, "routing.semantic.past")) << printed(with_costs);
}

constexpr const char* upstream_sections =
    "providers:\n"
    "  sim: {dialect: simulated}\n"
    "  up: {base_url: https://up.test/v1, api_key: secret}\n"
    "  claude: {dialect: anthropic, base_url: https://claude.test/v1, api_key: secret}\n"
    "tiers:\n  - {name: light, targets: [sim/small]}\n  - {name: strong, targets: [sim/large, claude/one]}\n";

std::string with_upstream(std::string_view upstream, std::string_view thresholds) {
  return std::string(upstream_sections) + "routing:\n  strategies: [semantic, intent]\n  default_tier: light\n" +
         "  semantic:\n" + std::string(thresholds) + orders + "    upstream: " + std::string(upstream) + "\n";
}

TEST(UpstreamEmbedder, IsATargetOfItsOwnThatClientsDoNotAsk) {
  const Loaded loaded = load_text(with_upstream("{model: up/embed, timeout: 50ms, dimensions: 512, cache: 7}",
                                                "    threshold: 0.4\n    embedder: up/embed@512\n"));

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  EXPECT_TRUE(loaded.problems.empty()) << printed(loaded);
  const Settings& settings = *loaded.settings;
  ASSERT_TRUE(settings.routing.semantic.upstream);
  const config::UpstreamEmbedder& upstream = *settings.routing.semantic.upstream;
  EXPECT_EQ(settings.targets.at(upstream.target).name, "up/embed");
  EXPECT_TRUE(settings.targets.at(upstream.target).embeds);
  EXPECT_TRUE(settings.embeddings.empty());
  EXPECT_EQ(upstream.name, "up/embed@512");
  EXPECT_EQ(upstream.timeout, std::chrono::milliseconds(50));
  EXPECT_EQ(upstream.dimensions, 512);
  EXPECT_EQ(upstream.cache, 7U);
}

TEST(UpstreamEmbedder, MayBeOneThatClientsAskToo) {
  const Loaded loaded = load_text("embeddings: [up/other, up/embed]\n" +
                                  with_upstream("{model: up/embed}", "    threshold: 0.4\n    embedder: up/embed\n"));

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  EXPECT_EQ(loaded.settings->routing.semantic.upstream->target, loaded.settings->embeddings.at(1));
}

TEST(UpstreamEmbedder, IsNoneByDefault) {
  EXPECT_FALSE(load_text(with_semantic(orders)).settings->routing.semantic.upstream);
}

TEST(UpstreamEmbedder, ErrorsSayWhatIsWrong) {
  const std::string fine = "    threshold: 0.4\n    embedder: up/embed\n";
  struct Case {
    const char* upstream;
    std::string thresholds;
    const char* key;
    const char* message;
    const char* suggestion;
  };
  for (const Case& item : {
           Case{"{timeout: 1s}", fine, "routing.semantic.upstream.model", "is needed", ""},
           Case{"{model: upp/embed}", "    threshold: 0.4\n    embedder: upp/embed\n",
                "routing.semantic.upstream.model", "'upp/embed' is no `provider/model` of a provider",
                "did you mean 'up'?"},
           Case{"{model: claude/embed}", "    threshold: 0.4\n    embedder: claude/embed\n",
                "routing.semantic.upstream.model", "does not speak OpenAI's dialect", ""},
           Case{"{model: sim/small}", "    threshold: 0.4\n    embedder: sim/small\n",
                "routing.semantic.upstream.model", "stands in a tier, too", "either answers or embeds"},
           Case{"{model: up/embed, timeout: 0ms}", fine, "routing.semantic.upstream.timeout", "between", ""},
           Case{"{model: up/embed}", "", "routing.semantic.upstream", "nothing says how near is near for 'up/embed'",
                "add `embedder: up/embed` and a `threshold`"},
           Case{"{model: up/embed}", "    threshold: 0.4\n", "routing.semantic.threshold",
                "belongs to the embedder it was measured with",
                "if it was measured with this model, add `embedder: up/embed`"},
           Case{"{model: up/embed}", "    threshold: 0.4\n    embedder: minilm-static-1\n", "routing.semantic.embedder",
                "measured with 'minilm-static-1', but `upstream` embeds with 'up/embed'", "triaged eval semantic"},
           Case{"{model: up/embed, dimensions: 256}", fine, "routing.semantic.embedder",
                "measured with 'up/embed', but `upstream` embeds with 'up/embed@256'", ""},
       }) {
    const Loaded loaded = load_text(with_upstream(item.upstream, item.thresholds));
    EXPECT_FALSE(loaded.settings) << item.upstream;
    const Problem* problem = find_problem(loaded, item.key);
    ASSERT_TRUE(problem) << item.key << " of " << item.upstream << "\nfound:\n" << printed(loaded);
    EXPECT_NE(problem->message.find(item.message), std::string::npos) << printed(loaded);
    EXPECT_NE(problem->suggestion.find(item.suggestion), std::string::npos) << printed(loaded);
  }
}

TEST(UpstreamEmbedder, GoesWithAProviderThatIsLeftOut) {
  std::string text = with_upstream("{model: up/embed}", "    threshold: 0.4\n    embedder: up/embed\n");
  text.replace(text.find("api_key: secret"), 15, "api_key: \"${UNSET}\", use: if_key");

  const Loaded loaded = load_text(text);

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  EXPECT_FALSE(loaded.settings->routing.semantic.upstream);
  EXPECT_TRUE(noted(*loaded.settings,
                    "routing.semantic.upstream is left out, as its provider is: the built-in embedder compares"));
}

TEST(UpstreamEmbedder, WithoutRoutesIsAWarning) {
  const Loaded loaded = load_text(std::string(upstream_sections) +
                                  "routing:\n  default_tier: light\n  semantic:\n    threshold: 0.4\n"
                                  "    embedder: up/embed\n    upstream: {model: up/embed}\n");
  ASSERT_TRUE(loaded.settings) << printed(loaded);
  EXPECT_TRUE(find_problem(loaded, "routing.semantic.upstream")) << printed(loaded);
}

}  // namespace
}  // namespace triaged::config
