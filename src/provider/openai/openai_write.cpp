#include "provider/openai/openai_write.hpp"

#include "triaged/base/text.hpp"

#include <algorithm>

namespace triaged::provider {
namespace {

using chat::Dialect;

constexpr std::size_t most_stops = 4;
constexpr std::int64_t low_budget = 4096;
constexpr std::int64_t medium_budget = 16384;

// Members one after the other, each as the profile has it.
class Members {
 public:
  Members(std::string& out, const ProfileRules& rules, Unsaid& unsaid) : out_(out), rules_(rules), unsaid_(unsaid) {}

  // False: it was left out.
  bool add(std::string_view name, std::string_view value) {
    if (value.empty()) return true;
    const ProfileRules::Verdict verdict = rules_.judge(name, value);
    if (verdict.told) unsaid_.add_member(name);
    switch (verdict.fate) {
      case ProfileRules::Fate::dropped: return false;
      case ProfileRules::Fate::replaced: out_.append(",").append(verdict.member); return true;
      case ProfileRules::Fate::renamed: name = verdict.name; break;
      case ProfileRules::Fate::kept: break;
    }
    out_.push_back(',');
    append_json_string(out_, name);
    out_.append(":").append(value);
    return true;
  }

  void add_string(std::string_view name, const JsonString& string) {
    if (string.empty()) return;
    std::string value;
    chat::append_string(value, string);
    add(name, value);
  }

 private:
  std::string& out_;
  const ProfileRules& rules_;
  Unsaid& unsaid_;
};

class ChatWriter {
 public:
  ChatWriter(const chat::Conversation& conversation, std::string_view model, const OpenAiProfile& profile)
      : conversation_(conversation),
        model_(model),
        effort_(effort()),
        rules_(profile, model, effort_),
        unsaid_(conversation),
        members_(written_.body, rules_, unsaid_) {}

  WrittenChat write();

 private:
  std::string effort() const;
  void write_tools();
  void append_tool(std::string& out, const chat::Tool& tool, std::size_t index);
  void write_choice(bool tools);
  void write_format();
  void write_limits();
  void write_sampling();
  void write_reasoning();
  void write_labels();
  void write_others();

  const chat::Conversation& conversation_;
  std::string_view model_;
  std::string effort_;
  ProfileRules rules_;
  WrittenChat written_;
  Unsaid unsaid_;
  Members members_;
};

// "" where the client left it to the model.
std::string ChatWriter::effort() const {
  using Mode = chat::Reasoning::Mode;
  const chat::Reasoning& reasoning = conversation_.reasoning;
  if (reasoning.mode == Mode::off) return "none";
  if (!reasoning.effort.empty()) return reasoning.effort.resolved();
  if (reasoning.budget) return std::string(effort_of_budget(*reasoning.budget));
  return reasoning.mode == Mode::on ? "medium" : "";
}

void ChatWriter::append_tool(std::string& out, const chat::Tool& tool, std::size_t index) {
  out.append(R"({"type":"function","function":{"name":)");
  chat::append_string(out, tool.name);
  if (!tool.description.empty()) {
    out.append(R"(,"description":)");
    chat::append_string(out, tool.description);
  }
  if (!tool.schema.empty()) out.append(R"(,"parameters":)").append(tool.schema);
  if (tool.strict && rules_.profile().strict) out.append(*tool.strict ? R"(,"strict":true)" : R"(,"strict":false)");
  if (tool.strict.value_or(false) && !rules_.profile().strict) unsaid_.add_strict(index);
  out.append("}}");
}

void ChatWriter::write_tools() {
  std::string tools;
  for (std::size_t i = 0; i < conversation_.tools.size(); ++i) {
    const chat::Tool& tool = conversation_.tools[i];
    if (tool.hosted) {
      unsaid_.add_tool(i);
      continue;
    }
    tools.push_back(tools.empty() ? '[' : ',');
    append_tool(tools, tool, i);
  }
  if (!tools.empty()) tools.push_back(']');
  members_.add("tools", tools);
  write_choice(!tools.empty());
}

// Without tools there is nothing to choose, and OpenAI refuses a choice.
void ChatWriter::write_choice(bool tools) {
  const chat::ToolChoice& choice = conversation_.tool_choice;
  if (!tools) return unsaid_.add_choice_without_tools();
  switch (choice.use) {
    case chat::ToolUse::unset: break;
    case chat::ToolUse::automatic: members_.add("tool_choice", R"("auto")"); break;
    case chat::ToolUse::none: members_.add("tool_choice", R"("none")"); break;
    case chat::ToolUse::required: members_.add("tool_choice", R"("required")"); break;
    case chat::ToolUse::named: {
      std::string named = R"({"type":"function","function":{"name":)";
      chat::append_string(named, choice.name);
      members_.add("tool_choice", named.append("}}"));
      break;
    }
  }
  if (choice.parallel) members_.add("parallel_tool_calls", *choice.parallel ? "true" : "false");
}

void ChatWriter::write_format() {
  const chat::Format& format = conversation_.format;
  if (format.kind == chat::OutputFormat::text) return;
  if (format.kind == chat::OutputFormat::json_object) {
    members_.add("response_format", R"({"type":"json_object"})");
    return;
  }
  std::string value = R"({"type":"json_schema","json_schema":{"name":)";
  chat::append_string(value, format.name.empty() ? JsonString{"answer"} : format.name);
  if (!format.description.empty()) {
    value.append(R"(,"description":)");
    chat::append_string(value, format.description);
  }
  if (!format.schema.empty()) value.append(R"(,"schema":)").append(format.schema);
  if (format.strict) value.append(*format.strict ? R"(,"strict":true)" : R"(,"strict":false)");
  members_.add("response_format", value.append("}}"));
}

void ChatWriter::write_limits() {
  const chat::Conversation& from = conversation_;
  if (from.max_output_tokens) members_.add(rules_.profile().limit, std::to_string(*from.max_output_tokens));
  if (from.stops.empty()) return;
  std::string stops;
  for (std::size_t i = 0; i < std::min(from.stops.size(), most_stops); ++i) {
    stops.push_back(stops.empty() ? '[' : ',');
    chat::append_string(stops, from.stops[i]);
  }
  if (!members_.add("stop", stops.append("]"))) return;
  for (std::size_t i = most_stops; i < from.stops.size(); ++i) {
    unsaid_.add_member("stop", "[" + std::to_string(i) + "]");
  }
}

void ChatWriter::write_sampling() {
  const chat::Sampling& sampling = conversation_.sampling;
  members_.add("temperature", sampling.temperature);
  members_.add("top_p", sampling.top_p);
  members_.add("presence_penalty", sampling.presence_penalty);
  members_.add("frequency_penalty", sampling.frequency_penalty);
  members_.add("seed", sampling.seed);
  members_.add("logit_bias", sampling.logit_bias);
  if (rules_.profile().top_k) {
    members_.add("top_k", sampling.top_k);
  } else if (!sampling.top_k.empty()) {
    unsaid_.add(Field::top_k);
  }
  if (conversation_.answers > 1) members_.add("n", std::to_string(conversation_.answers));
  if (conversation_.logprobs) members_.add("logprobs", "true");
  if (conversation_.top_logprobs) members_.add("top_logprobs", std::to_string(*conversation_.top_logprobs));
}

// Whether thoughts are shown is not the client's choice in this dialect: what comes of them is passed on.
void ChatWriter::write_reasoning() {
  if (!effort_.empty()) {
    std::string value;
    append_json_string(value, effort_);
    members_.add("reasoning_effort", value);
  }
  unsaid_.add_shown();
  members_.add_string("verbosity", conversation_.verbosity);
}

void ChatWriter::write_labels() {
  const chat::Conversation& from = conversation_;
  members_.add_string("user", from.user);
  members_.add("metadata", from.metadata);
  members_.add("store", from.store);
  members_.add_string("prompt_cache_key", from.cache_key);
  // Anthropic's tiers are not OpenAI's, but for the one that both leave to the provider.
  if (from.dialect != Dialect::anthropic) {
    members_.add_string("service_tier", from.service_tier);
  } else if (!from.service_tier.empty() && !from.service_tier.equals("auto")) {
    unsaid_.add(Field::service_tier);
  }
  members_.add("modalities", from.modalities);
  members_.add("audio", from.audio);
  members_.add("prediction", from.prediction);
}

// `models` is for us alone. Others mean something to speakers of the client's dialect only.
void ChatWriter::write_others() {
  if (conversation_.dialect != Dialect::openai_chat) return unsaid_.add_others();
  for (const chat::Member& other : conversation_.others) {
    if (!other.name.equals("models")) members_.add(other.name.resolved(), other.value);
  }
}

WrittenChat ChatWriter::write() {
  std::string& out = written_.body;
  out.append(R"({"model":)");
  append_json_string(out, model_);
  out.push_back(',');
  append_messages(out, conversation_, rules_.profile(), unsaid_);
  write_tools();
  write_format();
  if (conversation_.stream) {
    out.append(R"(,"stream":true)");
    members_.add("stream_options", R"({"include_usage":true})");  // or nobody knows what it cost
  }
  write_limits();
  write_sampling();
  write_reasoning();
  write_labels();
  write_others();
  out.push_back('}');
  written_.dropped = unsaid_.take();
  std::sort(written_.dropped.begin(), written_.dropped.end());
  return std::move(written_);
}

}  // namespace

std::string_view effort_of_budget(std::int64_t tokens) {
  if (tokens <= low_budget) return "low";
  return tokens <= medium_budget ? "medium" : "high";
}

WrittenChat write_openai_chat(const chat::Conversation& conversation, std::string_view model, config::Profile profile) {
  return ChatWriter(conversation, model, openai_profile(profile)).write();
}

}  // namespace triaged::provider
