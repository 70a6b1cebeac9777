// Routes by example as an embedding model at a provider compares them: which text it is sent, which of its vectors are
// used, and where the routes are kept once its vectors of the examples are there. Sending is the dispatcher's business.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/routing/embedder.hpp"
#include "triaged/routing/semantic_routes.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::routing {

// What the model said of a request: its vector, of length 1, and the routes to compare it with. Without routes the
// built-in embedder decides.
struct EmbeddingHint {
  // What became of asking: "used" or "cached"; without routes "loading" (its vectors of the examples are not there
  // yet), "late", "failed", "invalid" (no vector, or none of the examples' kind) or "paused".
  std::string_view result;
  std::shared_ptr<const SemanticRoutes> routes;
  std::vector<float> vector;
};

// What of a text the model is sent: all of it, of a long one its ends.
std::string text_to_embed(std::string_view text);

// Makes the length of a model's vector 1. Errors say what is wrong with it: not `dimensions` numbers (0: any number
// that can be compared), or no direction.
Result<void> make_comparable(std::vector<float>& vector, std::size_t dimensions);

// Texts whose vectors a model has told, as an embedder: it knows these, and no others.
class EmbeddedTexts final : public Embedder {
 public:
  // `dimensions` 0: those of the first vector.
  EmbeddedTexts(std::string version, double threshold, std::size_t dimensions)
      : version_(std::move(version)), threshold_(threshold), dimensions_(dimensions) {}

  Result<void> add(std::string_view text, std::vector<float> vector);
  // What `other` has of these texts, if it is of the same version.
  void add_known(std::span<const std::string> texts, const Embedder& other);
  bool knows(std::string_view text) const { return vectors_.find(text) != vectors_.end(); }

  std::string_view version() const override { return version_; }
  std::size_t dimensions() const override { return dimensions_; }
  double threshold() const override { return threshold_; }
  bool embed(std::string_view text, std::span<float> out) const override;

 private:
  std::string version_;
  double threshold_;
  std::size_t dimensions_;
  std::map<std::string, std::vector<float>, std::less<>> vectors_;
};

// The routes of one configuration: one of its workers has them made, all use them.
class UpstreamRoutes {
 public:
  // `earlier`: of the configuration before, whose vectors need not be asked for again; null: there was none.
  explicit UpstreamRoutes(std::shared_ptr<const SemanticRoutes> earlier) : earlier_(std::move(earlier)) {}

  const SemanticRoutes* earlier() const { return earlier_.get(); }
  bool claim();  // true for the first who asks: that worker has them made
  void set(std::shared_ptr<const SemanticRoutes> routes);
  std::shared_ptr<const SemanticRoutes> find() const;  // null: not there yet

 private:
  const std::shared_ptr<const SemanticRoutes> earlier_;
  mutable std::mutex mutex_;
  bool claimed_ = false;
  std::shared_ptr<const SemanticRoutes> routes_;
};

}  // namespace triaged::routing
