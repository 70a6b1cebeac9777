#include "provider/bedrock/bedrock_options.hpp"

#include "provider/signatures.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace triaged::provider {
namespace {

using chat::Reasoning;
using Maker = BedrockModel::Maker;

struct Effort {
  std::string_view name;
  std::int64_t budget;      // Claude's, before they decided themselves; as in anthropic_thinking.cpp
  std::string_view common;  // among low, medium and high
};
constexpr std::array<Effort, 6> efforts{{{"minimal", 1024, "low"},
                                         {"low", 2048, "low"},
                                         {"medium", 8192, "medium"},
                                         {"high", 16384, "high"},
                                         {"xhigh", 24576, "high"},
                                         {"max", 32000, "high"}}};
constexpr std::int64_t least_budget = 1024;

const Effort* find_effort(const Reasoning& reasoning) {
  const auto* const found = std::find_if(efforts.begin(), efforts.end(),
                                         [&](const Effort& each) { return reasoning.effort.equals(each.name); });
  return found == efforts.end() ? nullptr : found;
}

// The most that a number of tokens allows.
const Effort* effort_within(std::int64_t budget) {
  const Effort* found = efforts.data();
  for (const Effort& effort : efforts) {
    if (effort.budget <= budget) found = &effort;
  }
  return found;
}

std::string_view common_effort(const Reasoning& reasoning) {
  const Effort* effort = find_effort(reasoning);
  if (effort == nullptr && reasoning.budget) effort = effort_within(*reasoning.budget);
  return effort != nullptr ? effort->common : "medium";
}

bool asks_for_thought(const Reasoning& reasoning) {
  if (reasoning.mode == Reasoning::Mode::off || reasoning.effort.equals("none")) return false;
  return reasoning.mode != Reasoning::Mode::unset || reasoning.budget || find_effort(reasoning) != nullptr;
}

// Below the answer's own limit, as Claude wants it. Nothing where there is no room for thought.
std::optional<std::int64_t> claude_budget(const chat::Conversation& conversation) {
  const Effort* effort = find_effort(conversation.reasoning);
  std::int64_t budget = conversation.reasoning.budget.value_or(effort != nullptr ? effort->budget : 8192);
  budget = std::max(budget, least_budget);
  if (!conversation.max_output_tokens || budget < *conversation.max_output_tokens) return budget;
  const std::int64_t half = *conversation.max_output_tokens / 2;
  if (half < least_budget) return {};
  return half;
}

double number_of(chat::JsonText text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void write_inference(const chat::Conversation& conversation, BedrockModel model, bool thinks, std::string& out,
                     Unsaid& unsaid) {
  const chat::Sampling& sampling = conversation.sampling;
  JsonObject config(out);
  if (conversation.max_output_tokens) config.number("maxTokens", *conversation.max_output_tokens);
  // Claude takes neither while it thinks, and from 4.7 on never.
  const bool fixed = model.is_claude() && (thinks || !model.takes_sampling());
  if (!sampling.temperature.empty()) {
    const bool high = number_of(sampling.temperature) > 1;
    unsaid.add_if(fixed || high, Field::temperature);
    if (!fixed) config.json("temperature", high ? "1" : sampling.temperature);
  }
  if (!sampling.top_p.empty()) {
    const bool second = model.is_claude() && !sampling.temperature.empty();  // newer ones refuse both at once
    unsaid.add_if(fixed || second, Field::top_p);
    if (!fixed && !second) config.json("topP", sampling.top_p);
  }
  if (conversation.stops.empty()) return;
  JsonArray list(config.member("stopSequences"));
  for (const JsonString& stop : conversation.stops) chat::append_string(list.element(), stop);
}

void write_claude_thinking(const chat::Conversation& conversation, BedrockModel model, JsonObject& fields,
                           Unsaid& unsaid) {
  if (model.decides_how_much_to_think()) {
    JsonObject(fields.member("thinking")).plain("type", "adaptive");
    return;
  }
  const auto budget = claude_budget(conversation);
  if (!budget) {
    unsaid.add(Field::reasoning);
    return;
  }
  JsonObject thinking(fields.member("thinking"));
  thinking.plain("type", "enabled");
  thinking.number("budget_tokens", *budget);
}

// What only one maker's models know.
void write_maker_fields(const chat::Conversation& conversation, BedrockModel model, bool thinks, JsonObject& body,
                        Unsaid& unsaid) {
  const Reasoning& reasoning = conversation.reasoning;
  const bool asked = asks_for_thought(reasoning);
  const Effort* effort = find_effort(reasoning);
  const bool known = model.maker != Maker::other;
  const bool off = reasoning.mode == Reasoning::Mode::off || reasoning.effort.equals("none");
  unsaid.add_if(asked && (!thinks || !known), Field::reasoning);
  // A word that nobody knows, and to models that always think that they shall not.
  unsaid.add_if(!reasoning.effort.empty() && !off && effort == nullptr, Field::reasoning);
  unsaid.add_if(off && model.maker == Maker::openai, Field::reasoning);
  if (thinks ? reasoning.shown == false : !reasoning.summary.empty()) unsaid.add_shown();
  const bool top_k = !conversation.sampling.top_k.empty();
  const bool takes_top_k = (model.is_claude() && !thinks && model.takes_sampling()) || model.maker == Maker::amazon;
  unsaid.add_if(top_k && !takes_top_k, Field::top_k);
  std::string out;
  {
    JsonObject fields(out);
    if (top_k && takes_top_k && model.is_claude()) fields.json("top_k", conversation.sampling.top_k);
    if (top_k && takes_top_k && !model.is_claude()) {
      JsonObject(fields.member("inferenceConfig")).json("topK", conversation.sampling.top_k);
    }
    if (thinks && model.is_claude()) write_claude_thinking(conversation, model, fields, unsaid);
    if (thinks && model.maker == Maker::amazon) {
      JsonObject config(fields.member("reasoningConfig"));
      config.plain("type", "enabled");
      config.plain("maxReasoningEffort", common_effort(reasoning));
    }
    if (thinks && model.maker == Maker::openai) fields.plain("reasoning_effort", common_effort(reasoning));
  }
  if (out != "{}") body.json("additionalModelRequestFields", out);
  // Which of several sequences it was that ended the answer.
  if (model.is_claude() && !conversation.stops.empty()) {
    body.json("additionalModelResponseFieldPaths", R"(["/stop_sequence"])");
  }
}

void write_output(const chat::Conversation& conversation, BedrockModel model, bool thinks, JsonObject& body,
                  Unsaid& unsaid) {
  const chat::Format& format = conversation.format;
  const bool schema = format.kind == chat::OutputFormat::json_schema && !format.schema.empty();
  unsaid.add_if(format.kind != chat::OutputFormat::text && !schema, Field::format);
  const Effort* asked = find_effort(conversation.reasoning);
  if (asked == nullptr && conversation.reasoning.budget) asked = effort_within(*conversation.reasoning.budget);
  const bool effort = thinks && model.decides_how_much_to_think() && asked != nullptr;
  if (!schema && !effort) return;
  JsonObject output(body.member("outputConfig"));
  if (effort) {
    output.plain("effort", asked->name == "minimal" ? "low" : asked->name);
  }
  if (!schema) return;
  JsonObject text(output.member("textFormat"));
  text.plain("type", "json_schema");
  JsonObject structure(text.member("structure"));
  JsonObject definition(structure.member("jsonSchema"));
  definition.plain("schema", format.schema);  // JSON within a string
  definition.string_if("name", format.name);
  definition.string_if("description", format.description);
}

bool fits_metadata(const JsonString& text) {
  constexpr std::size_t longest = 256;
  constexpr std::string_view signs = " _:@$#=/+,-.";
  return !text.escaped && text.raw.size() <= longest && std::all_of(text.raw.begin(), text.raw.end(), [&](char c) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return plain || signs.find(c) != std::string_view::npos;
  });
}

// Amazon takes strings of few characters: all of it, or nothing.
bool is_metadata(chat::JsonText metadata) {
  constexpr int most = 16;
  JsonReader reader(metadata);
  if (!reader.enter_object_or_skip()) return false;
  int count = 0;
  bool fits = true;
  JsonString key;
  while (reader.next_member(key)) {
    const auto value = reader.string_or_skip();
    fits = fits && value && !key.empty() && fits_metadata(key) && fits_metadata(*value) && ++count <= most;
  }
  return fits && count > 0;
}

void write_rest(const chat::Conversation& conversation, JsonObject& body, Unsaid& unsaid) {
  if (!conversation.metadata.empty()) {
    if (is_metadata(conversation.metadata)) {
      body.json("requestMetadata", conversation.metadata);
    } else {
      unsaid.add(Field::metadata);
    }
  }
  const JsonString& tier = conversation.service_tier;
  if (tier.empty() || tier.equals("auto")) return;
  const bool known = tier.equals("flex") || tier.equals("priority") || tier.equals("default");
  const bool standard = tier.equals("standard_only");
  unsaid.add_if(!known && !standard, Field::service_tier);
  if (!known && !standard) return;
  JsonObject(body.member("serviceTier")).plain("type", standard ? "default" : tier.raw);
}

// What Converse has no place for. A cache key is a hint: it keeps requests that share a prompt together, and Bedrock's
// cache goes by the prompt alone.
void note_unsaid(const chat::Conversation& conversation, Unsaid& unsaid) {
  const chat::Sampling& sampling = conversation.sampling;
  unsaid.add_speakers();
  unsaid.add_if(!sampling.presence_penalty.empty(), Field::presence_penalty);
  unsaid.add_if(!sampling.frequency_penalty.empty(), Field::frequency_penalty);
  unsaid.add_if(!sampling.seed.empty(), Field::seed);
  unsaid.add_if(!sampling.logit_bias.empty(), Field::logit_bias);
  unsaid.add_if(conversation.answers > 1, Field::answers);
  unsaid.add_if(conversation.logprobs, Field::logprobs);
  unsaid.add_if(conversation.top_logprobs.has_value(), Field::top_logprobs);
  unsaid.add_if(!conversation.user.empty(), Field::user);
  unsaid.add_if(!conversation.verbosity.empty(), Field::verbosity);
  unsaid.add_if(conversation.store == "true", Field::store);
  unsaid.add_if(!conversation.prediction.empty(), Field::prediction);
  unsaid.add_if(!conversation.audio.empty(), Field::audio);
  unsaid.add_if(!text_only(conversation.modalities), Field::modalities);
}

}  // namespace

bool bedrock_thinks(const chat::Conversation& conversation, BedrockModel model, const Alternating& sides) {
  constexpr int first_thinking = 37;
  if (!asks_for_thought(conversation.reasoning)) return false;
  if (!model.is_claude()) return true;
  const chat::ToolUse use = conversation.tool_choice.use;
  const bool must_call = use == chat::ToolUse::required || use == chat::ToolUse::named;
  if (model.version < first_thinking || must_call) return false;
  const auto last = std::find_if(sides.sides.rbegin(), sides.sides.rend(), [](const Side& side) { return side.model; });
  if (last == sides.sides.rend()) return true;
  const auto is_call = [](const Piece& piece) { return piece.part->kind == chat::PartKind::tool_call; };
  return std::none_of(last->pieces.begin(), last->pieces.end(), is_call) ||
         proved_by_anthropic(*last->pieces.front().part);
}

void write_bedrock_options(const chat::Conversation& conversation, BedrockModel model, bool thinks, JsonObject& body,
                           Unsaid& unsaid) {
  std::string inference;
  write_inference(conversation, model, thinks, inference, unsaid);
  if (inference != "{}") body.json("inferenceConfig", inference);
  write_maker_fields(conversation, model, thinks, body, unsaid);
  write_output(conversation, model, thinks, body, unsaid);
  write_rest(conversation, body, unsaid);
  note_unsaid(conversation, unsaid);
}

}  // namespace triaged::provider
