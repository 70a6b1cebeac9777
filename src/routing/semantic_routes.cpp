#include "triaged/routing/semantic_routes.hpp"

#include "routing/vectors.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace triaged::routing {

// A text against the routes.
class SemanticRoutes::Comparison {
 public:
  Comparison(const SemanticRoutes& routes, std::span<const float> vector) : routes_(routes) {
    scale_ = quantise(vector, std::span(steps_).first(routes.row_));
  }

  SemanticMatch with(std::size_t index) const {
    const Route& route = routes_.routes_[index];
    double nearest = -1;
    for (std::size_t i = 1; i <= route.examples; ++i) nearest = std::max(nearest, similarity(route.first + i));
    SemanticMatch match;
    match.route = index;
    match.tier = route.tier;
    match.similarity = (similarity(route.first) + nearest) / 2;
    match.threshold = route.threshold;
    return match;
  }

 private:
  double similarity(std::size_t row) const {
    const std::int32_t sum = dot(steps_.data(), routes_.steps_.data() + row * routes_.row_, routes_.row_);
    return static_cast<double>(sum) * double{scale_} * double{routes_.scales_[row]};
  }

  const SemanticRoutes& routes_;
  std::array<std::int8_t, most_dimensions> steps_{};
  float scale_ = 0;
};

SemanticRoutes::SemanticRoutes(std::shared_ptr<const Embedder> embedder)
    : embedder_(std::move(embedder)), row_(padded(embedder_->dimensions())) {}

void SemanticRoutes::add_route(std::span<const std::vector<float>> examples, std::size_t tier, double threshold) {
  Route route;
  route.first = scales_.size();
  route.examples = examples.size();
  route.tier = tier;
  route.threshold = threshold;
  std::vector<float> centre(embedder_->dimensions());
  for (const std::vector<float>& example : examples) {
    for (std::size_t i = 0; i < centre.size(); ++i) centre[i] += example[i];
  }
  normalise(centre);  // examples that cancel each other out leave a centre that is near to nothing
  const auto add = [this](std::span<const float> vector) {
    steps_.resize(steps_.size() + row_);
    scales_.push_back(quantise(vector, std::span(steps_).last(row_)));
  };
  add(centre);
  for (const std::vector<float>& example : examples) add(example);
  routes_.push_back(route);
}

Result<std::shared_ptr<const SemanticRoutes>> SemanticRoutes::make(const config::Semantic& settings,
                                                                   std::shared_ptr<const Embedder> embedder) {
  const Embedder& embeds = *embedder;
  if (embeds.dimensions() == 0 || embeds.dimensions() > most_dimensions) {
    return gateway_error(
        ErrorKind::internal, 500,
        "the vectors of " + std::string(embeds.version()) + " have an impossible number of dimensions");
  }
  const bool measured_with_it = settings.embedder == embeds.version();
  std::unique_ptr<SemanticRoutes> routes(new SemanticRoutes(std::move(embedder)));
  for (const config::SemanticRoute& route : settings.routes) {
    std::vector<std::vector<float>> examples;
    for (std::size_t i = 0; i < route.examples.size(); ++i) {
      std::vector<float> vector(embeds.dimensions());
      if (embeds.embed(route.examples[i], vector)) {
        examples.push_back(std::move(vector));
        continue;
      }
      return gateway_error(ErrorKind::internal, 500,
                           "routing.semantic.routes." + route.name + ".examples[" + std::to_string(i) +
                               "]: the embedder " + std::string(embeds.version()) + " has no vector for it");
    }
    double threshold = embeds.threshold();
    if (measured_with_it) threshold = route.threshold.value_or(settings.threshold.value_or(threshold));
    routes->add_route(examples, route.tier, threshold);
  }
  return std::shared_ptr<const SemanticRoutes>(std::move(routes));
}

std::optional<SemanticMatch> SemanticRoutes::best(std::span<const float> vector, bool near_enough) const {
  if (routes_.empty() || vector.size() != embedder_->dimensions()) return std::nullopt;
  const Comparison compare(*this, vector);
  std::optional<SemanticMatch> best;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const SemanticMatch match = compare.with(i);
    if (near_enough && !match.near_enough()) continue;
    if (!best || match.similarity > best->similarity) best = match;
  }
  return best;
}

std::vector<SemanticMatch> SemanticRoutes::ranked(std::span<const float> vector, std::size_t most) const {
  std::vector<SemanticMatch> matches;
  if (vector.size() != embedder_->dimensions()) return matches;
  const Comparison compare(*this, vector);
  for (std::size_t i = 0; i < routes_.size(); ++i) matches.push_back(compare.with(i));
  std::stable_sort(matches.begin(), matches.end(),
                   [](const SemanticMatch& a, const SemanticMatch& b) { return a.similarity > b.similarity; });
  matches.resize(std::min(most, matches.size()));
  return matches;
}

std::vector<SemanticMatch> SemanticRoutes::ranked(std::string_view text, std::size_t most) const {
  std::vector<float> vector(embedder_->dimensions());
  if (routes_.empty() || !embedder_->embed(text, vector)) return {};
  return ranked(std::span<const float>(vector), most);
}

std::optional<SemanticMatch> SemanticRoutes::best(std::string_view text, bool near_enough) const {
  if (routes_.empty()) return std::nullopt;
  std::array<float, most_dimensions> buffer;
  const std::span<float> vector = std::span(buffer).first(embedder_->dimensions());
  if (!embedder_->embed(text, vector)) return std::nullopt;
  return best(std::span<const float>(vector), near_enough);
}

}  // namespace triaged::routing
