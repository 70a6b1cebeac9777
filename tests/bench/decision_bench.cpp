// Whole decisions on real prompts, with everything a configuration can ask for: features, task, complexity, routes by
// example, estimates of every tier, plan. Percentiles, because the mean hides the long prompts.
// Prompts: TRIAGED_BENCH_PROMPTS (files of JSON lines with "text", separated by spaces), else the project's own.
#include "triaged/api/codec.hpp"
#include "triaged/base/embedded.hpp"
#include "triaged/dispatch/pricing.hpp"
#include "triaged/ledger/prices.hpp"
#include "triaged/routing/embedder.hpp"
#include "triaged/routing/past_prompts.hpp"
#include "triaged/routing/plan.hpp"
#include "triaged/routing/semantic_routes.hpp"
#include "triaged/routing/task_model.hpp"

#include "bench/three_tiers.hpp"

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace triaged {
namespace {

using Json = nlohmann::json;

constexpr std::string_view routing_section = R"(  strategies: [semantic, cost_aware, intent]
  semantic:
    routes:
      orders: {tier: light, examples: [where is my order, has my parcel been sent, the tracking number does not work]}
      contracts: {tier: premium, examples: [review this contract, is this clause enforceable]}
  table: [{task: [qa, chat], complexity: <0.35, tier: light}]
)";

std::vector<std::string> files() {
  std::string given = TRIAGED_PROMPTS "/heldout.jsonl";
  if (const char* chosen = std::getenv("TRIAGED_BENCH_PROMPTS")) given = chosen;
  std::istringstream words(given);
  std::vector<std::string> found;
  for (std::string file; words >> file;) found.push_back(file);
  return found;
}

std::vector<std::string> texts() {
  std::vector<std::string> found;
  for (const std::string& file : files()) {
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
      const Json row = Json::parse(line, nullptr, false);
      if (!row.is_object() || !row.contains("text")) continue;
      found.push_back(row["text"].is_string() ? row["text"].get<std::string>() : std::string());
    }
  }
  return found;
}

std::vector<std::string> bodies() {
  std::vector<std::string> found;
  for (const std::string& text : texts()) {
    const Json message{{"role", "user"}, {"content", text}};
    found.push_back(Json{{"model", "auto"}, {"messages", Json::array({message})}}.dump());
  }
  return found;
}

// So many past prompts: the same texts, each said of other things.
std::vector<routing::PastPrompt> past_prompts(std::size_t count) {
  static constexpr std::array<const char*, 8> things = {" about invoices",  " for the garden", " in the server room",
                                                        " of the contract", " on holidays",    " with a recipe",
                                                        " by train",        " at the bank"};
  const std::vector<std::string> all = texts();
  std::vector<routing::PastPrompt> past;
  for (std::size_t i = 0; i < count && !all.empty(); ++i) {
    const std::string text = all[i % all.size()] + things[i / all.size() % things.size()] + " " + std::to_string(i);
    past.push_back({std::to_string(i), text, {i % 3 == 0 ? 0.0F : 1.0F, 1.0F, 1.0F}});
  }
  return past;
}

// What the daemon loads for such a configuration.
struct World {
  explicit World(std::size_t past_rows)
      : settings(bench::three_tiers(routing_section)),
        classifier(routing::make_trained_classifier(*routing::TaskModel::decode(embedded_task_model(), "tasks"))),
        estimates(*routing::EstimateModel::decode(embedded_outcome_model(), "outcomes")),
        outcomes(settings->tiers.size(), {}),
        pricing(*settings, ledger::PriceBook::built_in()),
        routes(*routing::SemanticRoutes::make(settings->routing.semantic, *routing::built_in_embedder())),
        past(past_prompts(past_rows), settings->tiers.size(), config::Past{}, *routing::built_in_embedder()),
        brain(*classifier) {
    brain.estimates = estimates.get();
    brain.outcomes = &outcomes;
    brain.pricing = &pricing;
    brain.routes = routes.get();
    if (past_rows > 0) brain.past = &past;
  }

  std::shared_ptr<const config::Settings> settings;
  std::unique_ptr<routing::Classifier> classifier;
  std::shared_ptr<const routing::EstimateModel> estimates;
  routing::Outcomes outcomes;
  dispatch::TargetPricing pricing;
  std::shared_ptr<const routing::SemanticRoutes> routes;
  routing::PastPrompts past;
  routing::Brain brain;
};

double percentile(std::vector<double>& sorted, double share) {
  const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(at), sorted.end());
  return sorted[at];
}

void decide_all(benchmark::State& state) {
  const std::vector<std::string> all = bodies();
  if (all.empty()) {
    state.SkipWithError("no prompts: TRIAGED_BENCH_PROMPTS names files of JSON lines with \"text\"");
    return;
  }
  const World world(static_cast<std::size_t>(state.range(0)));
  api::Decoder decoder;
  std::vector<double> took;
  std::size_t bytes = 0;
  for (auto _ : state) {
    for (const std::string& body : all) {
      const Result<chat::Request> request = decoder.decode(chat::Dialect::openai_chat, body);
      const auto start = std::chrono::steady_clock::now();
      const Result<routing::Plan> plan = routing::make_plan(*request, *world.settings, world.brain);
      took.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
      if (!plan) return state.SkipWithError(plan.error().detail.c_str());
      bytes += body.size();
    }
  }
  state.counters["prompts"] = static_cast<double>(all.size());
  state.counters["bytes"] = static_cast<double>(bytes) / static_cast<double>(took.size());
  state.counters["p50_us"] = percentile(took, 0.5);
  state.counters["p99_us"] = percentile(took, 0.99);
  state.counters["max_us"] = percentile(took, 1.0);
}
BENCHMARK(decide_all)->ArgName("past")->Arg(0)->Arg(1'000)->Arg(5'000)->Arg(50'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace triaged
