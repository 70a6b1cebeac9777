// What escalations came to so far, by the way that led into a tier, and where the next request of a way had better
// start. One per worker.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/money.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/quality/cascade.hpp"
#include "triaged/quality/escalation_rate.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::dispatch {

class Escalations {
 public:
  explicit Escalations(const config::Settings& settings);

  // Of what a request may be answered by: the tiers, weakest first, the planned one at the front.
  struct Start {
    std::size_t tier = 0;
    std::string_view reason;  // "" where it is the planned one
  };
  // `random` in [0, 1), two new ones for every request.
  Start start(std::size_t way, std::span<const std::size_t> tiers, double random, double other_random) const;

  // An answer was held against a gate.
  void judged(std::size_t way, std::size_t tier, bool passed);
  // What an answer took that was held against a gate or was the last there is. A cost that is not known tells nothing.
  void took(std::size_t way, std::size_t tier, std::optional<NanoDollars> cost, Duration time);
  // A request that started as planned has its answer.
  void ended(std::size_t way, bool escalated);

  bool alarm(std::size_t way) const { return ways_[way].rate.alarm(); }
  const std::string& name(std::size_t way) const { return ways_[way].name; }

 private:
  // Running means that follow changes.
  struct Tier {
    quality::PassRate passed;
    double answers = 0;
    double dollars = 0;
    double seconds = 0;
  };
  struct Way {
    Way(std::string is_called, const config::Settings& settings)
        : name(std::move(is_called)), rate(settings.quality.escalation), tiers(settings.tiers.size()) {}
    std::string name;
    quality::EscalationRate rate;
    std::vector<Tier> tiers;
  };

  const config::Quality& settings_;
  std::vector<Way> ways_;
};

}  // namespace triaged::dispatch
