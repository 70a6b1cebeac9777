// What one message, or one delta of a streamed message, holds. Also the error objects of the dialect.
#pragma once

#include "triaged/base/json.hpp"
#include "triaged/chat/event.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace triaged::provider {

// Text is collected without copying where it can be: as a view while it is one unescaped string.
class TextGatherer {
 public:
  explicit TextGatherer(std::string& storage) : storage_(storage) { storage_.clear(); }
  void add(const JsonString& string);
  void reset();
  std::string_view text() const { return owned_ ? std::string_view(storage_) : view_; }

 private:
  std::string& storage_;
  std::string_view view_;
  bool owned_ = false;
};

struct DeltaFacts {
  bool content = false;  // anything that a client could use
  bool tool_calls = false;
  bool refusal = false;
  std::uint32_t characters = 0;
};

// Reads the object at the cursor (a message or a delta; null is an empty one). Visible text goes to `text` if that is
// given.
void read_delta(JsonReader& reader, DeltaFacts& facts, TextGatherer* text);

// A finish reason at the cursor; null and "" are none.
chat::Finish read_finish(JsonReader& reader);

// {"error": ...} in the shapes that are in use: an object with message, code and type, or a sentence.
struct ErrorFacts {
  std::string message;
  std::string code;
  std::string type;
  std::string inner_code;  // Azure: innererror.code
};
// Reads the value of an "error" member.
void read_error(JsonReader& reader, ErrorFacts& facts);

}  // namespace triaged::provider
