// An answer as a sequence of small steps that every dialect can be read into and written from. A whole answer is the
// same sequence at once. Strings are JSON strings as the provider wrote them (see conversation.hpp).
#pragma once

#include "triaged/base/json.hpp"
#include "triaged/base/result.hpp"
#include "triaged/chat/event.hpp"
#include "triaged/chat/usage.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace triaged::chat {

enum class DeltaKind : std::uint8_t {
  start,            // id and name (the model's) of the answer; at most once, before all others
  text,             // a piece of visible text
  refusal,          // a piece of a refusal in words
  thinking,         // a piece of shown thought
  signature,        // text: proves the thinking part it belongs to
  hidden_thinking,  // text: encrypted thought, whole
  tool_call,        // a call begins: id, name
  arguments,        // a piece of the JSON of the call's arguments in `text`; or all of it, as a JSON value, in `json`
  citation,         // json: in the dialect of its maker; belongs to the text part
  logprobs,         // json: an array in OpenAI's form, of the text's tokens
  finish,           // why the choice ended; stop sequence in `text`, if one ended it
  usage,            // carries nothing but usage
  error,            // the provider reports a failure: text, code in `id`
  done,             // the dialect's terminal event
};

struct Delta {
  DeltaKind kind = DeltaKind::text;
  std::uint32_t choice = 0;
  // Which part of the choice's answer it belongs to. Parts are numbered from 0 in the order in which they begin; pieces
  // of different tool calls may come interleaved.
  std::uint32_t part = 0;
  JsonString text;
  JsonString id;
  JsonString name;
  std::string_view json;
  Finish finish = Finish::none;
  std::optional<Usage> usage;  // may ride on any; the last one counts
};

class DeltaSink {
 public:
  virtual ~DeltaSink() = default;
  // Views in it are valid during the call.
  virtual void take(const Delta& delta) = 0;
};

// Reads the answers of one provider dialect. One reader per answer.
class AnswerReader {
 public:
  virtual ~AnswerReader() = default;
  // One event of a stream. Error: protocol.
  virtual Result<void> event(std::string_view type, std::string_view data, DeltaSink& sink) = 0;
  // A whole answer: the same steps, `done` at the end left out. Error: protocol.
  virtual Result<void> whole(std::string_view body, DeltaSink& sink) = 0;
};

}  // namespace triaged::chat
