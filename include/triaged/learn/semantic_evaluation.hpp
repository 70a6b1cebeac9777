// How well routes by example do on labelled texts with an embedder: accuracy from few examples a class beside that of a
// bag of words, and the similarity from which a match can be trusted.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/routing/embedder.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::learn {

// JSON lines with "text" and a class in `field`.
struct LabelledTexts {
  std::string path;
  std::string sha256;
  std::vector<std::string> classes;
  std::vector<std::string> texts;
  std::vector<std::size_t> labels;  // of the texts: index into `classes`
};
Result<LabelledTexts> read_labelled_texts(const std::string& path, const std::string& field);

struct SemanticTrial {
  std::size_t examples = 10;  // of each class; the other texts are asked about
  std::size_t rounds = 3;     // with other examples each, chosen by the seed
  std::uint64_t seed = 1;
  double precision = 0.95;  // that the threshold shall give
};

struct SemanticFigures {
  std::size_t classes = 0;
  std::size_t asked = 0;  // texts in all rounds
  // Share of texts whose class is found.
  double nearest_centroid = 0;  // of the embedder's vectors
  double routes = 0;            // as routing does it
  double bag_of_words = 0;      // nearest centroid of words, rare ones count for more
  // Half of the classes are routes, the other half's texts belong to none of them.
  double threshold = 0;  // from here on, `precision` of what is matched is right; 1 where nothing is
  double precision = 0;
  double recall = 0;         // share of the routes' texts that are matched, and rightly
  double wrongly_taken = 0;  // share of the other texts that are matched all the same
  // The same for the embedder's own threshold.
  double own_threshold = 0;
  double own_precision = 0;
  double own_recall = 0;
  double own_wrongly_taken = 0;
};

// `progress` is told a line at a time. Errors: a class has too few texts, or there are too few classes.
Result<SemanticFigures> evaluate_semantic(const LabelledTexts& data, std::shared_ptr<const routing::Embedder> embedder,
                                          const SemanticTrial& trial,
                                          const std::function<void(std::string_view)>& progress);

std::string semantic_json(const LabelledTexts& data, const SemanticFigures& figures, const SemanticTrial& trial,
                          const routing::Embedder& embedder);
// For people, several lines.
std::string semantic_text(const LabelledTexts& data, const SemanticFigures& figures, const SemanticTrial& trial,
                          const routing::Embedder& embedder);

}  // namespace triaged::learn
