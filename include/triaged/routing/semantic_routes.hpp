// Routes by example: a text that is near enough to what was said before belongs to a route, and the route names a tier.
// How near a text is to a route is the mean of two similarities: to the centre of its examples, and to the nearest one.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/routing/embedder.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace triaged::routing {

struct SemanticMatch {
  std::size_t route = 0;  // index into Semantic::routes
  std::size_t tier = 0;   // index into Settings::tiers
  double similarity = 0;  // -1 to 1
  double threshold = 0;   // of the route
  bool near_enough() const { return similarity >= threshold; }
};

// Immutable, used by all workers at once. Pure: the same text, the same answer.
class SemanticRoutes {
 public:
  // Error 500: an example has no vector; the sentence names its key. Thresholds of the configuration hold where they
  // were measured with this embedder (Semantic::embedder), else its own.
  static Result<std::shared_ptr<const SemanticRoutes>> make(const config::Semantic& settings,
                                                            std::shared_ptr<const Embedder> embedder);

  // The nearest of the routes that are near enough; none if there is none.
  std::optional<SemanticMatch> find(std::string_view text) const { return best(text, true); }
  // The same for a vector of this embedder, of length 1.
  std::optional<SemanticMatch> find(std::span<const float> vector) const { return best(vector, true); }
  // The nearest route, near enough or not; none for a text without a vector, and where there are no routes.
  std::optional<SemanticMatch> nearest(std::string_view text) const { return best(text, false); }
  std::optional<SemanticMatch> nearest(std::span<const float> vector) const { return best(vector, false); }
  // So many routes, the nearest first, near enough or not.
  std::vector<SemanticMatch> ranked(std::string_view text, std::size_t most) const;
  std::vector<SemanticMatch> ranked(std::span<const float> vector, std::size_t most) const;

  const Embedder& embedder() const { return *embedder_; }
  std::size_t size() const { return routes_.size(); }

 private:
  struct Route {
    std::size_t first = 0;  // row of the centre
    std::size_t examples = 0;
    std::size_t tier = 0;
    double threshold = 0;
  };
  class Comparison;

  explicit SemanticRoutes(std::shared_ptr<const Embedder> embedder);
  void add_route(std::span<const std::vector<float>> examples, std::size_t tier, double threshold);
  std::optional<SemanticMatch> best(std::span<const float> vector, bool near_enough) const;
  std::optional<SemanticMatch> best(std::string_view text, bool near_enough) const;

  std::shared_ptr<const Embedder> embedder_;
  std::size_t row_ = 0;  // of a vector in `steps_`
  std::vector<Route> routes_;
  std::vector<std::int8_t> steps_;  // of each route the centre, then the examples
  std::vector<float> scales_;
};

}  // namespace triaged::routing
