// A graph over the rows of one segment (HNSW, from hnswlib), which finds the nearest without looking at all of them.
// Immutable once built; the rows stay where they are and outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace triaged::routing {

// Rows of int8 with the size of their step.
struct RowsView {
  const std::int8_t* steps = nullptr;
  const float* scales = nullptr;
  std::size_t row = 0;  // bytes
  std::size_t size = 0;
};

class SegmentGraph {
 public:
  // Null, and why not, where there is no memory for it.
  static std::unique_ptr<const SegmentGraph> build(const RowsView& rows, std::string& problem);
  ~SegmentGraph();
  SegmentGraph(const SegmentGraph&) = delete;
  SegmentGraph& operator=(const SegmentGraph&) = delete;

  // Calls `each` with about `count` of the rows nearest to the vector, in no order.
  void find(const std::int8_t* steps, float scale, std::size_t count,
            const std::function<void(std::size_t row, float similarity)>& each) const;

 private:
  struct Index;
  explicit SegmentGraph(const RowsView& rows);
  std::unique_ptr<Index> index_;
};

}  // namespace triaged::routing
