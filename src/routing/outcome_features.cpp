#include "triaged/routing/estimates.hpp"

#include "routing/evidence.hpp"

#include <algorithm>
#include <cmath>

namespace triaged::routing {

namespace {

// What the logarithm of a prompt's words is measured from: exp(4.2) is about 65 words.
constexpr double usual_log_words = 4.2;

// A task counts from where the classifier is more often right than wrong, and in full where it hardly ever errs: what
// lies below is doubt, which would only disturb the order of prompts of one kind.
double certainty(float probability) { return std::clamp((static_cast<double>(probability) - 0.5) / 0.4, 0.0, 1.0); }

// Calls `each` with every dense feature in turn; names are only made where they are asked for.
template <class Each>
void for_each_feature(const EstimateInput& input, const Each& each) {
  const Features& f = input.features;
  const double length = std::log1p(static_cast<double>(f.words)) - usual_log_words;
  each("length", "", length);
  for (std::size_t t = 0; t < task_type_count; ++t) {
    const double p = certainty(input.task.probability[t]);
    each("task ", task_type_names[t], p);
    each("length of ", task_type_names[t], p * length);
    const std::size_t band = complexity_band(input.complexity.value);
    constexpr std::array<std::string_view, complexity_bands> bands{"simple ", "fair ", "hard ", "very hard "};
    for (std::size_t b = 0; b < complexity_bands; ++b) each(bands[b], task_type_names[t], b == band ? p : 0.0);
  }
  const std::span<const float> cues = input.text.dense();
  const std::size_t first_signal = cues.size() - signal_count;
  const auto options = static_cast<double>(cues[first_signal + static_cast<std::size_t>(Signal::options)]);
  each("length of ", "lettered options", options * length);
  each("length of ", "formulas", f.math_density * length);
  each("length of ", "code", f.code_density * length);
  each("complexity", "", (input.complexity.value - 0.35) / 0.15);
  const auto count = [&each](std::string_view name, std::uint32_t value) { each(name, "", std::log1p(value)); };
  count("sentences", f.sentences);
  count("questions", f.questions);
  count("constraints", f.constraints);
  count("reasoning", f.reasoning_cues);
  count("domain", f.domain_cues);
  count("numbers", f.numbers);
  count("list items", f.list_items);
  each("code", "", f.code_density);
  each("formulas", "", f.math_density);
  each("table", "", f.table_density);
  for (const float cue : cues) each("cue", "", static_cast<double>(cue));
}

}  // namespace

std::size_t complexity_band(double complexity) {
  const double scaled = std::clamp(complexity, 0.0, 1.0) * static_cast<double>(complexity_bands);
  return std::min(complexity_bands - 1, static_cast<std::size_t>(scaled));
}

std::size_t length_band(std::int64_t tokens) {
  constexpr std::array<std::int64_t, length_bands - 1> limits{50, 200, 1000};
  return static_cast<std::size_t>(std::lower_bound(limits.begin(), limits.end(), tokens) - limits.begin());
}

double tier_strength(std::size_t tier, std::size_t tiers) {
  return tiers < 2 ? 1.0 : static_cast<double>(tier) / static_cast<double>(tiers - 1);
}

const std::vector<std::string>& outcome_feature_names() {
  static const std::vector<std::string> names = [] {
    chat::Request request;
    const Features features = extract_features(request);
    TaskFeatures text;
    extract_task_features(request, features, text);
    const TaskScores task;
    const Complexity complexity;
    std::vector<std::string> found;
    for_each_feature({features, task, complexity, text}, [&](std::string_view what, std::string_view of, double) {
      found.push_back(what == "cue" ? "cue " + std::to_string(found.size()) : std::string(what).append(of));
    });
    return found;
  }();
  return names;
}

std::size_t outcome_feature_count() {
  static const std::size_t count = outcome_feature_names().size();
  return count;
}

void outcome_features(const EstimateInput& input, OutcomeVector& out) {
  std::size_t at = 0;
  for_each_feature(input, [&](std::string_view, std::string_view, double value) {
    if (at < out.size()) out[at++] = static_cast<float>(value);
  });
}

}  // namespace triaged::routing
