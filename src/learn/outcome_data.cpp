#include "triaged/learn/outcome_data.hpp"

#include "triaged/routing/complexity.hpp"
#include "triaged/routing/features.hpp"
#include "triaged/routing/task_features.hpp"

#include "learn/json_lines.hpp"
#include "learn/outcome_row.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <unordered_map>

namespace triaged::learn {

namespace {

using nlohmann::json;

constexpr float none = std::numeric_limits<float>::quiet_NaN();

Error bad(std::string sentence) { return client_error(ErrorKind::invalid_request, 400, std::move(sentence)); }

double count_words(const std::string& text) {
  double words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
    if (!space && !inside) ++words;
    inside = !space;
  }
  return words;
}

OutcomePoint point_of(const routing::EstimateInput& input) {
  OutcomePoint point;
  routing::OutcomeVector dense;
  routing::outcome_features(input, dense);
  point.dense.assign(dense.begin(), dense.begin() + static_cast<std::ptrdiff_t>(routing::outcome_feature_count()));
  std::unordered_map<std::uint16_t, float> text;
  for (const routing::TextGroup group : routing::outcome_groups) {
    const float value = input.text.scale(group);
    for (const std::uint16_t bucket : input.text.group(group)) {
      text[static_cast<std::uint16_t>(routing::outcome_bucket(bucket))] += value;
    }
  }
  point.text.assign(text.begin(), text.end());
  std::sort(point.text.begin(), point.text.end());
  return point;
}

class Reader {
 public:
  Reader(OutcomeData& data, const routing::Classifier& classifier) : data_(data), classifier_(classifier) {}

  Result<void> read(const std::string& path) {
    OutcomeFile file;
    file.path = path;
    const std::string stem = std::filesystem::path(path).stem().string();
    Result<std::string> sum = for_each_json_line(path, [&](const json& row, std::size_t) -> Result<void> {
      ++file.rows;
      return add(row, stem);
    });
    if (!sum) return sum.error();
    file.sha256 = *sum;
    data_.files.push_back(std::move(file));
    return {};
  }

 private:
  Result<void> add(const json& row, const std::string& stem) {
    const Result<std::string_view> prompt = prompt_of(row);
    if (!prompt) return prompt.error();
    OutcomeExample example = read_prompt(std::string(*prompt), classifier_);
    example.file = data_.files.size();
    const auto task = row.find("task");
    example.kind = index_of(stem + "/" + (task != row.end() && task->is_string() ? task->get<std::string>() : ""),
                            data_.kinds, kinds_);
    constexpr double any = std::numeric_limits<float>::max();
    if (auto taken = take(scores_of(row), "scores", 1, example.scores); !taken) return taken;
    if (const auto chars = row.find("output_chars"); chars != row.end()) {
      if (auto taken = take(*chars, "output_chars", any, example.output_chars); !taken) return taken;
    }
    if (const auto costs = row.find("costs"); costs != row.end()) {
      if (auto taken = take(*costs, "costs", any, example.costs); !taken) return taken;
    }
    data_.examples.push_back(std::move(example));
    return {};
  }

  Result<void> take(const json& object, const std::string& what, double most, std::vector<float>& out) {
    Result<NumbersByModel> numbers = numbers_by_model(object, what, most);
    if (!numbers) return numbers.error();
    for (const auto& [model, number] : *numbers) {
      const std::size_t at = index_of(model, data_.models, models_);
      if (out.size() <= at) out.resize(at + 1, none);
      out[at] = number;
    }
    return {};
  }

  static std::size_t index_of(const std::string& name, std::vector<std::string>& names,
                              std::unordered_map<std::string, std::size_t>& known) {
    const auto [at, added] = known.emplace(name, names.size());
    if (added) names.push_back(name);
    return at->second;
  }

  OutcomeData& data_;
  const routing::Classifier& classifier_;
  std::unordered_map<std::string, std::size_t> models_;
  std::unordered_map<std::string, std::size_t> kinds_;
};

float mean_of(const OutcomeData& data, const OutcomeExample& example, const std::vector<std::string>& names) {
  float sum = 0;
  float count = 0;
  for (const std::string& name : names) {
    const auto model = data.find_model(name);
    if (!model || std::isnan(example.scores[*model])) continue;
    sum += example.scores[*model];
    ++count;
  }
  return count > 0 ? sum / count : none;
}

}  // namespace

OutcomeExample read_prompt(const std::string& prompt, const routing::Classifier& classifier) {
  chat::Request request;
  auto text = std::make_shared<const std::string>(prompt);
  chat::Message message;
  message.role = chat::Role::user;
  message.text = *text;
  request.messages.push_back(message);
  request.body_bytes = text->size();
  request.text_ = std::move(text);

  const routing::Features features = routing::extract_features(request);
  routing::TaskFeatures found;
  routing::extract_task_features(request, features, found);
  const routing::TaskScores task = classifier.classify(found);
  const routing::Complexity complexity = routing::score_complexity(features, task.best);
  OutcomeExample example;
  example.point = point_of({features, task, complexity, found});
  example.task_probability = task.probability;
  example.length_band = routing::length_band(features.trained_task_tokens);
  example.input_tokens = static_cast<double>(features.input_tokens);
  example.words = count_words(prompt);
  example.hash = stable_hash(prompt, 0);
  return example;
}

std::optional<std::size_t> OutcomeData::find_model(std::string_view name) const {
  const auto at = std::find(models.begin(), models.end(), name);
  if (at == models.end()) return std::nullopt;
  return static_cast<std::size_t>(at - models.begin());
}

std::size_t OutcomeData::model_in(std::size_t file, const std::vector<std::string>& names) const {
  for (const std::string& name : names) {
    const auto model = find_model(name);
    if (!model) continue;
    const bool known = std::any_of(examples.begin(), examples.end(), [&](const OutcomeExample& example) {
      return example.file == file && !std::isnan(example.scores[*model]);
    });
    if (known) return *model;
  }
  return no_model;
}

Result<OutcomeData> read_outcomes(const std::vector<std::string>& paths, const routing::Classifier& classifier) {
  OutcomeData data;
  data.classifier = classifier.version();
  Reader reader(data, classifier);
  for (const std::string& path : paths) {
    if (const Result<void> read = reader.read(path); !read) return read.error();
  }
  if (data.examples.empty()) return bad("the files hold no outcomes");
  for (OutcomeExample& example : data.examples) {
    example.scores.resize(data.models.size(), none);
    if (!example.output_chars.empty()) example.output_chars.resize(data.models.size(), none);
    if (!example.costs.empty()) example.costs.resize(data.models.size(), none);
  }
  return data;
}

Result<std::vector<Pair>> pairs_of(const OutcomeData& data, const std::vector<std::string>& strong,
                                   const std::vector<std::string>& weak) {
  std::vector<std::pair<std::size_t, std::size_t>> models;
  for (std::size_t file = 0; file < data.files.size(); ++file) {
    models.emplace_back(data.model_in(file, strong), data.model_in(file, weak));
  }
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < data.examples.size(); ++i) {
    const OutcomeExample& example = data.examples[i];
    const auto [above, below] = models[example.file];
    if (above == OutcomeData::no_model || below == OutcomeData::no_model) continue;
    const Pair pair{i, example.scores[above], example.scores[below], mean_of(data, example, strong),
                    mean_of(data, example, weak)};
    if (!std::isnan(pair.strong) && !std::isnan(pair.weak)) pairs.push_back(pair);
  }
  if (pairs.empty()) {
    std::string known;
    for (const std::string& model : data.models) known += (known.empty() ? "" : ", ") + model;
    return bad("no row has outcomes of both the strong and the weak model; the files know " + known);
  }
  return pairs;
}

}  // namespace triaged::learn
