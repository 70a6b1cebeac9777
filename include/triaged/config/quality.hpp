// What an answer must be before the client gets it, and what follows when it is not. Plain values, complete and
// checked.
#pragma once

#include "triaged/base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::config {

// Checks that cost nothing. Each says "not good enough" or nothing at all; in doubt nothing.
enum class Check : std::uint8_t {
  empty,       // no text and no tool call
  refusal,     // "I'm sorry, but I can't ..."
  repetition,  // the same words again and again
  cut_off,     // ended by length although the client had set no limit so low
  language,    // of another language than the request, which did not ask for one
  json,        // JSON was asked for, and this is none, or does not follow the schema
  tools,       // calls a tool that is not there, or with arguments that its schema forbids
};
std::string_view name(Check check);
const std::vector<std::string_view>& check_names();  // in the order of the enumerators

// Another model reads question and answer, and scores the answer.
struct Judge {
  std::size_t tier = 0;    // index into Settings::tiers: whose targets are asked
  std::string rubric;      // what makes an answer good; "": a general one
  double threshold = 0.6;  // of the score in [0, 1]: below, the answer is not good enough
  Duration timeout = std::chrono::seconds(5);
  double sample = 1.0;  // share of the answers that are judged
  double budget = 0.2;  // dollars for judging, at most, for each dollar that all answers cost
};

// What answers of one kind of request are held against.
struct Gate {
  std::string name;
  std::vector<Check> checks{Check::empty, Check::refusal, Check::repetition, Check::cut_off, Check::json, Check::tools};
  std::int64_t min_length = 0;                   // characters of a text answer
  double min_confidence = 0;                     // geometric mean of the tokens' probabilities; 0: not asked for
  std::vector<std::string> must_match;           // regular expressions (RE2), each somewhere in the text
  std::vector<std::string> must_not_match;       // none of them anywhere
  std::vector<std::string> required;             // each stands in the text, upper and lower case being the same
  bool buffered = false;                         // streams are held whole, so that every check sees the whole answer
  std::int64_t hold_tokens = 32;                 // else so much of a stream is held ...
  Duration hold_time = std::chrono::seconds(2);  // ... or for so long after its first content, whichever is less
  bool feedback = false;       // the stronger tier is told what was wrong with the weaker one's answer
  std::optional<Judge> judge;  // whole answers and buffered streams only

  bool has(Check check) const;
};

// Escalations are watched per route: a route that escalates too often should have started higher.
struct Escalation {
  double target = 0.15;      // share of a route's answers; above it an alarm is raised
  std::size_t window = 200;  // the last so many answers of a route, on each worker
  bool step_up = false;      // such a route starts one tier higher while it lasts
};

// A cheap attempt that will most likely be thrown away is not made.
struct Cascade {
  bool skip_losing = true;  // start where the expected cost is least, escalations included
  double second_worth = 0;  // dollars that a second of the user's time is worth
};

struct Quality {
  std::vector<Gate> gates;
  Escalation escalation;
  Cascade cascade;

  std::optional<std::size_t> find_gate(std::string_view name) const;
};

}  // namespace triaged::config
