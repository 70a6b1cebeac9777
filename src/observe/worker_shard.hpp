// The numbers of one worker. All methods of Shard are called on that worker's thread; collect() and the two readers on
// any.
#pragma once

#include "triaged/observe/metrics.hpp"

#include "observe/cells.hpp"
#include "observe/exposition.hpp"
#include "observe/families.hpp"
#include "observe/series.hpp"

#include <array>

namespace triaged::observe {

class WorkerShard final : public Shard {
 public:
  explicit WorkerShard(std::size_t max_series);

  void request(const RequestFacts& facts) override;
  void attempt(const AttemptFacts& facts) override;
  void connection_opened() override { connections_.add(1); }
  void connection_closed() override { connections_.add(-1); }
  void request_started() override { in_flight_.add(1); }
  void request_ended() override { in_flight_.add(-1); }
  void upstream_connections(std::string_view provider, std::int64_t more_active, std::int64_t more_idle) override;
  void upstream_reused(std::string_view provider, bool reused) override;
  void breaker(std::string_view target, bool opened) override;
  void target_in_flight(std::string_view target, std::int64_t more) override;
  void latency(std::string_view target, bool stream, Duration average) override;
  void budget_exhausted(std::string_view target) override;
  void key_out(std::string_view provider, std::size_t key) override;
  void journal_failed() override { journal_failures_.add(1); }
  void classifier_call(std::string_view result) override;
  void embedder_call(std::string_view about, std::string_view result) override;
  void gate_finding(std::string_view gate, std::string_view check) override;
  void judge_call(std::string_view result) override;
  void gated_answer(std::string_view route, std::string_view result, bool alarm) override;
  void measure(std::string_view what) override;

  std::int64_t connections() const { return connections_.read(); }
  std::int64_t in_flight() const { return in_flight_.read(); }
  void collect(Exposition& out) const;

 private:
  struct ModelNumbers {
    std::array<Cell, token_classes.size()> tokens;
    Cell cost_unknown;
    Histogram first_content{latency_bounds()};
  };
  struct Connections {
    Cell active;
    Cell idle;
    Cell reused;
    Cell fresh;
  };
  template <class Map, std::size_t n>
  auto* series(Map& map, const Labels<n>& labels);
  void collect_models(Exposition& out) const;
  void collect_targets(Exposition& out) const;

  mutable SeriesBudget budget_;
  SeriesMap<5, Cell> requests_{budget_};
  SeriesMap<6, Cell> attempts_{budget_};
  SeriesMap<2, ModelNumbers> models_{budget_};
  SeriesMap<3, Cell> cost_{budget_};
  SeriesMap<2, Cell> escalations_{budget_};
  SeriesMap<1, Connections> upstreams_{budget_};
  SeriesMap<1, Cell> breakers_{budget_};
  SeriesMap<1, Cell> targets_in_flight_{budget_};
  SeriesMap<2, Cell> latencies_{budget_};  // nanoseconds
  SeriesMap<1, Cell> budgets_exhausted_{budget_};
  SeriesMap<2, Cell> key_outs_{budget_};
  SeriesMap<1, Cell> classifier_calls_{budget_};
  SeriesMap<2, Cell> embedder_calls_{budget_};
  SeriesMap<2, Cell> gate_findings_{budget_};
  SeriesMap<1, Cell> judge_calls_{budget_};
  SeriesMap<2, Cell> gated_answers_{budget_};
  SeriesMap<1, Cell> escalation_alarms_{budget_};
  SeriesMap<1, Cell> measures_{budget_};
  Histogram overhead_{overhead_bounds()};
  Histogram duration_{latency_bounds()};
  Cell saved_;
  Cell connections_;
  Cell in_flight_;
  Cell client_gone_;
  Cell journal_failures_;
  Cell series_dropped_;
};

}  // namespace triaged::observe
