#include "triaged/routing/complexity.hpp"

#include <algorithm>
#include <cmath>

namespace triaged::routing {

namespace {

// What each part can add at most. They sum to more than 1: few requests have them all, and the total is cut off there.
constexpr double most_for_tokens = 0.25;
constexpr double most_for_reasoning = 0.25;
constexpr double most_for_domain = 0.22;
constexpr double most_for_constraints = 0.15;
constexpr double most_for_code = 0.12;
constexpr double most_for_math = 0.12;
constexpr double most_for_context = 0.34;
constexpr double most_for_tools = 0.12;

constexpr double full_text_tokens = 32'000;  // texts and histories of this size count in full
constexpr double full_context_tokens = 48'000;

// 0 at 0, 1 at `full`, in between by the logarithm: the step from 100 to 1,000 tokens matters as much as that to
// 10,000.
double by_size(double tokens, double unit, double full) {
  if (tokens <= 0) return 0;
  return std::min(1.0, std::log1p(tokens / unit) / std::log1p(full / unit));
}

// The first few count most.
double by_count(std::uint32_t count, double rate) { return 1.0 - std::exp(-rate * count); }

double task_share(TaskType task, double tokens) {
  // A short sum or a one-line function is no hard problem.
  const double extent = std::min(1.0, 0.4 + tokens / 50.0);
  switch (task) {
    case TaskType::chat: return 0.0;
    case TaskType::qa: return 0.04;
    case TaskType::classify: return 0.05;
    case TaskType::extract: return 0.08;
    case TaskType::rewrite: return 0.08;
    case TaskType::summarize: return 0.14;
    case TaskType::writing: return 0.15 * extent;
    case TaskType::code: return 0.22 * extent;
    case TaskType::math: return 0.24 * extent;
    case TaskType::analysis: return 0.26;
    case TaskType::agent: return 0.22;
  }
  return 0.0;
}

double structure_share(const Features& features) {
  const double questions = features.questions > 1 ? 0.02 * std::min<std::uint32_t>(features.questions - 1, 3) : 0.0;
  return questions + 0.0075 * std::min<std::uint32_t>(features.list_items, 8);
}

double context_share(const Features& features) {
  const double history = static_cast<double>(features.history_tokens);
  const double mentioned = static_cast<double>(features.mentioned_tokens);
  // A history is less to work through than a document: most of it is settled.
  const double size = by_size(mentioned + 0.25 * history, 600, full_context_tokens);
  const std::uint32_t media = features.images + features.audios + features.files;
  return most_for_context * size + 0.03 * std::min<std::uint32_t>(media, 3);
}

double tools_share(const Features& features) {
  if (features.tools == 0 && !features.assistant_called_tools) return 0.0;
  return most_for_tools * (0.3 + 0.3 * by_count(features.tools, 0.1) + 0.4 * by_count(features.tool_results, 0.2));
}

}  // namespace

Complexity score_complexity(const Features& features, TaskType task) {
  const auto tokens = static_cast<double>(features.trained_task_tokens);
  const auto dense = [tokens](double density, double most) { return most * by_size(density * tokens, 15, 2000); };

  Complexity result;
  result.contributions = {{
      {"tokens", most_for_tokens * by_size(tokens, 150, full_text_tokens)},
      {"task", task_share(task, tokens)},
      {"reasoning", most_for_reasoning * by_count(features.reasoning_cues, 0.4)},
      {"domain", most_for_domain * by_count(features.domain_cues, 0.45)},
      {"constraints", most_for_constraints * by_count(features.constraints, 0.2)},
      {"structure", structure_share(features)},
      {"code", dense(features.code_density, most_for_code)},
      {"math", dense(features.math_density, most_for_math)},
      {"context", context_share(features)},
      {"tools", tools_share(features)},
  }};

  double sum = 0;
  for (Contribution& contribution : result.contributions) {
    sum += contribution.value;
    if (contribution.value <= 0) contribution = {};
  }
  result.value = std::min(1.0, sum);
  std::stable_sort(result.contributions.begin(), result.contributions.end(),
                   [](const Contribution& a, const Contribution& b) { return a.value > b.value; });
  return result;
}

}  // namespace triaged::routing
