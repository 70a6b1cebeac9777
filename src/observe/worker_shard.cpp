#include "observe/worker_shard.hpp"

#include <algorithm>
#include <charconv>

namespace triaged::observe {
namespace {

constexpr std::string_view yes_no(bool value) { return value ? "true" : "false"; }

std::array<std::int64_t, token_classes.size()> token_counts(const chat::Usage& usage) {
  return {usage.input,       usage.cached_input, usage.cache_write_5m, usage.cache_write_1h,
          usage.audio_input, usage.output,       usage.reasoning,      usage.audio_output};
}

template <std::size_t n>
Values values(const std::array<std::string, n>& key) {
  return Values(key.begin(), key.end());
}

}  // namespace

WorkerShard::WorkerShard(std::size_t max_series) : budget_{{}, max_series} {}

template <class Map, std::size_t n>
auto* WorkerShard::series(Map& map, const Labels<n>& labels) {
  auto* const found = map.find_or_add(labels);
  if (found == nullptr) series_dropped_.add(1);
  return found;
}

void WorkerShard::request(const RequestFacts& facts) {
  std::array<char, 12> digits;
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), facts.status);
  const std::string_view status(digits.data(), static_cast<std::size_t>(written.ptr - digits.data()));
  const Labels<5> labels = {facts.endpoint, facts.tier, facts.task, status, yes_no(facts.stream)};
  if (Cell* const counter = series(requests_, labels)) counter->add(1);
  if (facts.escalated) {
    const Labels<2> between = {facts.escalated_from, facts.escalated_to};
    if (Cell* const counter = series(escalations_, between)) counter->add(1);
  }
  if (facts.client_gone) client_gone_.add(1);
  if (facts.saved) saved_.add(facts.saved->value);
  overhead_.observe(facts.overhead);
  duration_.observe(facts.total);
}

void WorkerShard::attempt(const AttemptFacts& facts) {
  const Labels<6> labels = {facts.provider, facts.model, facts.tier, facts.purpose, facts.outcome, facts.error};
  if (Cell* const counter = series(attempts_, labels)) counter->add(1);
  if (facts.cost) {
    const Labels<3> payee = {facts.provider, facts.model, facts.tier};
    if (Cell* const counter = series(cost_, payee)) counter->add(facts.cost->value);
  }
  const Labels<2> model = {facts.provider, facts.model};
  ModelNumbers* const numbers = series(models_, model);
  if (numbers == nullptr) return;
  if (!facts.cost) numbers->cost_unknown.add(1);
  const auto counts = token_counts(facts.usage);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) numbers->tokens[i].add(counts[i]);
  }
  if (facts.first_content > Duration::zero()) numbers->first_content.observe(facts.first_content);
}

void WorkerShard::upstream_connections(std::string_view provider, std::int64_t more_active, std::int64_t more_idle) {
  const Labels<1> labels = {provider};
  Connections* const numbers = series(upstreams_, labels);
  if (numbers == nullptr) return;
  numbers->active.add(more_active);
  numbers->idle.add(more_idle);
}

void WorkerShard::upstream_reused(std::string_view provider, bool reused) {
  const Labels<1> labels = {provider};
  Connections* const numbers = series(upstreams_, labels);
  if (numbers != nullptr) (reused ? numbers->reused : numbers->fresh).add(1);
}

void WorkerShard::breaker(std::string_view target, bool opened) {
  const Labels<1> labels = {target};
  if (Cell* const gauge = series(breakers_, labels)) gauge->add(opened ? 1 : -1);
}

void WorkerShard::target_in_flight(std::string_view target, std::int64_t more) {
  const Labels<1> labels = {target};
  if (Cell* const gauge = series(targets_in_flight_, labels)) gauge->add(more);
}

void WorkerShard::latency(std::string_view target, bool stream, Duration average) {
  const Labels<2> labels = {target, yes_no(stream)};
  if (Cell* const gauge = series(latencies_, labels)) gauge->set(average.count());
}

void WorkerShard::budget_exhausted(std::string_view target) {
  const Labels<1> labels = {target};
  if (Cell* const counter = series(budgets_exhausted_, labels)) counter->add(1);
}

void WorkerShard::key_out(std::string_view provider, std::size_t key) {
  std::array<char, 20> digits;
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), key);
  const Labels<2> labels = {provider,
                            std::string_view(digits.data(), static_cast<std::size_t>(written.ptr - digits.data()))};
  if (Cell* const counter = series(key_outs_, labels)) counter->add(1);
}

void WorkerShard::classifier_call(std::string_view result) {
  const Labels<1> labels = {result};
  if (Cell* const counter = series(classifier_calls_, labels)) counter->add(1);
}

void WorkerShard::embedder_call(std::string_view about, std::string_view result) {
  const Labels<2> labels = {about, result};
  if (Cell* const counter = series(embedder_calls_, labels)) counter->add(1);
}

void WorkerShard::gate_finding(std::string_view gate, std::string_view check) {
  const Labels<2> labels = {gate, check};
  if (Cell* const counter = series(gate_findings_, labels)) counter->add(1);
}

void WorkerShard::judge_call(std::string_view result) {
  const Labels<1> labels = {result};
  if (Cell* const counter = series(judge_calls_, labels)) counter->add(1);
}

void WorkerShard::gated_answer(std::string_view route, std::string_view result, bool alarm) {
  const Labels<2> labels = {route, result};
  if (Cell* const counter = series(gated_answers_, labels)) counter->add(1);
  const Labels<1> way = {route};
  if (Cell* const gauge = series(escalation_alarms_, way)) gauge->set(alarm ? 1 : 0);
}

void WorkerShard::measure(std::string_view what) {
  const Labels<1> labels = {what};
  if (Cell* const counter = series(measures_, labels)) counter->add(1);
}

void WorkerShard::collect(Exposition& out) const {
  const std::lock_guard lock(budget_.mutex);
  requests_.for_each([&out](const auto& key, const Cell& cell) { out.add(names::requests, values(key), cell.read()); });
  attempts_.for_each([&out](const auto& key, const Cell& cell) { out.add(names::attempts, values(key), cell.read()); });
  cost_.for_each([&out](const auto& key, const Cell& cell) { out.add_nano(names::cost, values(key), cell.read()); });
  escalations_.for_each(
      [&out](const auto& key, const Cell& cell) { out.add(names::escalations, values(key), cell.read()); });
  classifier_calls_.for_each(
      [&out](const auto& key, const Cell& cell) { out.add(names::classifier_calls, values(key), cell.read()); });
  embedder_calls_.for_each(
      [&out](const auto& key, const Cell& cell) { out.add(names::embedder_calls, values(key), cell.read()); });
  gate_findings_.for_each(
      [&out](const auto& key, const Cell& cell) { out.add(names::gate_findings, values(key), cell.read()); });
  judge_calls_.for_each(
      [&out](const auto& key, const Cell& cell) { out.add(names::judge_calls, values(key), cell.read()); });
  gated_answers_.for_each(
      [&out](const auto& key, const Cell& cell) { out.add(names::gated_answers, values(key), cell.read()); });
  escalation_alarms_.for_each(
      [&out](const auto& key, const Cell& cell) { out.raise_to(names::escalation_alarm, values(key), cell.read()); });
  measures_.for_each([&out](const auto& key, const Cell& cell) { out.add(names::measures, values(key), cell.read()); });
  upstreams_.for_each([&out](const auto& key, const Connections& numbers) {
    out.add(names::upstreams, {key[0], "active"}, numbers.active.read());
    out.add(names::upstreams, {key[0], "idle"}, numbers.idle.read());
    out.add(names::upstreams_used, {key[0], "true"}, numbers.reused.read());
    out.add(names::upstreams_used, {key[0], "false"}, numbers.fresh.read());
  });
  collect_models(out);
  collect_targets(out);
  out.add_histogram(names::overhead, {}, overhead_);
  out.add_histogram(names::duration, {}, duration_);
  out.add_nano(names::saved, {}, saved_.read());
  out.add(names::in_flight, {}, in_flight_.read());
  out.add(names::clients, {}, connections_.read());
  out.add(names::client_gone, {}, client_gone_.read());
  out.add(names::journal_failures, {}, journal_failures_.read());
  out.add(names::series_dropped, {}, series_dropped_.read());
}

void WorkerShard::collect_targets(Exposition& out) const {
  breakers_.for_each([&out](const auto& key, const Cell& cell) {
    out.raise_to(names::breaker_open, values(key), cell.read() > 0 ? 1 : 0);
  });
  targets_in_flight_.for_each(
      [&out](const auto& key, const Cell& cell) { out.add(names::target_in_flight, values(key), cell.read()); });
  latencies_.for_each([&out](const auto& key, const Cell& cell) {
    out.raise_to_nano(names::target_latency, values(key), cell.read());
  });
  budgets_exhausted_.for_each(
      [&out](const auto& key, const Cell& cell) { out.add(names::budget_exhausted, values(key), cell.read()); });
  key_outs_.for_each([&out](const auto& key, const Cell& cell) { out.add(names::key_outs, values(key), cell.read()); });
}

void WorkerShard::collect_models(Exposition& out) const {
  models_.for_each([&out](const auto& key, const ModelNumbers& numbers) {
    out.add(names::cost_unknown, values(key), numbers.cost_unknown.read());
    out.add_histogram(names::first_content, values(key), numbers.first_content);
    for (std::size_t i = 0; i < token_classes.size(); ++i) {
      out.add(names::tokens, {key[0], key[1], std::string(token_classes[i])}, numbers.tokens[i].read());
    }
  });
}

}  // namespace triaged::observe
