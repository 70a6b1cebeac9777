#include "triaged/learn/past_outcomes.hpp"

#include "learn/json_lines.hpp"
#include "learn/outcome_row.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <unordered_map>
#include <utility>

namespace triaged::learn {

namespace {

using nlohmann::json;

constexpr std::size_t longest_id = 64;

// Ids stand in answers and on terminals.
bool is_usable_id(std::string_view id) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  return !id.empty() && id.size() <= longest_id && std::none_of(id.begin(), id.end(), is_control);
}

class Reader {
 public:
  Reader(std::size_t targets, const TargetsOfModel& targets_of) : targets_(targets), targets_of_(targets_of) {}

  Result<void> read(const std::string& path) {
    const std::string name = std::filesystem::path(path).filename().string();
    const Result<std::string> sum = for_each_json_line(
        path, [&](const json& row, std::size_t line) { return add(row, name + "#" + std::to_string(line)); });
    if (!sum) return sum.error();
    return {};
  }
  PastOutcomes take() { return std::move(past_); }

 private:
  Result<void> add(const json& row, std::string place) {
    const Result<std::string_view> prompt = prompt_of(row);
    if (!prompt) return prompt.error();
    const Result<NumbersByModel> scores = numbers_by_model(scores_of(row), "scores", 1);
    if (!scores) return scores.error();
    routing::PastPrompt past;
    past.text = *prompt;
    const auto id = row.find("id");
    const bool usable = id != row.end() && id->is_string() && is_usable_id(id->get_ref<const std::string&>());
    past.id = usable ? id->get<std::string>() : std::move(place);
    past.scores = by_target(*scores);
    past_.rows.push_back(std::move(past));
    return {};
  }

  std::vector<float> by_target(const NumbersByModel& scores) {
    std::vector<float> sums(targets_, 0);
    std::vector<float> counts(targets_, 0);
    bool known = false;
    for (const auto& [model, score] : scores) {
      const std::vector<std::size_t>& targets = targets_of(model);
      if (targets.empty()) ++past_.unknown[model];
      for (const std::size_t target : targets) {
        sums[target] += score;
        ++counts[target];
        known = true;
      }
    }
    past_.scored += known ? 1 : 0;
    for (std::size_t target = 0; target < targets_; ++target) {
      sums[target] = counts[target] > 0 ? sums[target] / counts[target] : routing::no_score;
    }
    return sums;
  }

  const std::vector<std::size_t>& targets_of(const std::string& model) {
    const auto [at, added] = known_.try_emplace(model);
    if (added) at->second = targets_of_(model);
    return at->second;
  }

  std::size_t targets_;
  const TargetsOfModel& targets_of_;
  std::unordered_map<std::string, std::vector<std::size_t>> known_;
  PastOutcomes past_;
};

}  // namespace

Result<PastOutcomes> read_past_outcomes(const std::vector<std::string>& paths, std::size_t targets,
                                        const TargetsOfModel& targets_of) {
  Reader reader(targets, targets_of);
  for (const std::string& path : paths) {
    if (const Result<void> read = reader.read(path); !read) return read.error();
  }
  return reader.take();
}

}  // namespace triaged::learn
