// What a decision costs: from a body's bytes to a plan, by kind of request.
#include "triaged/api/codec.hpp"
#include "triaged/base/embedded.hpp"
#include "triaged/routing/classifier.hpp"
#include "triaged/routing/plan.hpp"
#include "triaged/routing/task_model.hpp"

#include "bench/three_tiers.hpp"

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace triaged {
namespace {

using Json = nlohmann::json;

constexpr std::string_view routing_section = R"(  table:
    - {task: [qa, chat, classify, extract, rewrite], complexity: <0.35, tier: light}
    - {complexity: <0.65, tier: standard}
  default_tier: premium
)";

Json message(std::string_view role, std::string_view text) { return {{"role", role}, {"content", text}}; }

std::string body_of(Json messages) {
  return Json{{"model", "auto"}, {"messages", std::move(messages)}, {"temperature", 0.2}}.dump();
}

std::string short_question() { return body_of({message("user", "What are your opening hours on public holidays?")}); }

std::string document(std::size_t bytes) {
  std::string text = "Summarize the following minutes in five points, and name who has to do what until when.\n\n";
  for (int line = 1; text.size() < bytes; ++line) {
    text +=
        std::to_string(line) + ". The committee heard the report on the bridge and asked for three further offers.\n";
  }
  return body_of({message("system", "You are a careful assistant."), message("user", text)});
}

std::string conversation(int turns) {
  Json messages{message("system", "You help with a small Python service.")};
  for (int turn = 0; turn < turns; ++turn) {
    messages.push_back(
        message("user", "The test of step " + std::to_string(turn) + " fails with KeyError: 'name'. Why?"));
    messages.push_back(
        message("assistant", "```python\nrow = table.get(name, {})\n```\nThe key is missing: use `get`."));
  }
  messages.push_back(message("user", "Yes, do it."));
  return body_of(std::move(messages));
}

void decide(benchmark::State& state, const std::string& body) {
  const auto settings = bench::three_tiers(routing_section);
  const auto model = routing::TaskModel::decode(embedded_task_model(), "the built-in task model");
  const auto classifier = routing::make_trained_classifier(*model);
  api::Decoder decoder;
  if (!settings) {
    state.SkipWithError("the configuration of the benchmark does not load");
    return;
  }
  for (auto _ : state) {
    const Result<chat::Request> request = decoder.decode(chat::Dialect::openai_chat, body);
    if (!request) {
      state.SkipWithError(request.error().detail.c_str());
      return;
    }
    const Result<routing::Plan> plan = routing::make_plan(*request, *settings, *classifier);
    if (!plan) {
      state.SkipWithError(plan.error().detail.c_str());
      return;
    }
    benchmark::DoNotOptimize(plan->candidates.data());
  }
  state.counters["body_bytes"] = static_cast<double>(body.size());
}

void decode_only(benchmark::State& state, const std::string& body) {
  api::Decoder decoder;
  for (auto _ : state) {
    const Result<chat::Request> request = decoder.decode(chat::Dialect::openai_chat, body);
    benchmark::DoNotOptimize(request.has_value());
  }
}

const auto unit = benchmark::kMicrosecond;
BENCHMARK_CAPTURE(decide, short_question, short_question())->Unit(unit);
BENCHMARK_CAPTURE(decide, conversation_of_40_turns, conversation(20))->Unit(unit);
BENCHMARK_CAPTURE(decide, document_of_10_kB, document(10'000))->Unit(unit);
BENCHMARK_CAPTURE(decide, document_of_1_MB, document(1'000'000))->Unit(unit);
BENCHMARK_CAPTURE(decode_only, short_question, short_question())->Unit(unit);
BENCHMARK_CAPTURE(decode_only, conversation_of_40_turns, conversation(20))->Unit(unit);
BENCHMARK_CAPTURE(decode_only, document_of_1_MB, document(1'000'000))->Unit(unit);

}  // namespace
}  // namespace triaged
