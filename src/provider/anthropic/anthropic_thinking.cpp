#include "provider/anthropic/anthropic_thinking.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace triaged::provider {
namespace {

using Mode = chat::Reasoning::Mode;
using Off = AnthropicModel::Off;
using Thinking = AnthropicModel::Thinking;

constexpr std::int64_t least_budget = 1024;

struct Effort {
  std::string_view name;
  std::int64_t budget;
};
constexpr std::array<Effort, 6> efforts{{
    {"minimal", least_budget},
    {"low", 2048},
    {"medium", 8192},
    {"high", 16384},
    {"xhigh", 24576},
    {"max", 32000},
}};

std::int64_t budget_of(const chat::Reasoning& reasoning) {
  if (reasoning.budget) return std::max(*reasoning.budget, least_budget);
  for (const Effort& effort : efforts) {
    if (reasoning.effort.equals(effort.name)) return effort.budget;
  }
  return efforts[2].budget;
}

// "" where the client leaves it to the model.
std::string effort_of(const chat::Reasoning& reasoning, const AnthropicModel& model) {
  std::string_view wanted;
  for (const Effort& effort : efforts) {
    const bool named = reasoning.effort.equals(effort.name);
    const bool within = reasoning.effort.empty() && reasoning.budget && *reasoning.budget >= effort.budget;
    if (named || within) wanted = effort.name;
  }
  if (wanted.empty()) return reasoning.effort.empty() && !reasoning.budget ? "" : "low";
  if (wanted == "minimal") wanted = "low";
  if (wanted == "max" && !model.max_effort) wanted = "xhigh";
  if (wanted == "xhigh" && !model.xhigh_effort) wanted = "high";
  return std::string(wanted);
}

std::string_view display_of(const chat::Reasoning& reasoning) {
  const bool summary = !reasoning.summary.empty();
  if (reasoning.shown.value_or(summary)) return R"(,"display":"summarized")";
  return reasoning.shown ? R"(,"display":"omitted")" : "";
}

void switch_off(const AnthropicModel& model, AnthropicThought& thought) {
  switch (model.off) {
    case Off::unset: break;
    case Off::disabled: thought.thinking = R"({"type":"disabled"})"; break;
    case Off::between_tools: thought.thinking = R"({"type":"between_tools"})"; break;
    case Off::never:
      thought.effort = "low";
      thought.told = false;
      break;
  }
}

// With a budget of tokens, which is less than all there are.
void think_by_budget(const chat::Conversation& conversation, const AnthropicModel& model, const AnthropicAsked& asked,
                     AnthropicThought& thought) {
  std::int64_t budget = budget_of(conversation.reasoning);
  if (!conversation.max_output_tokens) {
    thought.max_tokens = model.max_tokens + budget;
    if (asked.max_output > 0) thought.max_tokens = std::min(thought.max_tokens, asked.max_output);
  }
  // An answer needs room behind the thoughts.
  if (budget >= thought.max_tokens) budget = thought.max_tokens / 2;
  if (budget < least_budget) {
    thought.told = false;
    return;
  }
  thought.on = true;
  thought.thinking = R"({"type":"enabled","budget_tokens":)" + std::to_string(budget);
  thought.thinking.append(display_of(conversation.reasoning)).append("}");
}

}  // namespace

AnthropicThought anthropic_thought(const chat::Conversation& conversation, const AnthropicModel& model,
                                   const AnthropicAsked& asked) {
  const chat::Reasoning& reasoning = conversation.reasoning;
  AnthropicThought thought;
  thought.max_tokens =
      conversation.max_output_tokens.value_or(asked.max_output > 0 ? asked.max_output : model.max_tokens);
  if (asked.max_output > 0) thought.max_tokens = std::min(thought.max_tokens, asked.max_output);

  const bool off = reasoning.mode == Mode::off || reasoning.effort.equals("none");
  const bool on = !off && (reasoning.mode != Mode::unset || reasoning.budget || !reasoning.effort.empty());
  const bool forced = asked.forces_tool && model.forced_tools;
  if (off) {
    switch_off(model, thought);
  } else if (forced) {
    switch_off(model, thought);
    thought.told = !on;
  } else if (on && model.thinking == Thinking::none) {
    thought.told = false;
  } else if (on && model.thinking == Thinking::adaptive && !(reasoning.budget && model.budget)) {
    thought.on = true;
    thought.thinking = R"({"type":"adaptive")";
    thought.thinking.append(display_of(reasoning)).append("}");
    thought.effort = effort_of(reasoning, model);
  } else if (on && asked.in_unthought_tool_loop) {
    thought.told = false;
  } else if (on) {
    think_by_budget(conversation, model, asked, thought);
  }
  return thought;
}

}  // namespace triaged::provider
