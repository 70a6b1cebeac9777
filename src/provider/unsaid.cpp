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
  Field field;
  std::string_view name;
};
constexpr std::array<OtherName, 7> other_names{{
    {Dialect::anthropic, Field::format, "output_config.format"},
    {Dialect::anthropic, Field::parallel, "tool_choice.disable_parallel_tool_use"},
    {Dialect::anthropic, Field::reasoning, "thinking"},
    {Dialect::anthropic, Field::stops, "stop_sequences"},
    {Dialect::anthropic, Field::user, "metadata.user_id"},
    {Dialect::openai_responses, Field::format, "text.format"},
    {Dialect::openai_responses, Field::reasoning, "reasoning"},
}};

std::string index_text(std::size_t index) { return "[" + std::to_string(index) + "]"; }

// Anthropic's system text stands beside the messages, which are counted without it.
std::string turn_path(const chat::Conversation& conversation, std::size_t turn) {
  if (conversation.dialect == Dialect::openai_responses) return "input" + index_text(turn);
  if (conversation.dialect != Dialect::anthropic) return "messages" + index_text(turn);
  const auto& turns = conversation.turns;
  if (turn >= turns.size() || turns[turn].role == chat::Role::system) return "system";
  const auto end = turns.begin() + static_cast<std::ptrdiff_t>(turn);
  const auto before =
      std::count_if(turns.begin(), end, [](const auto& each) { return each.role == chat::Role::system; });
  return "messages" + index_text(turn - static_cast<std::size_t>(before));
}

}  // namespace

std::string_view client_name(Dialect dialect, Field field) {
  if (dialect == Dialect::openai_responses && field == Field::verbosity) return "text.verbosity";
  for (const OtherName& other : other_names) {
    if (other.dialect == dialect && other.field == field) return other.name;
  }
  return chat_names[static_cast<std::size_t>(field)];
}

void Unsaid::add(std::string name) {
  if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.push_back(std::move(name));
}

void Unsaid::add(Field field) { add(std::string(client_name(conversation_.dialect, field))); }

void Unsaid::add_part(std::size_t turn, std::size_t part, std::string_view below) {
  add(turn_path(conversation_, turn) + ".content" + index_text(part) + std::string(below));
}

void Unsaid::add_tool(std::size_t tool, std::string_view below) {
  add("tools" + index_text(tool) + std::string(below));
}

void Unsaid::add_strict(std::size_t tool) {
  add_tool(tool, conversation_.dialect == Dialect::openai_chat ? ".function.strict" : ".strict");
}

void Unsaid::add_speakers() {
  for (std::size_t turn = 0; turn < conversation_.turns.size(); ++turn) {
    if (!conversation_.turns[turn].name.empty()) add(turn_path(conversation_, turn) + ".name");
  }
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

std::vector<std::string> Unsaid::take(std::initializer_list<std::string_view> told) {
  for (const chat::Member& member : conversation_.others) {
    std::string name = member.name.resolved();
    if (std::find(told.begin(), told.end(), name) == told.end()) add(std::move(name));
  }
  for (const std::string& path : conversation_.lost) add(path);
  return std::move(names_);
}

}  // namespace triaged::provider
