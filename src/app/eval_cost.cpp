// triaged eval cost: what cost_aware saves among several models with prices.
#include "app/eval_cost.hpp"

#include "triaged/learn/cost_evaluation.hpp"
#include "triaged/ledger/prices.hpp"

#include "app/files.hpp"
#include "app/outcome_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace triaged::app {
namespace {

constexpr double characters_per_token = 4;

struct CostOptions {
  std::string file;
  std::vector<std::string> models;
  std::string prices;
  std::vector<std::string> price;  // MODEL=INPUT/OUTPUT
  std::string classifier;
  learn::CostTraining training;
  bool json = false;
};

struct Dollars {  // per million tokens
  double input = 0;
  double output = 0;
};

Result<std::pair<std::string, Dollars>> parse_price(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  const std::size_t slash = text.find('/', equals == std::string::npos ? 0 : equals);
  if (equals != std::string::npos && equals > 0 && slash != std::string::npos) {
    Dollars price;
    const char* const begin = text.data();
    const auto input = std::from_chars(begin + equals + 1, begin + slash, price.input);
    const auto output = std::from_chars(begin + slash + 1, begin + text.size(), price.output);
    const bool whole = input.ec == std::errc() && output.ec == std::errc() && input.ptr == begin + slash &&
                       output.ptr == begin + text.size();
    if (whole && price.input >= 0 && price.output >= 0) return std::pair(text.substr(0, equals), price);
  }
  return client_error(ErrorKind::invalid_request, 400,
                      "--price " + text + " is not MODEL=INPUT/OUTPUT in dollars per million tokens: \"m=0.5/1.5\"");
}

Result<std::map<std::string, Dollars>> prices_of(const CostOptions& options, const learn::OutcomeData& data) {
  std::map<std::string, Dollars> known;
  std::optional<ledger::PriceBook> own;
  if (!options.prices.empty()) {
    const Result<std::string> text = read_file(options.prices);
    if (!text) return text.error();
    Result<ledger::PriceBook> book = ledger::PriceBook::parse(*text);
    if (!book) return book.error();
    own = std::move(*book);
  }
  const ledger::PriceBook& book = own ? *own : ledger::PriceBook::built_in();
  for (const std::string& model : data.models) {
    const ledger::Price* price = book.find_any(model);
    if (price == nullptr) continue;
    known[model] = {static_cast<double>(price->rates.input) * 1e-9, static_cast<double>(price->rates.output) * 1e-9};
  }
  for (const std::string& text : options.price) {
    const auto parsed = parse_price(text);
    if (!parsed) return parsed.error();
    known[parsed->first] = parsed->second;
  }
  return known;
}

// NaN where it is not known.
double cost_of(const learn::OutcomeExample& example, std::size_t model, const Dollars* price) {
  if (!example.costs.empty() && !std::isnan(example.costs[model])) return static_cast<double>(example.costs[model]);
  if (price == nullptr || example.output_chars.empty()) return std::nan("");
  const double output = static_cast<double>(example.output_chars[model]) / characters_per_token;
  return (example.input_tokens * price->input + output * price->output) * 1e-6;
}

learn::PricedOutcomes price_outcomes(const learn::OutcomeData& data, const std::map<std::string, Dollars>& prices,
                                     const std::vector<std::string>& only) {
  const auto cost = [&](const learn::OutcomeExample& example, std::size_t model) {
    const auto price = prices.find(data.models[model]);
    return cost_of(example, model, price == prices.end() ? nullptr : &price->second);
  };
  const auto complete = [&](const learn::OutcomeExample& example, std::size_t model) {
    return !std::isnan(example.scores[model]) && !std::isnan(cost(example, model));
  };
  learn::PricedOutcomes found;
  std::vector<std::pair<double, std::size_t>> by_cost;
  for (std::size_t m = 0; m < data.models.size(); ++m) {
    if (!only.empty() && std::find(only.begin(), only.end(), data.models[m]) == only.end()) continue;
    double sum = 0;
    std::size_t rows = 0;
    for (const learn::OutcomeExample& example : data.examples) {
      if (!complete(example, m)) continue;
      sum += cost(example, m);
      ++rows;
    }
    // A model that most rows do not know would cost most of the rows.
    if (2 * rows > data.examples.size()) by_cost.emplace_back(sum / static_cast<double>(rows), m);
  }
  std::sort(by_cost.begin(), by_cost.end());
  for (const auto& [dollars, model] : by_cost) found.models.push_back(model);
  for (std::size_t i = 0; i < data.examples.size(); ++i) {
    learn::PricedRow row;
    row.example = i;
    for (const std::size_t m : found.models) {
      if (complete(data.examples[i], m)) row.dollars.push_back(cost(data.examples[i], m));
    }
    if (row.dollars.size() == found.models.size()) found.rows.push_back(std::move(row));
  }
  return found;
}

int eval_cost(const CostOptions& options) {
  const Stopwatch progress;
  const auto classifier = load_classifier_file(options.classifier);
  if (!classifier) return failed("eval", classifier.error());
  const Result<learn::OutcomeData> data = learn::read_outcomes({options.file}, **classifier);
  if (!data) return failed("eval", data.error());
  const auto prices = prices_of(options, *data);
  if (!prices) return failed("eval", prices.error());
  for (const std::string& model : options.models) {
    if (data->find_model(model)) continue;
    return failed("eval", client_error(ErrorKind::invalid_request, 400, options.file + " has no model " + model));
  }
  const learn::PricedOutcomes outcomes = price_outcomes(*data, *prices, options.models);
  if (outcomes.models.size() < 2 || outcomes.rows.size() < 100) {
    return failed("eval", client_error(ErrorKind::invalid_request, 400,
                                       options.file + " has " + std::to_string(outcomes.models.size()) +
                                           " models with prices and " + std::to_string(outcomes.rows.size()) +
                                           " rows that know them all; 2 and 100 are needed. Rows need \"costs\" "
                                           "(dollars) or \"output_chars\" and a price (--prices, --price)"));
  }
  progress("read " + std::to_string(outcomes.rows.size()) + " prompts with outcomes and costs of " +
           std::to_string(outcomes.models.size()) + " models");
  const learn::CostReport report =
      learn::evaluate_costs(*data, outcomes, options.training, [&](std::string_view line) { progress(line); });
  std::cout << (options.json ? report_json(report) : report_text(report));
  return 0;
}

}  // namespace

void add_eval_cost(CLI::App& parser, Command& chosen) {
  auto options = std::make_shared<CostOptions>();
  CLI::App* command = parser.add_subcommand("cost", "what cost_aware saves among models with prices, five-fold");
  command->add_option("FILE", options->file, "rows {prompt, scores{..}, output_chars{..} or costs{..}} (JSON lines)")
      ->required();
  command->add_option("--models", options->models, "only these (default: all that have prices)");
  command->add_option("--prices", options->prices, "price book (default: built in)");
  command->add_option("--price", options->price, "MODEL=INPUT/OUTPUT in dollars per million tokens");
  command->add_option("--classifier", options->classifier, "the task classifier's file (default: built in)");
  command->add_option("--seed", options->training.seed, "of folds and intervals")->capture_default_str();
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &chosen] { chosen = [options] { return eval_cost(*options); }; });
}

}  // namespace triaged::app
