#include "triaged/routing/neighbours.hpp"

#include "triaged/base/log.hpp"

#include "routing/neighbour_segment.hpp"
#include "routing/vectors.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace triaged::routing {

namespace {

constexpr std::size_t least_segments = 4;  // so that a quarter of what is known goes at most, when the oldest goes

// The best so far, best first, in the caller's memory.
class Best {
 public:
  explicit Best(std::span<Neighbour> out) : out_(out) {}

  bool wants(float similarity) const { return size_ < out_.size() || similarity > out_[size_ - 1].similarity; }
  void add(float similarity, const PastOutcome& outcome) {
    if (!wants(similarity)) return;
    if (size_ < out_.size()) ++size_;
    std::size_t at = size_ - 1;
    for (; at > 0 && out_[at - 1].similarity < similarity; --at) out_[at] = out_[at - 1];
    out_[at] = {outcome, similarity};
  }
  std::size_t size() const { return size_; }

 private:
  std::span<Neighbour> out_;
  std::size_t size_ = 0;
};

}  // namespace

std::uint32_t tier_key(std::string_view name) {
  std::uint32_t hash = 2166136261U;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

Neighbours::Neighbours(std::string embedder, std::size_t dimensions, Limits limits)
    : embedder_(std::move(embedder)),
      dimensions_(dimensions),
      row_(padded(dimensions)),
      limits_(limits),
      segment_rows_(std::clamp<std::size_t>(limits.rows / least_segments, 1, std::max<std::size_t>(1, limits.scanned))),
      segments_(std::make_shared<const Segments>()) {}

Neighbours::~Neighbours() = default;

std::shared_ptr<const Neighbours::Segments> Neighbours::segments() const {
  const std::lock_guard lock(mutex_);
  return segments_;
}

// With the new segment, no more than Limits::rows are ever held.
void Neighbours::add_segment() {
  auto changed = std::make_shared<Segments>(*segments_);
  const std::size_t most = std::max<std::size_t>(1, limits_.rows / segment_rows_);
  while (changed->size() >= most) changed->erase(changed->begin());
  changed->push_back(std::make_shared<Segment>(segment_rows_, row_));
  std::shared_ptr<const Segments> published = std::move(changed);
  const std::lock_guard lock(mutex_);
  segments_.swap(published);
}

void Neighbours::insert(std::span<const float> vector, const PastOutcome& outcome) {
  if (vector.size() != dimensions_ || !std::isfinite(outcome.good)) return;
  const QuantisedVector quantised(vector);
  append(quantised.steps, quantised.step, outcome);
}

void Neighbours::append(std::span<const std::int8_t> steps, float scale, const PastOutcome& outcome) {
  if (segments_->empty() || segments_->back()->full()) add_segment();
  PastOutcome kept = outcome;
  kept.good = std::clamp(outcome.good, 0.0F, 1.0F);
  segments_->back()->append(steps, scale, kept);
}

bool Neighbours::build_next_graph() {
  const std::shared_ptr<const Segments> all = segments();
  std::size_t scanned = 0;
  for (const auto& segment : *all) scanned += segment->graph() == nullptr ? segment->rows().size : 0;
  if (scanned <= limits_.scanned) return false;
  for (const auto& segment : *all) {
    if (segment->graph() != nullptr || !segment->full()) continue;
    std::string problem;
    if (segment->build_graph(problem)) return true;
    log_warn("no graph over past prompts", {{"problem", problem}});
    return false;
  }
  return false;
}

std::size_t Neighbours::find(std::span<const float> vector, std::span<Neighbour> out) const {
  if (out.empty() || vector.size() != dimensions_) return 0;
  const std::shared_ptr<const Segments> all = segments();
  const QuantisedVector asked(vector);
  Best best(out);
  for (const auto& segment : *all) {
    if (const SegmentGraph* const graph = segment->graph(); graph != nullptr) {
      graph->find(asked.steps.data(), asked.step, out.size(),
                  [&](std::size_t row, float similarity) { best.add(similarity, segment->outcome(row)); });
      continue;
    }
    const RowsView rows = segment->rows();
    for (std::size_t i = 0; i < rows.size; ++i) {
      const std::int32_t sum = dot(asked.steps.data(), rows.steps + i * row_, row_);
      const float similarity = static_cast<float>(sum) * asked.step * rows.scales[i];
      if (best.wants(similarity)) best.add(similarity, segment->outcome(i));
    }
  }
  return best.size();
}

std::size_t Neighbours::size() const {
  const std::shared_ptr<const Segments> all = segments();
  std::size_t sum = 0;
  for (const auto& segment : *all) sum += segment->rows().size;
  return sum;
}

std::size_t Neighbours::graphs() const {
  const std::shared_ptr<const Segments> all = segments();
  return static_cast<std::size_t>(
      std::count_if(all->begin(), all->end(), [](const auto& segment) { return segment->graph() != nullptr; }));
}

Vote vote(std::span<const Neighbour> neighbours, std::uint32_t tier, double prior, const VoteRules& rules) {
  Vote result;
  double good = prior * rules.prior_weight;
  for (const Neighbour& neighbour : neighbours) {
    if (neighbour.outcome.tier != tier) continue;
    const double nearness = (double{neighbour.similarity} - rules.least_similarity) / (1 - rules.least_similarity);
    if (!(nearness > 0)) continue;
    const double weight = std::min(nearness, 1.0) * std::min(nearness, 1.0);
    result.evidence += weight;
    good += weight * double{neighbour.outcome.good};
  }
  const double all = result.evidence + rules.prior_weight;
  result.good = all > 0 ? good / all : prior;
  return result;
}

}  // namespace triaged::routing
