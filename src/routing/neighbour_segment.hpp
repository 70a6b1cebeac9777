// A fixed number of rows, filled from the front: one writer appends, readers see the rows that were complete when they
// looked.
#pragma once

#include "triaged/routing/neighbours.hpp"

#include "routing/segment_graph.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace triaged::routing {

class Neighbours::Segment {
 public:
  // Memory that no row has reached yet is not resident.
  Segment(std::size_t capacity, std::size_t row)
      : capacity_(capacity),
        row_(row),
        steps_(std::make_unique_for_overwrite<std::int8_t[]>(capacity * row)),
        scales_(std::make_unique_for_overwrite<float[]>(capacity)),
        numbers_(std::make_unique_for_overwrite<std::uint32_t[]>(capacity)) {}

  bool full() const { return size_.load(std::memory_order_relaxed) == capacity_; }
  // Not when full. What is written becomes visible with the new size.
  void append(std::span<const std::int8_t> steps, float scale, std::uint32_t number) {
    const std::size_t at = size_.load(std::memory_order_relaxed);
    std::copy(steps.begin(), steps.end(), steps_.get() + at * row_);
    scales_[at] = scale;
    numbers_[at] = number;
    size_.store(at + 1, std::memory_order_release);
  }
  bool build_graph(std::string& problem) {
    built_ = SegmentGraph::build(rows(), problem);
    graph_.store(built_.get(), std::memory_order_release);
    return built_ != nullptr;
  }

  RowsView rows() const { return {steps_.get(), scales_.get(), row_, size_.load(std::memory_order_acquire)}; }
  const SegmentGraph* graph() const { return graph_.load(std::memory_order_acquire); }
  std::uint32_t number(std::size_t at) const { return numbers_[at]; }

 private:
  std::size_t capacity_;
  std::size_t row_;
  std::unique_ptr<std::int8_t[]> steps_;
  std::unique_ptr<float[]> scales_;
  std::unique_ptr<std::uint32_t[]> numbers_;
  std::atomic<std::size_t> size_{0};
  std::unique_ptr<const SegmentGraph> built_;
  std::atomic<const SegmentGraph*> graph_{nullptr};
};

}  // namespace triaged::routing
