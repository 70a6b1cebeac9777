// Is this answer good enough? The checks of a gate that cost nothing: they look at an answer, or at the beginning of
// one, and say what is wrong with it, or nothing. In doubt nothing. Pure; a Checker is shared by all threads.
#pragma once

#include "triaged/chat/event.hpp"
#include "triaged/chat/request.hpp"
#include "triaged/config/quality.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::quality {

struct Contract;  // of src/quality: what the body says of JSON schemas and tools

// What the checks need to know of the request. Made once for each request that a gate is held against; borrows both.
class Asked {
 public:
  Asked(const chat::Request& request, std::string_view body);
  Asked(Asked&&) noexcept;
  Asked& operator=(Asked&&) noexcept;
  ~Asked();

  const chat::Request& request() const { return *request_; }
  // Read from the body when a check first needs it. Not for several threads at once.
  const Contract& contract() const;

 private:
  const chat::Request* request_;
  std::string_view body_;
  mutable std::unique_ptr<const Contract> contract_;
};

// An answer, whole or so far.
struct Given {
  std::string text;      // visible text of the first choice
  bool refusal = false;  // said in the dialect's own field for it
  std::vector<chat::ToolCall> tool_calls;
  chat::Finish finish = chat::Finish::none;
  bool whole = false;                // nothing more will come
  std::optional<double> confidence;  // geometric mean of the tokens' probabilities, where they are known
  std::int64_t output_tokens = 0;    // billed, reasoning included; 0: unknown
};

// Why an answer is not good enough: printable ASCII, with at most 40 characters of the answer in it.
struct Finding {
  std::string check;  // a name of config::check_names(), or the key of the gate: "min_length"
  std::string why;    // "begins with \"I'm sorry, but I can't help\""
};

// A gate, made ready once per configuration.
class Checker {
 public:
  explicit Checker(const config::Gate& gate);
  Checker(Checker&&) noexcept;
  Checker& operator=(Checker&&) noexcept;
  ~Checker();

  // The first thing found against the answer. Of one that is not whole only what no continuation can mend is said, so
  // never that it is too short.
  std::optional<Finding> look(const Asked& asked, const Given& given) const;

 private:
  struct Ready;
  std::unique_ptr<const Ready> ready_;
};

}  // namespace triaged::quality
