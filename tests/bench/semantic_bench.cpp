// What the parts of semantic routing cost: a vector of a text, routes by example, the nearest of past prompts.
#include "triaged/routing/embedder.hpp"
#include "triaged/routing/neighbours.hpp"
#include "triaged/routing/semantic_routes.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace triaged {
namespace {

constexpr const char* question = "What are your opening hours on public holidays?";

std::string document(std::size_t bytes) {
  std::string text = "Summarize the following minutes in five points, and name who has to do what until when.\n\n";
  for (int line = 1; text.size() < bytes; ++line) {
    text +=
        std::to_string(line) + ". The committee heard the report on the bridge and asked for three further offers.\n";
  }
  return text;
}

const std::shared_ptr<const routing::Embedder>& embedder() {
  static const auto loaded = routing::built_in_embedder();
  return *loaded;
}

// A text that differs from the others by what it is about.
std::string subject(std::size_t number) {
  static const std::array<const char*, 16> things = {"order",  "invoice", "password", "delivery", "contract", "table",
                                                     "flight", "refund",  "server",   "recipe",   "lecture",  "garden",
                                                     "engine", "poem",    "balance",  "holiday"};
  return std::string("Where is the ") + things[number % 16] + " of the " + things[number / 16 % 16] + " number " +
         std::to_string(number);
}

std::vector<float> embed(const std::string& text) {
  std::vector<float> vector(embedder()->dimensions());
  embedder()->embed(text, vector);
  return vector;
}

void embed_text(benchmark::State& state, const std::string& text) {
  std::vector<float> vector(embedder()->dimensions());
  for (auto _ : state) {
    embedder()->embed(text, vector);
    benchmark::DoNotOptimize(vector.data());
  }
  state.counters["bytes"] = static_cast<double>(text.size());
}

// Routes of ten examples each.
void find_route(benchmark::State& state) {
  config::Semantic settings;
  for (std::size_t i = 0; i < static_cast<std::size_t>(state.range(0)); ++i) {
    config::SemanticRoute& route = settings.routes.emplace_back();
    for (std::size_t k = 0; k < 10; ++k) route.examples.push_back(subject(i * 10 + k));
  }
  const auto routes = routing::SemanticRoutes::make(settings, embedder());
  if (!routes) return state.SkipWithError(routes.error().detail.c_str());
  for (auto _ : state) benchmark::DoNotOptimize((*routes)->find(question));
}

void find_neighbours(benchmark::State& state) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  const bool graphs = state.range(1) != 0;
  routing::Neighbours past(embedder()->dimensions(), {.rows = 4 * rows, .scanned = graphs ? rows - 1 : rows});
  for (std::size_t i = 0; i < rows; ++i) past.insert(embed(subject(i)), static_cast<std::uint32_t>(i));
  while (past.build_next_graph()) {
  }
  const std::vector<float> asked = embed(question);
  std::array<routing::Neighbour, 16> found;
  for (auto _ : state) benchmark::DoNotOptimize(past.find(asked, found));
  state.counters["graphs"] = static_cast<double>(past.graphs());
}

const auto unit = benchmark::kMicrosecond;
BENCHMARK_CAPTURE(embed_text, short_question, question)->Unit(unit);
BENCHMARK_CAPTURE(embed_text, document_of_1_kB, document(1'000))->Unit(unit);
BENCHMARK_CAPTURE(embed_text, document_of_1_MB, document(1'000'000))->Unit(unit);
BENCHMARK(find_route)->Arg(4)->Arg(100)->Unit(unit);
BENCHMARK(find_neighbours)->Args({1'000, 0})->Args({50'000, 0})->Args({50'000, 1})->Unit(unit);

}  // namespace
}  // namespace triaged
