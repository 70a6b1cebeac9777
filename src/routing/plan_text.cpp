#include "triaged/base/decimals.hpp"
#include "triaged/routing/plan.hpp"

#include "routing/plan_words.hpp"

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

namespace triaged::routing {

namespace {

constexpr std::size_t label_width = 12;

void start_line(std::string& out, std::string_view label) {
  out += label;
  out.append(label.size() < label_width ? label_width - label.size() : 1, ' ');
}

void write_task(std::string& out, const TaskScores& task) {
  start_line(out, "task");
  out += name(task.best);
  out += ", p ";
  append_two_decimals(out, task.confidence);
  out += " (next ";
  out += name(task.second);
  out += ", ";
  append_two_decimals(out, task.probability[static_cast<std::size_t>(task.second)]);
  out += ")\n";
}

void write_complexity(std::string& out, const Complexity& complexity) {
  constexpr double shown = 0.005;  // less would print as 0.00
  start_line(out, "complexity");
  append_two_decimals(out, complexity.value);
  std::string_view sign = " = ";
  for (const Contribution& contribution : complexity.contributions) {
    if (contribution.name.empty() || contribution.value < shown) continue;
    out += sign;
    out += contribution.name;
    out += ' ';
    append_two_decimals(out, contribution.value);
    sign = " + ";
  }
  out += '\n';
}

void write_route(std::string& out, const Plan& plan, const config::Settings& settings) {
  if (!plan.route) return;
  start_line(out, "route");
  out += settings.routing.semantic.routes[plan.route->route].name + ", similarity ";
  append_two_decimals(out, plan.route->similarity);
  out += plan.route->near_enough() ? ", at least the " : ", less than the ";
  append_two_decimals(out, plan.route->threshold);
  out += " that it takes\n";
  std::string_view label = "beside it";
  for (const SemanticMatch& match : plan.routes) {
    if (match.route == plan.route->route) continue;
    start_line(out, label);
    label = "";
    out += settings.routing.semantic.routes[match.route].name + ' ';
    append_two_decimals(out, match.similarity);
    out += '\n';
  }
  start_line(out, "compared by");
  out += plan.embedder;
  if (!plan.embedding.empty()) out.append(", upstream: ").append(plan.embedding);
  out += '\n';
}

void write_past(std::string& out, const PastView& past, const config::Settings& settings) {
  constexpr std::size_t shown = 5;
  std::string_view label = "neighbours";
  for (std::size_t i = 0; i < past.neighbours.size() && i < shown; ++i) {
    const PastNeighbour& neighbour = past.neighbours[i];
    start_line(out, label);
    label = "";
    out.append(neighbour.id).append(", similarity ");
    append_two_decimals(out, neighbour.similarity);
    std::string_view sign = ": ";
    for (std::size_t target = 0; target < neighbour.scores.size(); ++target) {
      if (std::isnan(neighbour.scores[target])) continue;
      out.append(sign).append(settings.targets[target].name).append(" ");
      append_two_decimals(out, static_cast<double>(neighbour.scores[target]));
      sign = ", ";
    }
    out += '\n';
  }
  if (past.neighbours.size() > shown) {
    start_line(out, "");
    out += "and " + std::to_string(past.neighbours.size() - shown) + " more\n";
  } else if (past.neighbours.empty()) {
    start_line(out, label);
    out += "no past prompt is near enough\n";
  }
}

void write_candidates(std::string& out, const Plan& plan, const config::Settings& settings) {
  std::string_view label = "tries";
  for (std::size_t i = 0; i < plan.candidates.size(); ++i) {
    const Candidate& candidate = plan.candidates[i];
    start_line(out, label);
    label = "";
    append_integer(out, static_cast<std::int64_t>(i + 1));
    out +=
        ". " + settings.targets[candidate.target].name + " (" + std::string(settings.tier_name(candidate.tier)) + ")";
    out += candidate.above_price ? ", costs more than what was asked for\n" : "\n";
  }
  label = "left out";
  for (const Removed& removed : plan.removed) {
    start_line(out, label);
    label = "";
    out += settings.targets[removed.target].name + ": ";
    out += removed.constraint;
    out += ", " + removed.detail + '\n';
  }
}

void write_outlooks(std::string& out, const Plan& plan, const config::Settings& settings) {
  std::string_view label = "estimates";
  for (const TierOutlook& outlook : plan.outlooks) {
    start_line(out, label);
    label = "";
    out += settings.tier_name(outlook.tier);
    if (!outlook.target) {
      out += ": cannot take it\n";
      continue;
    }
    out += ": good with p ";
    append_two_decimals(out, outlook.quality.good);
    out += " (at least ";
    append_two_decimals(out, outlook.quality.lower);
    out += "), about ";
    append_integer(out, std::llround(outlook.output_tokens));
    out += " tokens out, ";
    out += outlook.cost ? "$" + format_dollars(*outlook.cost) : std::string("price not known");
    out += outlook.tier == plan.tier ? " <- chosen\n" : "\n";
  }
}

void write_request(std::string& out, const Features& features) {
  start_line(out, "request");
  out += "about ";
  append_integer(out, features.input_tokens);
  out += features.input_tokens == 1 ? " token, " : " tokens, ";
  append_integer(out, features.turns);
  out += features.turns == 1 ? " turn" : " turns";
  if (features.is_follow_up) out += ", the last leans on an earlier one";
  out += ", language ";
  out += name(features.language);
  const auto count = [&out](std::uint32_t number, std::string_view what) {
    if (number == 0) return;
    out += ", ";
    append_integer(out, number);
    out += what;
  };
  count(features.tools, " tools");
  count(features.tool_results, " tool results");
  count(features.images, " images");
  count(features.audios, " audio clips");
  count(features.files, " files");
  out += '\n';
}

}  // namespace

std::string plan_text(const Plan& plan, const config::Settings& settings) {
  std::string out;
  start_line(out, "tier");
  out.append(settings.tier_name(plan.tier)).append("\n");
  start_line(out, "because");
  out += plan.reason + '\n';
  write_task(out, plan.task);
  write_complexity(out, plan.complexity);
  write_route(out, plan, settings);
  if (plan.past) write_past(out, *plan.past, settings);
  write_outlooks(out, plan, settings);
  write_candidates(out, plan, settings);
  write_request(out, plan.features);
  start_line(out, "asked for");
  out += plan.wanted.model.empty() ? "no model" : plan.wanted.model;
  out += " (";
  out += name(plan.wanted.kind);
  out += ")\n";
  start_line(out, "baseline");
  out +=
      plan.baseline_model.empty() ? std::string_view(settings.targets[plan.baseline_target].name) : plan.baseline_model;
  out += '\n';
  return out;
}

}  // namespace triaged::routing
