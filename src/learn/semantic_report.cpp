// The figures of routes by example, as JSON and for people.
#include "triaged/learn/semantic_evaluation.hpp"

#include "learn/report_numbers.hpp"

#include <nlohmann/json.hpp>

namespace triaged::learn {

namespace {

std::string share(double part) { return percent(part * 100); }

}  // namespace

std::string semantic_json(const LabelledTexts& data, const SemanticFigures& figures, const SemanticTrial& trial,
                          const routing::Embedder& embedder) {
  nlohmann::ordered_json out = {{"file", data.path.substr(data.path.rfind('/') + 1)},
                                {"sha256", data.sha256},
                                {"embedder", embedder.version()},
                                {"dimensions", embedder.dimensions()},
                                {"texts", data.texts.size()},
                                {"classes", figures.classes},
                                {"examples", trial.examples},
                                {"rounds", trial.rounds},
                                {"seed", trial.seed},
                                {"asked", figures.asked}};
  out["right"] = {{"routes", rounded(figures.routes)},
                  {"nearest_centroid", rounded(figures.nearest_centroid)},
                  {"bag_of_words", rounded(figures.bag_of_words)}};
  out["threshold"] = {{"similarity", rounded(figures.threshold)},
                      {"wanted_precision", rounded(trial.precision)},
                      {"precision", rounded(figures.precision)},
                      {"recall", rounded(figures.recall)},
                      {"wrongly_taken", rounded(figures.wrongly_taken)}};
  out["own_threshold"] = {{"similarity", rounded(figures.own_threshold)},
                          {"precision", rounded(figures.own_precision)},
                          {"recall", rounded(figures.own_recall)},
                          {"wrongly_taken", rounded(figures.own_wrongly_taken)}};
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string semantic_text(const LabelledTexts& data, const SemanticFigures& figures, const SemanticTrial& trial,
                          const routing::Embedder& embedder) {
  const auto number = [](std::size_t value) { return std::to_string(value); };
  std::string out = "data       " + data.path + ": " + number(data.texts.size()) + " texts, " +
                    number(figures.classes) + " classes\n";
  out += "embedder   " + std::string(embedder.version()) + ", " + number(embedder.dimensions()) + " dimensions\n";
  out += "trial      " + number(trial.examples) + " examples a class, " + number(trial.rounds) + " rounds, " +
         number(figures.asked) + " texts asked\n";
  out += "right      routes " + share(figures.routes) + ", nearest centroid " + share(figures.nearest_centroid) +
         ", bag of words " + share(figures.bag_of_words) + "\n";
  out += "threshold  from a similarity of " + fixed(figures.threshold, 3) + ", " + share(figures.precision) +
         " of the matches are right where half of the classes have no route;\n           " + share(figures.recall) +
         " of the routes' texts are matched rightly, " + share(figures.wrongly_taken) + " of the others at all\n";
  out += "its own    from " + fixed(figures.own_threshold, 3) + ": " + share(figures.own_precision) +
         " of the matches right, " + share(figures.own_recall) + " of the routes' texts matched rightly, " +
         share(figures.own_wrongly_taken) + " of the others at all\n";
  return out;
}

}  // namespace triaged::learn
