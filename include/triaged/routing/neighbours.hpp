// Vectors, and the nearest of them to a new one. One writer; readers on any thread, which never wait for it. Vectors
// are int8 and compared one by one; beyond Limits::scanned of them, full segments get a graph (HNSW) that finds the
// nearest without looking at all. Memory is bounded: the oldest segment goes when it is full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace triaged::routing {

struct Neighbour {
  std::uint32_t row = 0;  // a number that insert() was given
  float similarity = 0;   // cosine
};

class Neighbours {
 public:
  struct Limits {
    std::size_t rows = 200'000;
    std::size_t scanned = 50'000;  // so many are compared one by one
    std::size_t segment = 0;       // rows of a segment; 0: a quarter of `rows`, at most `scanned`
  };

  // Vectors have `dimensions` numbers and are of length 1.
  Neighbours(std::size_t dimensions, Limits limits);
  ~Neighbours();
  Neighbours(const Neighbours&) = delete;
  Neighbours& operator=(const Neighbours&) = delete;

  // One thread's. A vector of another size is left out.
  void insert(std::span<const float> vector, std::uint32_t row);
  // Builds the graph of one segment, if one is due: seconds of work, for one thread that has the time; insert() goes on
  // beside it. False: none is due.
  bool build_next_graph();

  // Anyone's. Fills `out` with the nearest of at least the similarity `least`, nearest first, of equals the one with
  // the larger number first; returns how many there are.
  std::size_t find(std::span<const float> vector, std::span<Neighbour> out, float least = -1) const;
  std::size_t size() const;
  std::size_t graphs() const;
  std::size_t dimensions() const { return dimensions_; }

 private:
  class Segment;
  using Segments = std::vector<std::shared_ptr<Segment>>;  // oldest first; the last one is being filled

  std::shared_ptr<const Segments> segments() const;
  void add_segment();

  std::size_t dimensions_;
  std::size_t bytes_;  // of a vector
  Limits limits_;
  std::size_t segment_rows_;
  mutable std::mutex mutex_;  // held for the copy of one pointer
  std::shared_ptr<const Segments> segments_;
};

}  // namespace triaged::routing
