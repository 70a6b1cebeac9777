// Texts as vectors: near in direction where near in meaning. The built-in embedder is a table of word pieces in int8,
// whose weighted mean is the vector of a text: microseconds, no network.
#pragma once

#include "triaged/base/result.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace triaged::routing {

constexpr std::size_t most_dimensions = 4096;

// Of a long text only head and tail are looked at: its first and its last bytes, cut between characters.
struct TextEnds {
  explicit TextEnds(std::string_view text);
  std::string_view head;
  std::string_view tail;  // empty where nothing was left out
};

class Embedder {
 public:
  virtual ~Embedder() = default;
  // Vectors of one version are comparable with each other and with nothing else; so are thresholds of similarity.
  virtual std::string_view version() const = 0;
  virtual std::size_t dimensions() const = 0;
  // The similarity from which a text counts as one of a route's, measured for this version.
  virtual double threshold() const = 0;
  // Writes a vector of length 1 to `out`, which has dimensions() numbers. False where there is none: a text without
  // anything known.
  virtual bool embed(std::string_view text, std::span<float> out) const = 0;
};

// The table that is compiled in. It is read on the first call only, and shared from then on; any thread.
Result<std::shared_ptr<const Embedder>> built_in_embedder();
// A table in a file (config/models/make_embedder.py makes one), mapped into memory. Errors name the file: no embedder,
// damaged, or of another version of triaged.
Result<std::shared_ptr<const Embedder>> load_embedder(const std::string& path);
// A table in memory that outlives the embedder; errors begin with `origin`.
Result<std::shared_ptr<const Embedder>> decode_embedder(std::string_view bytes, std::string_view origin);

}  // namespace triaged::routing
