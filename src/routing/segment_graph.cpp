#include "routing/segment_graph.hpp"

#include "routing/vectors.hpp"

#include <cstring>
#include <exception>

// Distances are computed here; all that its instructions would add is a prefetch that reads behind the last link.
#define NO_MANUAL_VECTORIZATION
#include <hnswlib/hnswlib.h>

namespace triaged::routing {

namespace {

constexpr std::size_t links = 16;         // of a row at each level, twice as many at the lowest
constexpr std::size_t build_width = 120;  // candidates looked at for a row that is put in ...
constexpr std::size_t find_width = 48;    // ... and for a question

// What the graph keeps of a row: where it is.
struct RowPlace {
  const std::int8_t* steps;
  float scale;
};

float distance(const void* a, const void* b, const void* row_size) {
  RowPlace left{};
  RowPlace right{};
  std::memcpy(&left, a, sizeof left);
  std::memcpy(&right, b, sizeof right);
  const std::size_t size = *static_cast<const std::size_t*>(row_size);
  return 1.0F - static_cast<float>(dot(left.steps, right.steps, size)) * left.scale * right.scale;
}

class Space final : public hnswlib::SpaceInterface<float> {
 public:
  explicit Space(std::size_t row) : row_(row) {}
  std::size_t get_data_size() override { return sizeof(RowPlace); }
  hnswlib::DISTFUNC<float> get_dist_func() override { return distance; }
  void* get_dist_func_param() override { return &row_; }

 private:
  std::size_t row_;
};

}  // namespace

struct SegmentGraph::Index {
  explicit Index(const RowsView& rows) : space(rows.row), graph(&space, rows.size, links, build_width) {}
  Space space;
  hnswlib::HierarchicalNSW<float> graph;
};

SegmentGraph::SegmentGraph(const RowsView& rows) : index_(std::make_unique<Index>(rows)) {
  for (std::size_t i = 0; i < rows.size; ++i) {
    const RowPlace place{rows.steps + i * rows.row, rows.scales[i]};
    index_->graph.addPoint(&place, i);
  }
  index_->graph.setEf(find_width);
}

SegmentGraph::~SegmentGraph() = default;

std::unique_ptr<const SegmentGraph> SegmentGraph::build(const RowsView& rows, std::string& problem) {
  try {
    return std::unique_ptr<const SegmentGraph>(new SegmentGraph(rows));
  } catch (const std::exception& why) {  // hnswlib's way to say that memory is out
    problem = why.what();
    return nullptr;
  }
}

void SegmentGraph::find(const std::int8_t* steps, float scale, std::size_t count,
                        const std::function<void(std::size_t row, float similarity)>& each) const {
  const RowPlace place{steps, scale};
  auto nearest = index_->graph.searchKnn(&place, count);
  for (; !nearest.empty(); nearest.pop()) each(nearest.top().second, 1.0F - nearest.top().first);
}

}  // namespace triaged::routing
