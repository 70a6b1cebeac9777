#include "provider/unsaid.hpp"

#include <algorithm>
#include <array>

namespace triaged::provider {
namespace {

using chat::Dialect;

// Indexed by Field.
constexpr std::array<std::string_view, 25> chat_names{"n",
                                                      "audio",
                                                      "prompt_cache_key",
                                                      "response_format",
                                                      "frequency_penalty",
                                                      "logit_bias",
                                                      "logprobs",
                                                      "metadata",
                                                      "modalities",
                                                      "parallel_tool_calls",
                                                      "prediction",
                                                      "presence_penalty",
                                                      "reasoning_effort",
                                                      "seed",
                                                      "service_tier",
                                                      "stop",
                                                      "store",
                                                      "temperature",
                                                      "tool_choice",
                                                      "tools",
                                                      "top_k",
                                                      "top_logprobs",
                                                      "top_p",
                                                      "user",
                                                      "verbosity"};

struct OtherName {
  Dialect dialect;
  std::string_view chat;
  std::string_view name;
};
constexpr std::array other_names{
    OtherName{Dialect::anthropic, "response_format", "output_config.format"},
    OtherName{Dialect::anthropic, "parallel_tool_calls", "tool_choice.disable_parallel_tool_use"},
    OtherName{Dialect::anthropic, "reasoning_effort", "thinking"},
    OtherName{Dialect::anthropic, "stop", "stop_sequences"},
    OtherName{Dialect::anthropic, "user", "metadata.user_id"},
    OtherName{Dialect::openai_responses, "max_completion_tokens", "max_output_tokens"},
    OtherName{Dialect::openai_responses, "max_tokens", "max_output_tokens"},
    OtherName{Dialect::openai_responses, "reasoning_effort", "reasoning"},
    OtherName{Dialect::openai_responses, "response_format", "text.format"},
    OtherName{Dialect::openai_responses, "verbosity", "text.verbosity"},
    OtherName{Dialect::openai_completions, "max_completion_tokens", "max_tokens"},
    OtherName{Dialect::openai_completions, "top_logprobs", "logprobs"},
    OtherName{Dialect::anthropic, "max_completion_tokens", "max_tokens"},
};

std::string index_text(std::size_t index) { return "[" + std::to_string(index) + "]"; }

bool in_list(const chat::Place& place) { return place.part != chat::Place::none; }

// The message, item or member that a part stands in.
std::string root_of(Dialect dialect, const chat::Place& place) {
  const bool beside = place.turn == chat::Place::none;
  switch (dialect) {
    case Dialect::anthropic: return beside ? "system" : "messages" + index_text(place.turn);
    case Dialect::openai_responses: return beside ? "instructions" : "input" + index_text(place.turn);
    case Dialect::openai_completions: return "prompt";
    default: return "messages" + index_text(beside ? 0 : place.turn);
  }
}

std::string path_of(Dialect dialect, const chat::Part& part) {
  std::string path = root_of(dialect, part.place);
  if (!in_list(part.place)) return path;
  const bool call = part.kind == chat::PartKind::tool_call && dialect == Dialect::openai_chat;
  // The list is the member itself where it stands beside the messages.
  if (part.place.turn != chat::Place::none) path.append(call ? ".tool_calls" : ".content");
  return path.append(index_text(part.place.part));
}

std::string path_within(Dialect dialect, const chat::Part& result, const chat::Part& inner) {
  std::string path = path_of(dialect, result);
  if (&result == &inner || !in_list(inner.place)) return path;
  return path.append(dialect == Dialect::openai_responses ? ".output" : ".content")
      .append(index_text(inner.place.part));
}

// OpenAI's chat has a tool's definition in a member of the name of its kind, but for the older functions.
std::string definition_of(const chat::Conversation& conversation, const chat::Tool& tool) {
  if (conversation.dialect != Dialect::openai_chat || !tool.path.starts_with("tools")) return {};
  return tool.custom ? ".custom" : ".function";
}

}  // namespace

std::string_view client_name(const chat::Conversation& conversation, std::string_view chat_name) {
  for (const auto& [usual, written] : conversation.spelled) {
    if (usual == chat_name) return written;
  }
  for (const OtherName& other : other_names) {
    if (other.dialect == conversation.dialect && other.chat == chat_name) return other.name;
  }
  return chat_name;
}

void Unsaid::add_name(std::string name) {
  if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.push_back(std::move(name));
}

void Unsaid::add(Field field) { add_member(chat_names[static_cast<std::size_t>(field)]); }

void Unsaid::add_member(std::string_view chat_name, std::string_view below) {
  std::string name(client_name(conversation_, chat_name));
  add_name(name.append(below));
}

void Unsaid::add_part(std::size_t turn, std::size_t part, std::string_view below) {
  add_inner(turn, part, conversation_.turns[turn].parts[part], below);
}

void Unsaid::add_inner(std::size_t turn, std::size_t part, const chat::Part& inner, std::string_view below) {
  std::string path = path_within(conversation_.dialect, conversation_.turns[turn].parts[part], inner);
  add_name(path.append(below));
}

void Unsaid::add_detail(std::size_t turn, std::size_t part, const chat::Part& inner) {
  add_inner(turn, part, inner, conversation_.dialect == Dialect::openai_chat ? ".image_url.detail" : ".detail");
}

void Unsaid::add_title(std::size_t turn, std::size_t part, const chat::Part& inner) {
  const bool responses = conversation_.dialect == Dialect::openai_responses;
  const bool anthropic = conversation_.dialect == Dialect::anthropic;
  add_inner(turn, part, inner, anthropic ? ".title" : responses ? ".filename" : ".file.filename");
}

void Unsaid::add_cache_mark(std::size_t turn, std::size_t part, const chat::Part& inner) {
  const bool responses = conversation_.dialect == Dialect::openai_responses;
  const bool of_all = conversation_.marked && *conversation_.marked == inner.place;
  if (of_all) return add_name("cache_control");
  add_inner(turn, part, inner, responses ? ".prompt_cache_breakpoint" : ".cache_control");
}

void Unsaid::add_tool(std::size_t tool, std::string_view below) {
  add_name(conversation_.tools[tool].path + std::string(below));
}

void Unsaid::add_strict(std::size_t tool) {
  add_tool(tool, definition_of(conversation_, conversation_.tools[tool]) + ".strict");
}

void Unsaid::add_schema(std::size_t tool, const std::vector<std::string>& keywords) {
  std::string path = definition_of(conversation_, conversation_.tools[tool]);
  path.append(conversation_.dialect == Dialect::anthropic ? ".input_schema." : ".parameters.");
  for (const std::string& keyword : keywords) add_tool(tool, path + keyword);
}

void Unsaid::add_format_schema(const std::vector<std::string>& keywords) {
  const bool chat = conversation_.dialect == Dialect::openai_chat;
  for (const std::string& keyword : keywords) {
    add_member("response_format", (chat ? ".json_schema.schema." : ".schema.") + keyword);
  }
}

void Unsaid::add_format_description() {
  const bool chat = conversation_.dialect == Dialect::openai_chat;
  if (!conversation_.format.description.empty()) {
    add_member("response_format", chat ? ".json_schema.description" : ".description");
  }
}

void Unsaid::add_shown() {
  const chat::Reasoning& reasoning = conversation_.reasoning;
  if (!reasoning.summary.empty()) {
    add_name("reasoning.summary");
  } else if (reasoning.shown == false) {
    add_member("include_reasoning");
  }
}

void Unsaid::add_choice_without_tools() {
  const chat::ToolChoice& choice = conversation_.tool_choice;
  add_if(choice.use == chat::ToolUse::required || choice.use == chat::ToolUse::named, Field::tool_choice);
  add_if(choice.parallel.has_value() && !*choice.parallel, Field::parallel);
}

void Unsaid::add_speaker(std::size_t turn) {
  if (!conversation_.turns[turn].name.empty()) add_name("messages" + index_text(turn) + ".name");
}

void Unsaid::add_speakers() {
  for (std::size_t turn = 0; turn < conversation_.turns.size(); ++turn) add_speaker(turn);
}

bool text_only(chat::JsonText modalities) {
  JsonReader reader(modalities);
  if (!reader.enter_array_or_skip()) return true;
  bool only = true;
  while (reader.next_element()) {
    const auto name = reader.string_or_skip();
    only = only && name && name->equals("text");
  }
  return only;
}

// `models` is ours: the client's choice of targets.
void Unsaid::add_others(std::initializer_list<std::string_view> told) {
  for (const chat::Member& member : conversation_.others) {
    std::string name = member.name.resolved();
    if (name != "models" && std::find(told.begin(), told.end(), name) == told.end()) add_name(std::move(name));
  }
}

std::vector<std::string> Unsaid::take() {
  for (const std::string& path : conversation_.lost) add_name(path);
  return std::move(names_);
}

}  // namespace triaged::provider
