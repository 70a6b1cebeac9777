// Facts about a request, found in one bounded pass over its last turns (head and tail of long texts), the same for
// every stage that follows. Pure; no allocation that grows with the prompt.
#pragma once

#include "triaged/base/tokens.hpp"
#include "triaged/chat/request.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace triaged::routing {

class Words;  // of src/routing: the words of a text, hashed

enum class Language : std::uint8_t { unknown, en, de, fr, es, zh, hi, other };
std::string_view name(Language language);

struct Features {
  // Sizes, estimated for the tokenizer of OpenAI's models; input_tokens_of() has the first for any other.
  std::int64_t input_tokens = 0;    // the whole request: messages, tools, system
  std::int64_t history_tokens = 0;  // of that, what is neither task_text nor the frame of a bare message
  std::int64_t last_turn_tokens = 0;
  std::int64_t task_tokens = 0;   // of task_text
  TextCounts texts;               // of the messages
  std::int64_t beside_texts = 0;  // tokens of tools, media and what chat templates add
  // Of task_text, as complexity was scaled and models were trained: by trained_tokens().
  std::int64_t trained_task_tokens = 0;
  std::uint32_t turns = 0;  // user turns
  Language language = Language::unknown;

  // Structure of the request.
  std::uint32_t tools = 0;
  std::uint32_t tool_results = 0;  // tool messages in the history
  bool assistant_called_tools = false;
  std::uint32_t images = 0;
  std::uint32_t audios = 0;
  std::uint32_t files = 0;
  chat::OutputFormat format = chat::OutputFormat::text;
  std::int64_t max_output_tokens = 0;  // 0: not given

  // Structure of the text that states the task (the last user turn, with earlier ones where it is only a follow-up).
  std::string_view task_text;  // a view into the request
  bool is_follow_up = false;   // the last turn is short and leans on an earlier one
  std::uint32_t words = 0;
  std::uint32_t sentences = 0;
  std::uint32_t questions = 0;       // question marks
  std::uint32_t constraints = 0;     // "must", "at most", "exactly", "without" ...: see features.cpp
  std::uint32_t reasoning_cues = 0;  // "prove", "step by step", "why", "trade-off" ...
  std::uint32_t domain_cues = 0;     // fields where plain words hide hard work: "theorem", "dosage", "clause" ...
  std::uint32_t numbers = 0;
  std::int64_t mentioned_tokens = 0;     // of documents spoken of, there or not: "the 50-page contract"
  std::int64_t asked_output_tokens = 0;  // of an answer whose length is asked for: "in 200 words"; 0: none is
  std::uint32_t list_items = 0;
  double code_density = 0;  // share of lines or characters that look like code
  double math_density = 0;
  double table_density = 0;
  bool has_code_fence = false;
  bool starts_with_code = false;

  // The words of task_text, while a decision is being made: its stages need not read the text again. Null elsewhere.
  const Words* task_words = nullptr;
};

Features extract_features(const chat::Request& request);
// The same, for a decision: `words` are filled, and the features point to them.
Features extract_features(const chat::Request& request, Words& words);

// The language of a text where there is hardly a doubt: enough of it, outside of code and quotations, and next to
// nothing of another. `unknown` else, and where it is none of those with a name of their own.
Language certain_language(std::string_view text);

// The whole request, as a target's tokenizer counts it.
std::int64_t input_tokens_of(const Features& features, Tokenizer tokenizer);

// The measure of length that complexity and the trained models know. It was an estimate of tokens once; now it is what
// they were made with, and is not to be improved without making them anew. Never zero for a non-empty text.
std::int64_t trained_tokens(std::string_view text);

}  // namespace triaged::routing
