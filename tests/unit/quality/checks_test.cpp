#include "unit/quality/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace triaged::quality {
namespace {

using config::Check;
using test::beginning;
using test::call;
using test::found;
using test::Question;
using test::whole;

std::string found_by(const config::Gate& gate, const Given& given) {
  const Question question;
  const auto finding = Checker(gate).look(question.asked(), given);
  return finding ? finding->check + ": " + finding->why : std::string();
}

config::Gate bare_gate() {
  config::Gate gate;
  gate.checks.clear();
  return gate;
}

TEST(Empty, IsAnAnswerWithoutTextAndToolCalls) {
  const Question question;
  EXPECT_EQ(found(Check::empty, question, whole("")), "empty: neither text nor tool call");
  EXPECT_NE(found(Check::empty, question, whole(" \n\t\u00A0\u200B\uFEFF")), "");
  EXPECT_EQ(found(Check::empty, question, whole("0")), "");
  EXPECT_EQ(found(Check::empty, question, whole("是")), "");
  EXPECT_EQ(found(Check::empty, question, call("f", "{}")), "");
}

TEST(Empty, IsNotSaidOfWhatHasOnlyBegun) {
  EXPECT_EQ(found(Check::empty, Question(), beginning("")), "");
  EXPECT_EQ(found(Check::empty, Question(), beginning("\n\n")), "");
}

TEST(Empty, IsNotSaidOfRefusalsAudioAndWhatTheClientCutShort) {
  Given refused = whole("");
  refused.refusal = true;
  EXPECT_EQ(found(Check::empty, Question(), refused), "");

  Question spoken;
  spoken.request.wants_audio = true;
  EXPECT_EQ(found(Check::empty, spoken, whole("")), "");

  Question limited;
  limited.request.max_output_tokens = 16;
  Given thought = whole("");
  thought.finish = chat::Finish::length;
  thought.output_tokens = 16;
  EXPECT_EQ(found(Check::empty, limited, thought), "");
}

TEST(CutOff, IsAnEndByLengthBelowTheClientsLimit) {
  struct Row {
    std::optional<std::int64_t> limit;
    std::int64_t tokens;
    chat::Finish finish;
    bool cut_off;
  };
  for (const Row& row :
       {Row{std::nullopt, 4096, chat::Finish::length, true}, Row{std::nullopt, 0, chat::Finish::length, true},
        Row{8000, 4096, chat::Finish::length, true}, Row{4096, 4096, chat::Finish::length, false},
        Row{100, 101, chat::Finish::length, false},
        Row{100, 0, chat::Finish::length, false},  // nobody knows who ended it
        Row{std::nullopt, 10, chat::Finish::stop, false}, Row{std::nullopt, 10, chat::Finish::tool_calls, false}}) {
    Question question;
    question.request.max_output_tokens = row.limit;
    Given given = whole("Once upon a");
    given.finish = row.finish;
    given.output_tokens = row.tokens;
    EXPECT_EQ(!found(Check::cut_off, question, given).empty(), row.cut_off)
        << row.limit.value_or(-1) << " " << row.tokens;
  }
}

TEST(MinLength, CountsCharactersOfWholeTextAnswers) {
  config::Gate gate = bare_gate();
  gate.min_length = 5;
  EXPECT_EQ(found_by(gate, whole("四个字符")), "min_length: 4 characters of 5");
  EXPECT_EQ(found_by(gate, whole("五个字符吗")), "");
  EXPECT_EQ(found_by(gate, beginning("No")), "");
  EXPECT_EQ(found_by(gate, call("f", "{}")), "");
}

TEST(Required, PartsStandInTheTextInAnyCase) {
  config::Gate gate = bare_gate();
  gate.required = {"Quelle", "größe (m)"};
  EXPECT_EQ(found_by(gate, whole("QUELLE: x. GRÖSSE unbekannt")), "required: lacks \"gr\\u00f6\\u00dfe (m)\"");
  EXPECT_EQ(found_by(gate, whole("quelle: x. Größe (M) 2")), "");
  EXPECT_EQ(found_by(gate, beginning("quelle")), "");
}

TEST(Patterns, MustMatchSomewhereOrNowhere) {
  config::Gate gate = bare_gate();
  gate.must_match = {R"(\bTotal: \d+)"};
  gate.must_not_match = {"(?i)lorem ipsum"};
  EXPECT_EQ(found_by(gate, whole("Sum 5")), "must_match: no match of \"\\bTotal: \\d+\"");
  EXPECT_EQ(found_by(gate, whole("The Total: 5")), "");
  EXPECT_EQ(found_by(gate, beginning("The")), "") << "may still come";
  EXPECT_EQ(found_by(gate, beginning("Lorem Ipsum dolor")), "must_not_match: matches \"(?i)lorem ipsum\"");
}

TEST(MinConfidence, IsLookedAtWhereItIsKnownAndEnoughIsThere) {
  config::Gate gate = bare_gate();
  gate.min_confidence = 0.5;
  Given given = whole("Maybe.");
  EXPECT_EQ(found_by(gate, given), "");
  given.confidence = 0.314;
  EXPECT_EQ(found_by(gate, given), "min_confidence: 0.31 is below 0.50");
  given.whole = false;
  EXPECT_EQ(found_by(gate, given), "") << "a few tokens say little";
  given.text = std::string(64, 'a');
  EXPECT_NE(found_by(gate, given), "");
  given.confidence = 0.5;
  EXPECT_EQ(found_by(gate, given), "");
}

TEST(Checker, HoldsAnswersOnlyAgainstWhatItsGateNames) {
  EXPECT_EQ(found_by(bare_gate(), whole("")), "");
  EXPECT_EQ(found_by(bare_gate(), whole("I'm sorry, but I can't help with that.")), "");
  EXPECT_EQ(found_by(config::Gate(), whole("A good name is Tom.")), "");
  EXPECT_EQ(found_by(config::Gate(), whole("")), "empty: neither text nor tool call");
}

TEST(Checker, QuotesAtMostFortyCharactersInPrintableAscii) {
  config::Gate gate = bare_gate();
  gate.must_not_match = {"a\n\"\x01" + std::string(60, 'b')};
  EXPECT_EQ(found_by(gate, whole(gate.must_not_match[0])),
            "must_not_match: matches \"a '\\u0001" + std::string(36, 'b') + "...\"");
}

}  // namespace
}  // namespace triaged::quality
