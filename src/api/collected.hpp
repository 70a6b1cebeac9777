// A whole answer, collected from its steps.
#pragma once

#include "triaged/chat/conversation.hpp"
#include "triaged/chat/delta.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace triaged::api {

// Texts are the inside of JSON strings, escaped as they came; `arguments` is plain JSON text.
struct CollectedPart {
  chat::DeltaKind kind = chat::DeltaKind::text;  // text, refusal, thinking, hidden_thinking, tool_call
  std::uint32_t number = 0;
  std::string text;
  std::string signature;               // of thinking
  std::string id, name;                // of a tool call
  std::string arguments;               // of a tool call: a JSON object; "{}" where none came
  std::vector<std::string> citations;  // of text: JSON values
  std::string logprobs;                // of text: elements of OpenAI's array, joined by commas
};

struct CollectedChoice {
  std::vector<CollectedPart> parts;
  chat::Finish finish = chat::Finish::none;
  std::string stop_sequence;
};

class Collected final : public chat::DeltaSink {
 public:
  void take(const chat::Delta& delta) override;

  std::string id, model;
  std::vector<CollectedChoice> choices;  // at least one, once anything was taken
  std::optional<chat::Usage> usage;

 private:
  CollectedPart& part(const chat::Delta& delta, chat::DeltaKind kind);
};

// Of a provider's text that is the inside of a JSON string: the whole string in quotes.
void append_quoted(std::string& out, std::string_view escaped);

}  // namespace triaged::api
