#include "triaged/routing/neighbours.hpp"

#include "triaged/base/log.hpp"

#include "routing/neighbour_segment.hpp"
#include "routing/vectors.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace triaged::routing {

namespace {

constexpr std::size_t least_segments = 4;  // so that a quarter of what is known goes at most, when the oldest goes
constexpr std::size_t rows_at_once = 64;

// Of equals the later row, which is the newer one.
bool is_better(const Neighbour& a, const Neighbour& b) {
  return a.similarity != b.similarity ? a.similarity > b.similarity : a.row > b.row;
}

// The best so far, best first, in the caller's memory.
class Best {
 public:
  Best(std::span<Neighbour> out, float least) : out_(out), least_(least) {}

  void add(const Neighbour& found) {
    const bool full = size_ == out_.size();
    if (full ? !is_better(found, out_[size_ - 1]) : found.similarity < least_) return;
    if (!full) ++size_;
    std::size_t at = size_ - 1;
    for (; at > 0 && is_better(found, out_[at - 1]); --at) out_[at] = out_[at - 1];
    out_[at] = found;
  }
  std::size_t size() const { return size_; }

 private:
  std::span<Neighbour> out_;
  float least_;
  std::size_t size_ = 0;
};

}  // namespace

Neighbours::Neighbours(std::size_t dimensions, Limits limits)
    : dimensions_(dimensions),
      bytes_(padded(dimensions)),
      limits_(limits),
      segment_rows_(limits.segment > 0 ? limits.segment
                                       : std::clamp<std::size_t>(limits.rows / least_segments, 1,
                                                                 std::max<std::size_t>(1, limits.scanned))),
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
  changed->push_back(std::make_shared<Segment>(segment_rows_, bytes_));
  std::shared_ptr<const Segments> published = std::move(changed);
  const std::lock_guard lock(mutex_);
  segments_.swap(published);
}

void Neighbours::insert(std::span<const float> vector, std::uint32_t row) {
  if (vector.size() != dimensions_) return;
  const QuantisedVector quantised(vector);
  if (segments_->empty() || segments_->back()->full()) add_segment();
  segments_->back()->append(quantised.steps, quantised.step, row);
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

std::size_t Neighbours::find(std::span<const float> vector, std::span<Neighbour> out, float least) const {
  if (out.empty() || vector.size() != dimensions_) return 0;
  const std::shared_ptr<const Segments> all = segments();
  const QuantisedVector asked(vector);
  Best best(out, least);
  for (const auto& segment : *all) {
    if (const SegmentGraph* const graph = segment->graph(); graph != nullptr) {
      graph->find(asked.steps.data(), asked.step, out.size(), [&](std::size_t at, float similarity) {
        best.add({segment->number(at), similarity});
      });
      continue;
    }
    const RowsView rows = segment->rows();
    std::array<std::int32_t, rows_at_once> sums;
    for (std::size_t first = 0; first < rows.size; first += rows_at_once) {
      const std::size_t count = std::min(rows_at_once, rows.size - first);
      dots(asked.steps.data(), rows.steps + first * bytes_, bytes_, std::span(sums).first(count));
      for (std::size_t i = 0; i < count; ++i) {
        const float similarity = static_cast<float>(sums[i]) * asked.step * rows.scales[first + i];
        best.add({segment->number(first + i), similarity});
      }
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

}  // namespace triaged::routing
