#include "provider/anthropic/anthropic_model.hpp"

#include "triaged/base/claude_name.hpp"

#include <optional>

namespace triaged::provider {
namespace {

using Thinking = AnthropicModel::Thinking;
using Off = AnthropicModel::Off;

AnthropicModel first_generations(const ClaudeName& name) {
  AnthropicModel model;
  model.thinking = name.at_least(3, 7) ? Thinking::budget : Thinking::none;
  model.budget = model.thinking == Thinking::budget;
  model.off = Off::unset;
  model.xhigh_effort = false;
  model.max_effort = false;
  model.sampling = true;
  model.temperature_and_top_p = !name.at_least(4, 1);
  model.prefill = true;
  model.structured = name.at_least(4, 5) || (name.family == "opus" && name.at_least(4, 1));
  if (name.at_least(3, 7)) return model;
  model.max_tokens = name.at_least(3, 5) ? 8192 : 4096;
  return model;
}

// 4.6: thinks adaptively, and still by budget.
AnthropicModel middle_generation(const ClaudeName& name) {
  AnthropicModel model;
  model.off = Off::unset;
  model.budget = true;
  model.xhigh_effort = false;
  model.max_effort = name.family == "opus";
  model.sampling = true;
  return model;
}

AnthropicModel newest_generations(const ClaudeName& name) {
  AnthropicModel model;
  const bool bare = name.family == "opus" && name.major == 4;
  if (bare) model.off = Off::unset;
  const bool always = (name.family != "opus" && name.family != "sonnet" && name.family != "haiku") ||
                      (name.family == "opus" && name.at_least(5, 5));
  if (always) model.off = Off::never;
  if (name.family == "sonnet" && name.at_least(5, 5)) model.off = Off::between_tools;
  model.forced_tools = model.off == Off::unset || model.off == Off::disabled;
  return model;
}

}  // namespace

AnthropicModel anthropic_model(std::string_view name) {
  const std::optional<ClaudeName> known = parse_claude(name);
  if (!known) {
    AnthropicModel other = first_generations({"", 4, 0});
    other.temperature_and_top_p = true;
    other.max_tokens = 8192;
    return other;
  }
  const ClaudeName& parsed = *known;
  if (parsed.major == 0) return newest_generations(parsed);
  if (!parsed.at_least(4, 6)) return first_generations(parsed);
  if (parsed.major == 4 && parsed.minor == 6) return middle_generation(parsed);
  return newest_generations(parsed);
}

}  // namespace triaged::provider
