#include "triaged/quality/feedback.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace triaged::quality {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Feedback, SaysWhatWasWrongInWords) {
  EXPECT_EQ(feedback({"empty", "neither text nor tool call"}),
            "An earlier answer to this was rejected before anybody saw it: it was empty. Answer anew, and well; do not "
            "speak of the earlier answer.");
  EXPECT_THAT(feedback({"json", "no object: begins with \"Sure\""}),
              HasSubstr("it was not the JSON that was asked for (no object: begins with \"Sure\")."));
}

TEST(Feedback, KnowsEveryCheckThereIs) {
  for (const std::string_view check : config::check_names()) {
    EXPECT_THAT(feedback({std::string(check), ""}), Not(HasSubstr("saw it: ."))) << check;
  }
}

TEST(Feedback, DoesNotTellTheOperatorsPatterns) {
  EXPECT_THAT(feedback({"must_not_match", "matches \"(?i)secret\""}), Not(HasSubstr("secret")));
  EXPECT_THAT(feedback({"must_match", "no match of \"^ID-\\d+\""}), Not(HasSubstr("ID-")));
}

TEST(Feedback, GivesTheJudgesReasonAsAQuotation) {
  EXPECT_THAT(feedback({"judge", "score 0.20 is below 0.60"}, "The sum is \"41\".\nIt is 42."),
              HasSubstr(R"(a reviewer found it not good enough: "The sum is \"41\".\nIt is 42.")"));
}

}  // namespace
}  // namespace triaged::quality
