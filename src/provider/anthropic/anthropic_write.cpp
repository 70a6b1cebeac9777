#include "provider/anthropic/anthropic_write.hpp"

#include "triaged/base/text.hpp"

#include "provider/alternating.hpp"
#include "provider/anthropic/anthropic_model.hpp"
#include "provider/anthropic/anthropic_schema.hpp"
#include "provider/anthropic/anthropic_thinking.hpp"
#include "provider/anthropic/anthropic_turns.hpp"
#include "provider/unsaid.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace triaged::provider {
namespace {

using chat::Conversation;
using chat::ToolUse;

double value_of(chat::JsonText number) {
  double value = 0;
  std::from_chars(number.data(), number.data() + number.size(), value);
  return value;
}

class Writer {
 public:
  Writer(const Conversation& conversation, const config::Target& target)
      : conversation_(conversation),
        target_(target),
        unsaid_(conversation),
        model_(anthropic_model(target.model)),
        turns_(conversation, unsaid_) {}

  std::string write(std::size_t size);
  std::vector<std::string> dropped() { return unsaid_.take(); }

 private:
  bool own() const { return conversation_.dialect == chat::Dialect::anthropic; }
  std::string& member(std::string_view name);

  void write_thinking();
  void write_output_config();
  void write_system();
  void write_tools();
  void write_tool(const chat::Tool& tool, std::size_t number, bool& first);
  void write_tool_choice();
  void write_sampling();
  void write_stops();
  void write_service_tier();
  void write_others();
  void note_what_has_no_member();
  bool forces_tool() const {
    const ToolUse use = conversation_.tool_choice.use;
    return !conversation_.tools.empty() && (use == ToolUse::required || use == ToolUse::named);
  }

  const Conversation& conversation_;
  const config::Target& target_;
  Unsaid unsaid_;
  AnthropicModel model_;
  AnthropicTurns turns_;
  AnthropicThought thought_;
  std::string instruction_;  // for the system, where a format cannot be asked for otherwise
  std::string out_;
};

std::string& Writer::member(std::string_view name) {
  if (!out_.empty()) out_.push_back(',');
  out_.push_back('"');
  return out_.append(name).append("\":");
}

void Writer::write_thinking() {
  AnthropicAsked asked;
  asked.forces_tool = forces_tool();
  asked.in_unthought_tool_loop = turns_.in_unthought_tool_loop();
  asked.max_output = target_.max_output;
  thought_ = anthropic_thought(conversation_, model_, asked);
  member("max_tokens").append(std::to_string(thought_.max_tokens));
  if (!thought_.thinking.empty()) member("thinking").append(thought_.thinking);
  unsaid_.add_if(!thought_.told, Field::reasoning);
  if (thought_.thinking.find("display") == std::string::npos) unsaid_.add_shown();
}

void Writer::write_output_config() {
  const chat::Format& format = conversation_.format;
  std::string config;
  if (!thought_.effort.empty()) config.append(R"("effort":")").append(thought_.effort).append("\"");
  const bool schema = format.kind == chat::OutputFormat::json_schema && !format.schema.empty();
  if (schema && model_.structured) {
    if (!config.empty()) config.push_back(',');
    std::vector<std::string> cut;
    config.append(R"("format":{"type":"json_schema","schema":)")
        .append(anthropic_schema(format.schema, cut))
        .append("}");
    unsaid_.add_format_schema(cut);
    unsaid_.add_format_description();
  } else if (format.kind != chat::OutputFormat::text) {
    // There is no way to ask for it that is sure to be kept.
    instruction_ = "Answer with one JSON object and nothing else: no words around it, no code fences.";
    if (schema) instruction_.append(" It must be valid for this JSON schema: ").append(format.schema);
    unsaid_.add(Field::format);
  }
  if (!config.empty()) member("output_config").append("{").append(config).append("}");
}

void Writer::write_system() {
  std::string system = turns_.system();
  if (!instruction_.empty()) {
    if (!system.empty()) system.push_back(',');
    system.append(R"({"type":"text","text":)");
    append_json_string(system, instruction_);
    system.push_back('}');
  }
  if (!system.empty()) member("system").append("[").append(system).append("]");
}

void Writer::write_tool(const chat::Tool& tool, std::size_t number, bool& first) {
  if (tool.hosted && !own()) return unsaid_.add_tool(number);
  if (!std::exchange(first, false)) out_.push_back(',');
  if (tool.hosted) {
    out_.append(tool.raw);
    return;
  }
  out_.append(R"({"name":)");
  chat::append_string(out_, tool.name);
  if (!tool.description.empty()) {
    out_.append(R"(,"description":)");
    chat::append_string(out_, tool.description);
  }
  const bool strict = tool.strict.value_or(false);
  const bool can_be_strict = strict && model_.structured && !tool.schema.empty();
  out_.append(R"(,"input_schema":)");
  if (can_be_strict) {
    std::vector<std::string> cut;
    out_.append(anthropic_schema(tool.schema, cut));
    unsaid_.add_schema(number, cut);
    out_.append(R"(,"strict":true)");
  } else {
    out_.append(tool.schema.empty() ? R"({"type":"object","properties":{}})" : tool.schema);
    if (strict) unsaid_.add_strict(number);
  }
  append_cache_mark(out_, tool.cache);
  out_.push_back('}');
}

// A history that speaks of tools is refused without their definitions.
void Writer::write_tools() {
  if (conversation_.tools.empty()) {
    unsaid_.add_choice_without_tools();
    const std::string stubs = turns_.stub_tools();
    if (!stubs.empty()) {
      member("tools").append("[").append(stubs).append("]");
      member("tool_choice").append(R"({"type":"none"})");
    }
    return;
  }
  std::string before = std::exchange(out_, {});
  bool first = true;
  for (std::size_t i = 0; i < conversation_.tools.size(); ++i) write_tool(conversation_.tools[i], i, first);
  const std::string tools = std::exchange(out_, std::move(before));
  if (tools.empty()) return unsaid_.add_choice_without_tools();
  member("tools").append("[").append(tools).append("]");
  write_tool_choice();
}

void Writer::write_tool_choice() {
  const chat::ToolChoice& choice = conversation_.tool_choice;
  ToolUse use = choice.use;
  if (forces_tool() && !model_.forced_tools) {
    unsaid_.add(Field::tool_choice);
    use = ToolUse::automatic;
  }
  const bool serial = choice.parallel == false && use != ToolUse::none;
  if (use == ToolUse::unset && !serial) return;
  std::string& out = member("tool_choice");
  switch (use) {
    case ToolUse::none: out.append(R"({"type":"none")"); break;
    case ToolUse::required: out.append(R"({"type":"any")"); break;
    case ToolUse::named:
      out.append(R"({"type":"tool","name":)");
      chat::append_string(out, choice.name);
      break;
    case ToolUse::unset:
    case ToolUse::automatic: out.append(R"({"type":"auto")"); break;
  }
  if (serial) out.append(R"(,"disable_parallel_tool_use":true)");
  out.push_back('}');
}

// Thinking models take none of these but their defaults, and what thinks at all only a high top_p.
void Writer::write_sampling() {
  const chat::Sampling& sampling = conversation_.sampling;
  const bool free = model_.sampling && !thought_.on;
  bool temperature = false;
  if (!sampling.temperature.empty()) {
    const double value = value_of(sampling.temperature);
    temperature = free || (model_.sampling && value == 1);
    if (temperature && value > 1) {
      member("temperature").append("1");
      unsaid_.add(Field::temperature);
    } else if (temperature) {
      member("temperature").append(sampling.temperature);
    } else {
      unsaid_.add_if(value != 1, Field::temperature);
    }
  }
  if (!sampling.top_p.empty()) {
    const double value = value_of(sampling.top_p);
    const bool allowed =
        model_.sampling && (!thought_.on || value >= 0.95) && (!temperature || model_.temperature_and_top_p);
    if (allowed) {
      member("top_p").append(sampling.top_p);
    } else {
      unsaid_.add_if(value != 1, Field::top_p);
    }
  }
  if (!sampling.top_k.empty()) {
    if (free) {
      member("top_k").append(sampling.top_k);
    } else {
      unsaid_.add(Field::top_k);
    }
  }
}

void Writer::write_stops() {
  std::string stops;
  for (std::size_t i = 0; i < conversation_.stops.size(); ++i) {
    const JsonString& stop = conversation_.stops[i];
    if (is_blank(stop)) {  // refused
      unsaid_.add_member("stop", "[" + std::to_string(i) + "]");
      continue;
    }
    if (!stops.empty()) stops.push_back(',');
    chat::append_string(stops, stop);
  }
  if (!stops.empty()) member("stop_sequences").append("[").append(stops).append("]");
}

void Writer::write_service_tier() {
  const JsonString& tier = conversation_.service_tier;
  if (tier.empty()) return;
  // What was bought in advance is used where the client pays for urgency, or leaves it open.
  if (tier.equals("auto") || tier.equals("priority")) {
    member("service_tier").append(R"("auto")");
  } else if (tier.equals("default") || tier.equals("standard_only")) {
    member("service_tier").append(R"("standard_only")");
  } else {
    unsaid_.add(Field::service_tier);
  }
}

void Writer::write_others() {
  if (!own()) return unsaid_.add_others();
  for (const chat::Member& other : conversation_.others) {
    if (other.name.equals("models")) continue;  // ours: the client's choice of targets
    member(other.name.raw).append(other.value);
  }
}

void Writer::note_what_has_no_member() {
  const auto not_zero = [](chat::JsonText number) { return !number.empty() && value_of(number) != 0; };
  const chat::Sampling& sampling = conversation_.sampling;
  unsaid_.add_if(not_zero(sampling.presence_penalty), Field::presence_penalty);
  unsaid_.add_if(not_zero(sampling.frequency_penalty), Field::frequency_penalty);
  unsaid_.add_if(!sampling.seed.empty(), Field::seed);
  unsaid_.add_if(!sampling.logit_bias.empty(), Field::logit_bias);
  unsaid_.add_if(conversation_.answers != 1, Field::answers);
  unsaid_.add_if(conversation_.logprobs, Field::logprobs);
  unsaid_.add_if(conversation_.top_logprobs.has_value(), Field::top_logprobs);
  unsaid_.add_if(!conversation_.verbosity.empty(), Field::verbosity);
  unsaid_.add_if(!conversation_.metadata.empty(), Field::metadata);
  unsaid_.add_if(conversation_.store == "true", Field::store);
  unsaid_.add_if(!text_only(conversation_.modalities), Field::modalities);
  unsaid_.add_if(!conversation_.audio.empty(), Field::audio);
  unsaid_.add_if(!conversation_.prediction.empty(), Field::prediction);
  // cache_key is a hint: Anthropic finds what it has cached by the text itself.
}

std::string Writer::write(std::size_t size) {
  out_.reserve(size + size / 16);  // growing step by step would copy a long prompt several times
  write_thinking();
  write_output_config();
  write_system();
  member("messages").push_back('[');
  turns_.append_messages(out_, (model_.prefill || target_.prefill) && !thought_.on);
  out_.push_back(']');
  write_tools();
  write_sampling();
  write_stops();
  if (!conversation_.user.empty()) {
    member("metadata").append(R"({"user_id":)");
    chat::append_string(out_, conversation_.user);
    out_.push_back('}');
  }
  write_service_tier();
  write_others();
  if (conversation_.stream) member("stream").append("true");
  note_what_has_no_member();
  return std::move(out_);
}

}  // namespace

AnthropicBody write_anthropic(const Conversation& conversation, const config::Target& target, std::size_t size) {
  AnthropicBody body;
  Writer writer(conversation, target);
  body.members = writer.write(size);
  body.dropped = writer.dropped();
  return body;
}

}  // namespace triaged::provider
