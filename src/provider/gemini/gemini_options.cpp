#include "provider/gemini/gemini_options.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace triaged::provider {
namespace {

using chat::Reasoning;

constexpr std::size_t most_stops = 5;

struct Effort {
  std::string_view name;
  std::string_view level;
  std::int64_t budget;
};
// Google's own figures for OpenAI's efforts, and the largest budget for what is above them.
constexpr std::array<Effort, 7> efforts{{{"none", "MINIMAL", 0},
                                         {"minimal", "MINIMAL", 1024},
                                         {"low", "LOW", 1024},
                                         {"medium", "MEDIUM", 8192},
                                         {"high", "HIGH", 24576},
                                         {"xhigh", "HIGH", 32768},
                                         {"max", "HIGH", 32768}}};

const Effort* find_effort(const Reasoning& reasoning) {
  if (reasoning.mode == Reasoning::Mode::off) return efforts.data();
  const auto* const found = std::find_if(efforts.begin(), efforts.end(),
                                         [&](const Effort& each) { return reasoning.effort.equals(each.name); });
  return found == efforts.end() ? nullptr : found;
}

std::string_view level_of(std::int64_t budget) {
  constexpr std::int64_t low = 2048;
  constexpr std::int64_t medium = 8192;
  if (budget <= 0) return "MINIMAL";
  if (budget <= low) return "LOW";
  return budget <= medium ? "MEDIUM" : "HIGH";
}

// 3 Pro knows two levels, its successors three; only the smaller models can all but leave it.
std::string_view level_for(GeminiModel model, std::string_view level) {
  constexpr int first_with_levels = 30;
  if (!model.pro) return level;
  if (level == "MINIMAL") return "LOW";
  return level == "MEDIUM" && model.generation == first_with_levels ? "HIGH" : level;
}

std::int64_t budget_for(GeminiModel model, std::int64_t budget) {
  constexpr std::int64_t pro_least = 128;
  constexpr std::int64_t pro_most = 32768;
  constexpr std::int64_t lite_least = 512;
  constexpr std::int64_t flash_most = 24576;
  if (model.pro) return std::clamp(budget, pro_least, pro_most);
  if (budget <= 0) return 0;
  return std::clamp(budget, model.lite ? lite_least : 1, flash_most);
}

void write_thinking(const chat::Conversation& conversation, GeminiModel model, JsonObject& config, Unsaid& unsaid) {
  const Reasoning& reasoning = conversation.reasoning;
  const Effort* effort = find_effort(reasoning);
  const bool on = reasoning.mode == Reasoning::Mode::on || reasoning.mode == Reasoning::Mode::adaptive;
  const bool shown = reasoning.shown.value_or(on || !reasoning.summary.empty());
  unsaid.add_if(effort == nullptr && !reasoning.effort.empty(), Field::reasoning);  // a word that nobody knows
  if (effort == nullptr && !on && !reasoning.budget && !shown) return;
  const bool off = effort != nullptr && effort->name == "none";
  if (!model.thinks()) {
    unsaid.add_if(!off, Field::reasoning);
    return;
  }
  // These models think a little whatever they are told.
  unsaid.add_if(off && (model.pro || model.has_levels()), Field::reasoning);
  JsonObject thinking(config.member("thinkingConfig"));
  if (shown && !off) thinking.json("includeThoughts", "true");
  if (model.has_levels()) {
    const std::string_view level = reasoning.budget && !off ? level_of(*reasoning.budget)
                                   : effort != nullptr      ? effort->level
                                                            : std::string_view();
    if (!level.empty()) thinking.plain("thinkingLevel", level_for(model, level));
    return;
  }
  if (reasoning.budget && !off) {
    thinking.number("thinkingBudget", budget_for(model, *reasoning.budget));
  } else if (effort != nullptr) {
    thinking.number("thinkingBudget", budget_for(model, effort->budget));
  } else if (on) {
    thinking.json("thinkingBudget", "-1");  // as much as the question asks for
  }
}

void write_format(const chat::Conversation& conversation, GeminiModel model, JsonObject& config, Unsaid& unsaid) {
  const chat::Format& format = conversation.format;
  if (format.kind == chat::OutputFormat::text) return;
  const bool tools = std::any_of(conversation.tools.begin(), conversation.tools.end(),
                                 [](const chat::Tool& tool) { return !tool.hosted; });
  if (tools && !model.has_levels()) {  // those refuse both at once
    unsaid.add(Field::format);
    return;
  }
  unsaid.add_format_description();
  config.plain("responseMimeType", "application/json");
  if (format.kind == chat::OutputFormat::json_schema) config.json_if("responseJsonSchema", format.schema);
}

void write_stops(const chat::Conversation& conversation, JsonObject& config, Unsaid& unsaid) {
  if (conversation.stops.empty()) return;
  unsaid.add_if(conversation.stops.size() > most_stops, Field::stops);
  JsonArray list(config.member("stopSequences"));
  for (std::size_t i = 0; i < std::min(most_stops, conversation.stops.size()); ++i) {
    chat::append_string(list.element(), conversation.stops[i]);
  }
}

void write_sampling(const chat::Conversation& conversation, JsonObject& config, Unsaid& unsaid) {
  const chat::Sampling& sampling = conversation.sampling;
  config.json_if("temperature", sampling.temperature);
  config.json_if("topP", sampling.top_p);
  config.json_if("topK", sampling.top_k);
  config.json_if("presencePenalty", sampling.presence_penalty);
  config.json_if("frequencyPenalty", sampling.frequency_penalty);
  config.json_if("seed", sampling.seed);
  unsaid.add_if(!sampling.logit_bias.empty(), Field::logit_bias);
  if (conversation.max_output_tokens) config.number("maxOutputTokens", *conversation.max_output_tokens);
  if (conversation.answers > 1) config.number("candidateCount", conversation.answers);
  if (!conversation.logprobs) {
    unsaid.add_if(conversation.top_logprobs.has_value(), Field::top_logprobs);
    return;
  }
  config.json("responseLogprobs", "true");
  if (conversation.top_logprobs) config.number("logprobs", *conversation.top_logprobs);
}

void write_tier(const chat::Conversation& conversation, JsonObject& body, Unsaid& unsaid) {
  const JsonString& tier = conversation.service_tier;
  if (tier.empty() || tier.equals("auto")) return;
  if (tier.equals("flex") || tier.equals("priority")) {
    body.string("serviceTier", tier);
  } else if (tier.equals("default") || tier.equals("standard_only")) {
    body.plain("serviceTier", "standard");
  } else {
    unsaid.add(Field::service_tier);
  }
}

// What Google's dialect has no place for. Cache marks and cache keys are hints that its models do without: they cache
// by themselves.
void note_unsaid(const chat::Conversation& conversation, Unsaid& unsaid) {
  unsaid.add_speakers();
  unsaid.add_if(!conversation.user.empty(), Field::user);
  unsaid.add_if(!conversation.verbosity.empty(), Field::verbosity);
  unsaid.add_if(!conversation.metadata.empty(), Field::metadata);
  unsaid.add_if(conversation.store == "true", Field::store);
  unsaid.add_if(!conversation.prediction.empty(), Field::prediction);
  unsaid.add_if(!conversation.audio.empty(), Field::audio);
  unsaid.add_if(!text_only(conversation.modalities), Field::modalities);
}

}  // namespace

void write_gemini_options(const chat::Conversation& conversation, GeminiModel model, JsonObject& body, Unsaid& unsaid) {
  std::string generation;
  {
    JsonObject config(generation);
    write_sampling(conversation, config, unsaid);
    write_stops(conversation, config, unsaid);
    write_format(conversation, model, config, unsaid);
    write_thinking(conversation, model, config, unsaid);
  }
  if (generation != "{}") body.json("generationConfig", generation);
  for (const chat::Member& member : conversation.others) {
    if (!member.name.equals("safetySettings") && !member.name.equals("safety_settings")) continue;
    body.json("safetySettings", member.value);
    break;
  }
  write_tier(conversation, body, unsaid);
  note_unsaid(conversation, unsaid);
}

}  // namespace triaged::provider
