// Past prompts with known outcomes, and the nearest of them to a new one. One writer; readers on any thread, which
// never wait for it. Rows are int8 and compared one by one; beyond Limits::scanned rows, full segments get a graph
// (HNSW) that finds the nearest without looking at all. Memory is bounded: the oldest segment goes when it is full.
#pragma once

#include "triaged/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::routing {

// How well one tier did on a prompt. Tiers go by their names' keys, which outlive a change of the configuration.
struct PastOutcome {
  std::uint64_t prompt = 0;  // a hash; whoever feeds outcomes chooses it
  std::uint32_t tier = 0;    // tier_key()
  float good = 0;            // 0 to 1
};
std::uint32_t tier_key(std::string_view name);

struct Neighbour {
  PastOutcome outcome;
  float similarity = 0;
};

class Neighbours {
 public:
  struct Limits {
    std::size_t rows = 200'000;
    std::size_t scanned = 50'000;  // so many are compared one by one
  };

  // `embedder` is the version of the vectors, each of `dimensions` numbers and of length 1.
  Neighbours(std::string embedder, std::size_t dimensions, Limits limits);
  ~Neighbours();
  Neighbours(const Neighbours&) = delete;
  Neighbours& operator=(const Neighbours&) = delete;

  // One thread's. A vector of another size, or an outcome that is no number, is left out.
  void insert(std::span<const float> vector, const PastOutcome& outcome);
  // Builds the graph of one segment, if one is due: seconds of work, for one thread that has the time; insert() goes on
  // beside it. False: none is due.
  bool build_next_graph();
  Result<void> save(const std::string& path) const;  // replaces the file at once or not at all
  // What was saved, as far as it fits the limits (the newest). Errors: not there, damaged, another embedder.
  static Result<std::unique_ptr<Neighbours>> load(const std::string& path, std::string_view embedder,
                                                  std::size_t dimensions, Limits limits);

  // Anyone's. Fills `out` with the nearest, nearest first; returns how many there are.
  std::size_t find(std::span<const float> vector, std::span<Neighbour> out) const;
  std::size_t size() const;
  std::size_t graphs() const;
  const std::string& embedder() const { return embedder_; }
  std::size_t dimensions() const { return dimensions_; }

 private:
  class Segment;
  using Segments = std::vector<std::shared_ptr<Segment>>;  // oldest first; the last one is being filled

  std::shared_ptr<const Segments> segments() const;
  void add_segment();
  void append(std::span<const std::int8_t> steps, float scale, const PastOutcome& outcome);

  std::string embedder_;
  std::size_t dimensions_;
  std::size_t row_;  // bytes of a vector
  Limits limits_;
  std::size_t segment_rows_;
  mutable std::mutex mutex_;  // held for the copy of one pointer
  std::shared_ptr<const Segments> segments_;
};

struct VoteRules {
  double least_similarity = 0.5;  // from which a neighbour counts; its weight grows to 1 as the similarity does
  double prior_weight = 4;        // how many neighbours with the same text the prior is worth
};

struct Vote {
  double good = 0;      // probability of a good answer
  double evidence = 0;  // sum of the weights of the neighbours that were asked
};

// What the neighbours say about a tier: their outcomes, weighted by similarity and shrunk to the prior.
Vote vote(std::span<const Neighbour> neighbours, std::uint32_t tier, double prior, const VoteRules& rules = {});

}  // namespace triaged::routing
