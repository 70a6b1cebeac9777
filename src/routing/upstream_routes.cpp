#include "triaged/routing/upstream_routes.hpp"

#include "routing/vectors.hpp"

#include <algorithm>
#include <utility>

namespace triaged::routing {

std::string text_to_embed(std::string_view text) {
  const TextEnds ends(text);
  std::string out(ends.head);
  if (!ends.tail.empty()) out.append("\n").append(ends.tail);
  return out;
}

Result<void> make_comparable(std::vector<float>& vector, std::size_t dimensions) {
  const auto wrong = [](std::string problem) { return upstream_error(ErrorKind::protocol, std::move(problem)); };
  if (dimensions != 0 && vector.size() != dimensions) {
    return wrong("a vector has " + std::to_string(vector.size()) + " numbers, not " + std::to_string(dimensions));
  }
  if (vector.empty()) return wrong("a vector is empty");
  if (vector.size() > most_dimensions) {
    return wrong("a vector has more than " + std::to_string(most_dimensions) + " numbers");
  }
  if (!normalise(vector)) return wrong("a vector has no direction");
  return {};
}

Result<void> EmbeddedTexts::add(std::string_view text, std::vector<float> vector) {
  if (Result<void> fit = make_comparable(vector, dimensions_); !fit) return fit;
  dimensions_ = vector.size();
  vectors_.insert_or_assign(std::string(text), std::move(vector));
  return {};
}

void EmbeddedTexts::add_known(std::span<const std::string> texts, const Embedder& other) {
  if (other.version() != version_) return;
  std::vector<float> vector(other.dimensions());
  for (const std::string& text : texts) {
    if (other.embed(text, vector)) static_cast<void>(add(text, vector));
  }
}

bool EmbeddedTexts::embed(std::string_view text, std::span<float> out) const {
  const auto found = vectors_.find(text);
  if (found == vectors_.end()) return false;
  std::copy(found->second.begin(), found->second.end(), out.begin());
  return true;
}

bool UpstreamRoutes::claim() {
  const std::scoped_lock lock(mutex_);
  return !std::exchange(claimed_, true);
}

void UpstreamRoutes::set(std::shared_ptr<const SemanticRoutes> routes) {
  const std::scoped_lock lock(mutex_);
  routes_ = std::move(routes);
}

std::shared_ptr<const SemanticRoutes> UpstreamRoutes::find() const {
  const std::scoped_lock lock(mutex_);
  return routes_;
}

}  // namespace triaged::routing
