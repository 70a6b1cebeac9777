// What the built-in classifier looks for, as data: phrases by position and structural signals, each with what it adds
// to the score of a task. All languages stand in the same rows, so that they share weights.
#pragma once

#include "triaged/routing/task_type.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace triaged::routing {

struct Effect {
  TaskType task = TaskType::qa;
  float weight = 0;
};

// Where a phrase counts in full. Elsewhere it counts for less (task_features.cpp).
enum class Where : std::uint8_t {
  lead,  // opens an instruction: "Summarise ...", "Could you please summarise ..."
  zone,  // anywhere in the instruction, not in the document it is about
  any,
  whole,  // is all there is: "thanks a lot"
};

struct Cue {
  Where where = Where::zone;
  std::string_view phrases;
  std::array<Effect, 4> effects{};  // unused ones have weight 0
};

enum class Signal : std::uint8_t {
  always,  // the prior
  code_fence,
  code_first,  // begins with a line of code
  code_density,
  math_density,
  table,
  ends_with_question,
  two_words,     // at most
  eight_words,   // at most
  sixty_words,   // more than
  many_words,    // more than 250
  numbers,       // how many, capped
  number_share,  // of the words
  document,      // a longer passage below or behind the instruction
  options,       // lettered answers to choose from
  json_output,
  media,  // images, audio or files
  no_text,
  tools_offered,
  tools_used,
  tool_forced,
};
constexpr std::size_t signal_count = 21;

struct SignalCue {
  Signal signal = Signal::always;
  std::array<Effect, 11> effects{};
};

std::span<const Cue> text_work_cues();   // summarize, extract, classify, rewrite
std::span<const Cue> thinking_cues();    // code, math, analysis
std::span<const Cue> open_ended_cues();  // writing, qa, chat, agent
std::span<const SignalCue> signal_cues();

}  // namespace triaged::routing
