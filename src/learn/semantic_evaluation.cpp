#include "triaged/learn/semantic_evaluation.hpp"

#include "triaged/base/ids.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/routing/semantic_routes.hpp"

#include "learn/bag_of_words.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace triaged::learn {

namespace {

using Dense = std::vector<float>;

std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[static_cast<std::size_t>(random.unit() * static_cast<double>(i))]);
  }
  return order;
}

// Which texts are examples, and of which classes, in one round.
struct Draw {
  std::vector<std::vector<std::size_t>> examples;  // by class
  std::vector<std::size_t> asked;                  // the other texts
};

Draw draw(const LabelledTexts& data, std::size_t examples, std::uint64_t seed) {
  Draw drawn;
  drawn.examples.resize(data.classes.size());
  for (const std::size_t text : shuffled(data.texts.size(), seed)) {
    auto& chosen = drawn.examples[data.labels[text]];
    if (chosen.size() < examples) {
      chosen.push_back(text);
    } else {
      drawn.asked.push_back(text);
    }
  }
  return drawn;
}

double similarity(const Dense& centroid, const Dense& vector) {
  return std::inner_product(centroid.begin(), centroid.end(), vector.begin(), 0.0);
}
double similarity(const Dense& centroid, const WordVector& vector) {
  double sum = 0;
  for (const auto& [word, weight] : vector) sum += double{centroid[word]} * double{weight};
  return sum;
}

void add(Dense& centroid, const Dense& vector) {
  for (std::size_t i = 0; i < vector.size(); ++i) centroid[i] += vector[i];
}
void add(Dense& centroid, const WordVector& vector) {
  for (const auto& [word, weight] : vector) centroid[word] += weight;
}

void normalise(Dense& vector) {
  const double length = std::sqrt(std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0));
  if (length == 0) return;
  for (float& value : vector) value = static_cast<float>(double{value} / length);
}

// Texts whose class has the nearest centroid.
template <class Vector>
std::size_t count_right(const LabelledTexts& data, const Draw& drawn, const std::vector<Vector>& vectors,
                        std::size_t dimensions) {
  std::vector<Dense> centroids;
  for (const auto& chosen : drawn.examples) {
    Dense& centroid = centroids.emplace_back(dimensions);
    for (const std::size_t text : chosen) add(centroid, vectors[text]);
    normalise(centroid);
  }
  std::size_t right = 0;
  for (const std::size_t text : drawn.asked) {
    std::size_t best = 0;
    double most = -2;
    for (std::size_t i = 0; i < centroids.size(); ++i) {
      const double here = similarity(centroids[i], vectors[text]);
      if (here > most) {
        most = here;
        best = i;
      }
    }
    right += best == data.labels[text] ? 1U : 0U;
  }
  return right;
}

// The texts as the contestants see them.
struct Texts {
  const LabelledTexts& data;
  std::shared_ptr<const routing::Embedder> embedder;
  std::vector<Dense> vectors;
  std::vector<bool> known;  // has a vector; the others are near to nothing, and count as wrong
  std::vector<WordVector> bags;
  std::size_t words = 0;
};

Texts look_at(const LabelledTexts& data, std::shared_ptr<const routing::Embedder> embedder) {
  Texts texts{data, std::move(embedder), {}, {}, weigh_words(data.texts), 0};
  for (const std::string& text : data.texts) {
    Dense& vector = texts.vectors.emplace_back(texts.embedder->dimensions());
    texts.known.push_back(texts.embedder->embed(text, vector));
  }
  texts.words = count_words(texts.bags);
  return texts;
}

// The classes `which` as routes; the route's tier is the class.
Result<std::shared_ptr<const routing::SemanticRoutes>> make_routes(const Texts& texts, const Draw& drawn,
                                                                   const std::vector<std::size_t>& which) {
  config::Semantic settings;
  for (const std::size_t label : which) {
    config::SemanticRoute& route = settings.routes.emplace_back();
    route.name = texts.data.classes[label];
    route.tier = label;
    for (const std::size_t text : drawn.examples[label]) {
      if (texts.known[text]) route.examples.push_back(texts.data.texts[text]);
    }
  }
  return routing::SemanticRoutes::make(settings, texts.embedder);
}

struct Match {
  double similarity = 0;
  bool right = false;
  bool belongs = false;  // to one of the routes
};

struct Outcome {
  double precision = 1;
  double recall = 0;
  double wrongly_taken = 0;
};

class Matches {
 public:
  void add(Match match) { list_.push_back(match); }
  void sort() {
    std::sort(list_.begin(), list_.end(), [](const Match& a, const Match& b) { return a.similarity > b.similarity; });
  }

  // The lowest similarity from which at least `precision` of the matches are right; 1 if there is none.
  double threshold(double precision) const {
    double lowest = 1;
    std::size_t right = 0;
    for (std::size_t i = 0; i < list_.size(); ++i) {
      right += list_[i].right ? 1U : 0U;
      const bool last_of_equals = i + 1 == list_.size() || list_[i + 1].similarity < list_[i].similarity;
      if (last_of_equals && static_cast<double>(right) >= precision * static_cast<double>(i + 1)) {
        lowest = list_[i].similarity;
      }
    }
    return lowest;
  }

  Outcome at(double threshold) const {
    double taken = 0;
    double right = 0;
    double wrong_guests = 0;
    double members = 0;
    for (const Match& match : list_) {
      members += match.belongs ? 1 : 0;
      if (match.similarity < threshold) continue;
      taken += 1;
      right += match.right ? 1 : 0;
      wrong_guests += match.belongs ? 0 : 1;
    }
    const double guests = static_cast<double>(list_.size()) - members;
    Outcome outcome;
    outcome.precision = taken > 0 ? right / taken : 1;
    outcome.recall = members > 0 ? right / members : 0;
    outcome.wrongly_taken = guests > 0 ? wrong_guests / guests : 0;
    return outcome;
  }

 private:
  std::vector<Match> list_;
};

// The classes that are routes, where the others belong to none.
std::vector<std::size_t> half_of_classes(std::size_t classes, std::uint64_t seed) {
  std::vector<std::size_t> order = shuffled(classes, seed);
  order.resize(std::max<std::size_t>(1, classes / 2));
  return order;
}

Result<void> check(const LabelledTexts& data, const SemanticTrial& trial) {
  const auto bad = [&data](const std::string& why) {
    return client_error(ErrorKind::invalid_request, 400, data.path + ": " + why);
  };
  if (data.classes.size() < 2) return bad("holds fewer than two classes");
  if (trial.examples == 0 || trial.rounds == 0) return bad("cannot be tried with no examples or no rounds");
  std::vector<std::size_t> sizes(data.classes.size());
  for (const std::size_t label : data.labels) ++sizes[label];
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] > trial.examples) continue;
    return bad("class \"" + data.classes[i] + "\" has " + std::to_string(sizes[i]) + " texts; " +
               std::to_string(trial.examples) + " examples and one to ask about are needed");
  }
  return {};
}

// Adds what one round finds; `figures` holds counts until all are done.
Result<void> run_round(const Texts& texts, const SemanticTrial& trial, std::uint64_t seed, SemanticFigures& figures,
                       Matches& matches) {
  const LabelledTexts& data = texts.data;
  const Draw drawn = draw(data, trial.examples, seed);
  figures.asked += drawn.asked.size();
  figures.nearest_centroid +=
      static_cast<double>(count_right(data, drawn, texts.vectors, texts.embedder->dimensions()));
  figures.bag_of_words += static_cast<double>(count_right(data, drawn, texts.bags, texts.words));

  std::vector<std::size_t> every(data.classes.size());
  std::iota(every.begin(), every.end(), std::size_t{0});
  const std::vector<std::size_t> half = half_of_classes(data.classes.size(), seed);
  const auto all = make_routes(texts, drawn, every);
  if (!all) return all.error();
  const auto some = make_routes(texts, drawn, half);
  if (!some) return some.error();
  for (const std::size_t text : drawn.asked) {
    const std::size_t label = data.labels[text];
    const bool belongs = std::find(half.begin(), half.end(), label) != half.end();
    Match match{-1, false, belongs};
    if (texts.known[text]) {
      const std::span<const float> vector(texts.vectors[text]);
      figures.routes += (*all)->nearest(vector)->tier == label ? 1 : 0;
      const routing::SemanticMatch nearest = *(*some)->nearest(vector);
      match.similarity = nearest.similarity;
      match.right = nearest.tier == label;
    }
    matches.add(match);
  }
  return {};
}

}  // namespace

Result<SemanticFigures> evaluate_semantic(const LabelledTexts& data, std::shared_ptr<const routing::Embedder> embedder,
                                          const SemanticTrial& trial,
                                          const std::function<void(std::string_view)>& progress) {
  if (Result<void> fit = check(data, trial); !fit) return fit.error();
  const Texts texts = look_at(data, std::move(embedder));
  progress("embedded " + std::to_string(data.texts.size()) + " texts");

  SemanticFigures figures;
  figures.classes = data.classes.size();
  Matches matches;
  for (std::size_t round = 0; round < trial.rounds; ++round) {
    if (Result<void> ran = run_round(texts, trial, trial.seed + round, figures, matches); !ran) return ran.error();
    progress("round " + std::to_string(round + 1) + " of " + std::to_string(trial.rounds));
  }
  const auto asked = static_cast<double>(figures.asked);
  figures.nearest_centroid /= asked;
  figures.bag_of_words /= asked;
  figures.routes /= asked;
  matches.sort();
  figures.threshold = matches.threshold(trial.precision);
  const Outcome measured = matches.at(figures.threshold);
  figures.precision = measured.precision;
  figures.recall = measured.recall;
  figures.wrongly_taken = measured.wrongly_taken;
  figures.own_threshold = texts.embedder->threshold();
  const Outcome own = matches.at(figures.own_threshold);
  figures.own_precision = own.precision;
  figures.own_recall = own.recall;
  figures.own_wrongly_taken = own.wrongly_taken;
  return figures;
}

}  // namespace triaged::learn
