// Past prompts with known outcomes: those that are near to a new one are evidence of how good each target's answer to
// it will be. Evidence is counted in outcomes of the same text: a neighbour's weight grows from 0 at the least
// similarity to 1 at the same text, as the square of the way between.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/routing/embedder.hpp"
#include "triaged/routing/neighbours.hpp"
#include "triaged/routing/outcomes.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::routing {

constexpr float no_score = std::numeric_limits<float>::quiet_NaN();

struct PastPrompt {
  std::string id;
  std::string text;           // not kept
  std::vector<float> scores;  // by target, 0 to 1; no_score: not known
};

struct PastNeighbour {
  std::size_t row = 0;  // of those that PastPrompts were made of
  std::string_view id;
  double similarity = 0;
  std::span<const float> scores;  // by target
};

// Immutable, used by all workers at once. Pure: the same text, the same answer.
class PastPrompts {
 public:
  // Of more rows the last ones are kept. Up to 50,000 are compared one by one, which finds exactly those that are
  // nearest; of more, the first ones are put in graphs, which find nearly all of them.
  static constexpr Neighbours::Limits usual_limits{.rows = 100'000, .scanned = 50'000, .segment = 25'000};

  // Rows whose text has no vector, or that know no target, are left out. Takes as long as making their vectors, and
  // seconds for each graph. `limits.rows` is a multiple of `limits.segment`.
  PastPrompts(const std::vector<PastPrompt>& rows, std::size_t targets, const config::Past& settings,
              std::shared_ptr<const Embedder> embedder, const Neighbours::Limits& limits = usual_limits);

  // The nearest that are near enough, nearest first.
  std::vector<PastNeighbour> find(std::string_view text) const;

  std::size_t size() const { return rows_.size(); }
  double least_similarity() const { return least_similarity_; }
  double quality_floor() const { return quality_floor_; }

 private:
  std::shared_ptr<const Embedder> embedder_;
  std::size_t targets_;
  std::size_t most_;
  double least_similarity_;
  double quality_floor_;
  std::vector<std::size_t> rows_;
  std::vector<std::string> ids_;
  std::vector<float> scores_;  // [row][target]
  std::unique_ptr<Neighbours> index_;
};

// What neighbours showed of one target.
struct Evidence {
  double weight = 0;      // outcomes of the same text that it is worth
  double good = 0;        // their weighted mean; 0 without weight
  std::size_t count = 0;  // neighbours that know the target
};
Evidence evidence_of(std::span<const PastNeighbour> neighbours, std::size_t target, double least_similarity);

// `estimate`, to which what it rests on counts like `weight` outcomes, with the evidence: good, lower and seen move.
TierEstimate with_evidence(const TierEstimate& estimate, double weight, const Evidence& evidence);

// The tiers that past prompts may choose from, in order, the strongest last.
struct PastOffer {
  Evidence evidence;      // of the target that would be asked first
  bool available = true;  // false: a constraint rules the tier out
};
struct PastChoice {
  std::size_t tier = 0;
  double lower = 0;       // bound of its quality
  double needed = 0;      // what it had to reach
  std::size_t count = 0;  // neighbours that showed it
};
// The weakest tier whose lower bound keeps `quality_floor` of what the strongest available one showed; none where no
// weaker one surely does. Doubt goes up: what little is known of a weaker tier is taken for even chances, and of the
// strongest one for good.
std::optional<PastChoice> choose_by_past(std::span<const PastOffer> tiers, double quality_floor);

}  // namespace triaged::routing
