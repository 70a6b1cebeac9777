#include "triaged/learn/past_outcomes.hpp"

#include "learn/json_lines.hpp"
#include "learn/outcome_row.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <unordered_map>
#include <utility>

namespace triaged::learn {

namespace {

using nlohmann::json;

constexpr std::size_t longest_id = 64;

class Reader {
 public:
  Reader(std::size_t tiers, const TiersOfModel& tiers_of) : tiers_(tiers), tiers_of_(tiers_of) {}

  Result<void> read(const std::string& path) {
    const std::string name = std::filesystem::path(path).filename().string();
    std::size_t number = 0;
    const Result<std::string> sum = for_each_json_line(path, [&](const json& row) -> Result<void> {
      ++number;
      return add(row, name + "#" + std::to_string(number));
    });
    if (!sum) return sum.error();
    return {};
  }
  PastOutcomes take() { return std::move(past_); }

 private:
  Result<void> add(const json& row, std::string place) {
    const Result<std::string_view> prompt = prompt_of(row);
    if (!prompt) return prompt.error();
    const Result<NumbersByModel> scores = numbers_by_model(row.value("scores", json()), "scores", 1);
    if (!scores) return scores.error();
    routing::PastPrompt past;
    past.text = *prompt;
    const auto id = row.find("id");
    const bool usable = id != row.end() && id->is_string() && !id->get_ref<const std::string&>().empty() &&
                        id->get_ref<const std::string&>().size() <= longest_id;
    past.id = usable ? id->get<std::string>() : std::move(place);
    past.scores = by_tier(*scores);
    past_.rows.push_back(std::move(past));
    return {};
  }

  std::vector<float> by_tier(const NumbersByModel& scores) {
    std::vector<float> sums(tiers_, 0);
    std::vector<float> counts(tiers_, 0);
    bool known = false;
    for (const auto& [model, score] : scores) {
      const std::vector<std::size_t>& tiers = tiers_of(model);
      if (tiers.empty()) ++past_.unknown[model];
      for (const std::size_t tier : tiers) {
        sums[tier] += score;
        ++counts[tier];
        known = true;
      }
    }
    past_.scored += known ? 1 : 0;
    for (std::size_t tier = 0; tier < tiers_; ++tier) {
      sums[tier] = counts[tier] > 0 ? sums[tier] / counts[tier] : routing::no_score;
    }
    return sums;
  }

  const std::vector<std::size_t>& tiers_of(const std::string& model) {
    const auto [at, added] = known_.try_emplace(model);
    if (added) at->second = tiers_of_(model);
    return at->second;
  }

  std::size_t tiers_;
  const TiersOfModel& tiers_of_;
  std::unordered_map<std::string, std::vector<std::size_t>> known_;
  PastOutcomes past_;
};

}  // namespace

Result<PastOutcomes> read_past_outcomes(const std::vector<std::string>& paths, std::size_t tiers,
                                        const TiersOfModel& tiers_of) {
  Reader reader(tiers, tiers_of);
  for (const std::string& path : paths) {
    if (const Result<void> read = reader.read(path); !read) return read.error();
  }
  return reader.take();
}

}  // namespace triaged::learn
