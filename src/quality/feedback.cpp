#include "triaged/quality/feedback.hpp"

#include "triaged/base/text.hpp"

#include <array>

namespace triaged::quality {

namespace {

struct Complaint {
  std::string_view check;
  std::string_view sentence;
  bool with_why;  // whether the finding says more than the sentence
};

constexpr std::array complaints{
    Complaint{"empty", "it was empty", false},
    Complaint{"refusal", "it declined; do the task as far as you may", false},
    Complaint{"repetition", "it said the same again and again", false},
    Complaint{"cut_off", "it was cut off before its end; see that yours comes to an end", false},
    Complaint{"language", "it was in the wrong language", true},
    Complaint{"json", "it was not the JSON that was asked for", true},
    Complaint{"tools", "it called a tool in a way that is not possible", true},
    Complaint{"min_length", "it was too short", true},
    Complaint{"required", "something was missing", true},
    Complaint{"must_match", "it did not have the form that is required", false},
    Complaint{"must_not_match", "it had something in it that must not be there", false},
    Complaint{"min_confidence", "it was unsure", false},
    Complaint{"judge", "a reviewer found it not good enough", false},
};

constexpr std::size_t most_reason = 300;

}  // namespace

std::string feedback(const Finding& finding, std::string_view judge_reason) {
  std::string text = "An earlier answer to this was rejected before anybody saw it: ";
  bool known = false;
  for (const Complaint& complaint : complaints) {
    if (complaint.check != finding.check) continue;
    known = true;
    text += complaint.sentence;
    if (complaint.with_why) text += " (" + finding.why + ")";
  }
  if (!known) text += finding.why;
  if (!judge_reason.empty()) {
    text += ": ";
    append_json_string(text, judge_reason.substr(0, most_reason));
  }
  text += ". Answer anew, and well; do not speak of the earlier answer.";
  return text;
}

}  // namespace triaged::quality
