// Another model as the judge of an answer: what it is told, how its reply is read. Pure; sending is the dispatcher's
// business.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/quality/checks.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace triaged::quality {

// What the judge is told to do. "" for the rubric: a general one.
std::string judge_instructions(std::string_view rubric);
// Question and answer as data: one line of JSON, whatever is in them. At most `max_bytes` of them are shown (before
// escaping): the answer goes first, then the last turn, then what was before; long texts with their head and tail.
std::string describe_for_judge(const chat::Request& request, const Given& given, std::size_t max_bytes);
constexpr std::int64_t judge_reply_tokens = 120;

struct JudgeScore {
  double score = 0;    // 0..1
  std::string reason;  // as the judge wrote it, shortened; it may quote the answer
};
// {"score": 0..1, "reason": "..."}, also in a code fence or with words around it; of several the last counts. Anything
// else is an error that says what is wrong.
Result<JudgeScore> read_judge_reply(std::string_view text);

Finding judge_finding(const JudgeScore& score, double threshold);

}  // namespace triaged::quality
