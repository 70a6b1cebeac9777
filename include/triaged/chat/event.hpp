// What a provider said, in our own terms: one Event per event of its stream, one Answer per whole reply. `raw` is the
// provider's own JSON, which a same-dialect route passes on untouched.
#pragma once

#include "triaged/chat/usage.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::chat {

enum class Finish : std::uint8_t { none, stop, length, tool_calls, content_filter, other };
std::string_view name(Finish finish);

enum class EventKind : std::uint8_t {
  preamble,  // nothing a client could use yet: role only, ping, empty delta
  content,   // text, refusal, tool call or audio: the commit point
  finish,    // carries a finish reason (and perhaps content); more may follow (usage)
  usage,     // carries nothing but usage
  error,     // the provider reports a failure inside the stream
  done,      // the dialect's terminal event ([DONE])
};

// Views are valid until the decoder is called again.
struct Event {
  EventKind kind = EventKind::preamble;
  std::string_view type;         // the event's type as received, "" where the dialect has none
  std::string_view raw;          // the event's data as received
  std::string_view text;         // visible text in this event
  std::uint32_t characters = 0;  // of text, reasoning and tool arguments together: what an estimate counts
  bool has_detail = false;       // says more than its text, its thoughts and its end: tool calls, a refusal in words
  Finish finish = Finish::none;
  std::optional<Usage> usage;      // may ride on any event
  std::string_view model;          // as the provider names itself
  std::string_view error_message;  // for `error`
  std::string_view error_code;
};

struct ToolCall {
  std::string id;
  std::string name;
  std::string arguments;   // JSON, as far as it has come
  std::int64_t index = 0;  // as the provider numbers them
};

// What checks look at besides the text, of the first choice; from a whole answer at once or from a stream event by
// event.
struct AnswerDetail {
  std::vector<ToolCall> tool_calls;
  bool refusal = false;    // the dialect's own field for refusals was used
  double logprob_sum = 0;  // natural logarithms of the tokens' probabilities
  std::uint32_t logprob_tokens = 0;

  // The geometric mean of the tokens' probabilities; none where none were told.
  std::optional<double> confidence() const;
};

struct Answer {
  std::string_view text;  // of the first choice
  std::uint32_t characters = 0;
  bool has_tool_calls = false;
  bool has_refusal = false;
  Finish finish = Finish::none;
  std::optional<Usage> usage;
  std::string model;
};

}  // namespace triaged::chat
