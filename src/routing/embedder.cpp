#include "triaged/routing/embedder.hpp"

#include "triaged/base/embedded.hpp"
#include "triaged/config/settings.hpp"

#include "routing/embedder_file.hpp"
#include "routing/unicode.hpp"
#include "routing/vectors.hpp"
#include "routing/word_pieces.hpp"
#include "routing/words.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace triaged::routing {

TextEnds::TextEnds(std::string_view text) : head(text) {
  if (text.size() <= head_bytes + tail_bytes) return;
  head = text.substr(0, next_character_start(text, head_bytes));
  tail = text.substr(next_character_start(text, text.size() - tail_bytes));
}

namespace {

class StaticEmbedder final : public Embedder {
 public:
  // `held` keeps the bytes alive that the table points into; null where they need nobody.
  StaticEmbedder(EmbedderTable table, std::shared_ptr<const void> held)
      : table_(std::move(table)), held_(std::move(held)) {}

  std::string_view version() const override { return table_.name; }
  std::size_t dimensions() const override { return table_.dimensions; }
  double threshold() const override { return double{table_.threshold}; }

  bool embed(std::string_view text, std::span<float> out) const override {
    Pieces pieces;
    const TextEnds ends(text);
    pieces.add(table_.vocabulary, ends.head);
    pieces.add(table_.vocabulary, ends.tail);
    std::array<float, EmbedderTable::most_dimensions> sum{};
    for (const std::uint16_t row : pieces.rows()) {
      add_scaled(sum.data(), table_.rows + std::size_t{row} * table_.dimensions, table_.scales[row], table_.dimensions);
    }
    std::copy_n(sum.begin(), table_.dimensions, out.begin());
    return normalise(out.first(table_.dimensions));
  }

 private:
  EmbedderTable table_;
  std::shared_ptr<const void> held_;
};

Result<std::shared_ptr<const Embedder>> make(std::string_view bytes, std::string_view origin,
                                             std::shared_ptr<const void> held) {
  Result<EmbedderTable> table = read_embedder_table(bytes, origin);
  if (!table) return table.error();
  return std::shared_ptr<const Embedder>(std::make_shared<StaticEmbedder>(std::move(*table), std::move(held)));
}

Result<std::shared_ptr<const Embedder>> read_built_in() {
  const std::string_view bytes = embedded_embedder();
  Result<std::shared_ptr<const Embedder>> embedder = decode_embedder(bytes, "the built-in embedder");
  forget_pages(bytes);
  if (!embedder || (*embedder)->version() == config::built_in_embedder) return embedder;
  return gateway_error(ErrorKind::storage, 500,
                       "the built-in embedder is " + std::string((*embedder)->version()) + ", not " +
                           std::string(config::built_in_embedder) + ": the program was built from unlike parts");
}

}  // namespace

Result<std::shared_ptr<const Embedder>> built_in_embedder() {
  static const Result<std::shared_ptr<const Embedder>> embedder = read_built_in();
  return embedder;
}

Result<std::shared_ptr<const Embedder>> load_embedder(const std::string& path) {
  Result<std::shared_ptr<const MappedFile>> file = MappedFile::open(path);
  if (!file) return file.error();
  const std::string_view bytes = (*file)->bytes();
  Result<std::shared_ptr<const Embedder>> embedder = make(bytes, path, *file);
  forget_pages(bytes);
  return embedder;
}

Result<std::shared_ptr<const Embedder>> decode_embedder(std::string_view bytes, std::string_view origin) {
  return make(bytes, origin, nullptr);
}

}  // namespace triaged::routing
