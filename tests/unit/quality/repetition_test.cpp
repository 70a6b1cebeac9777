#include "unit/quality/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace triaged::quality {
namespace {

using config::Check;
using test::beginning;
using test::found;
using test::Question;
using test::whole;
using testing::StartsWith;

std::string times(int count, const std::string& piece) {
  std::string text;
  for (int i = 0; i < count; ++i) text += piece;
  return text;
}

std::string found_in(std::string text) { return found(Check::repetition, Question(), whole(std::move(text))); }

TEST(Repetition, IsALoopAtTheEnd) {
  for (const std::string& loop :
       {times(12, "I hope this helps you with your question today. "), times(60, "and then "), times(300, "hahaha "),
        times(40, "The answer is that it depends. "), times(60, "这个问题的答案是"), times(50, "मुझे नहीं पता। "),
        times(20, "Es ist wichtig zu beachten, dass ")}) {
    EXPECT_THAT(found_in("The capital of France is Paris. " + loop), StartsWith("repetition: ends in "))
        << loop.substr(0, 40);
    EXPECT_NE(found(Check::repetition, Question(), beginning("Well. " + loop)), "") << loop.substr(0, 40);
  }
  EXPECT_THAT(found_in("Paris. " + times(100, "It is nice there, I think. ")),
              testing::MatchesRegex("repetition: ends in [0-9]+ times \"[ -~]+\""));
}

TEST(Repetition, IsSeenThroughNumbersThatCountOn) {
  std::string text;
  for (int i = 1; i < 40; ++i) {
    text += std::to_string(i % 3) +
            ". It is important to note that the results may vary depending on the situation at hand and so on\n";
  }
  EXPECT_EQ(found_in(text), "repetition: ends in the same words again and again");
}

TEST(Repetition, IsNoneInOrdinaryText) {
  EXPECT_EQ(found_in(""), "");
  EXPECT_EQ(found_in("Ha ha ha! That is funny."), "");
  std::string prose;
  for (int i = 0; i < 60; ++i) {
    prose += "Chapter " + std::to_string(i) + " tells of " + std::string(1, static_cast<char>('a' + i % 26)) +
             std::to_string(i * i) + " and what became of it in the year " + std::to_string(1000 + i * 7) + ". ";
  }
  EXPECT_EQ(found_in(prose), "");
}

TEST(Repetition, IsNoneInPoemsWithARefrain) {
  const std::string refrain =
      "Row, row, row your boat,\nGently down the stream,\nMerrily, merrily, merrily, merrily,\nLife is but a "
      "dream.\n\n";
  std::string poem;
  for (const char* const verse : {"The morning comes in grey and gold\nand finds the river wide,\nthe oars are wet, "
                                  "the air is cold,\nwe go out with the tide.\n\n",
                                  "At noon the heron lifts his head\nand looks at us with scorn,\nthe reeds are green, "
                                  "the sun is red,\nthe sleeves we have are torn.\n\n",
                                  "By evening all the birds are still,\nthe lamps are lit on shore,\nthere is a light "
                                  "upon the hill\nand we can row no more.\n\n"}) {
    poem += verse + refrain;
  }
  EXPECT_EQ(found_in(poem), "");

  std::string carol;
  std::string gifts;
  const char* const names[] = {"a partridge in a pear tree", "two turtle doves",      "three French hens",
                               "four calling birds",         "five golden rings",     "six geese a-laying",
                               "seven swans a-swimming",     "eight maids a-milking", "nine ladies dancing",
                               "ten lords a-leaping",        "eleven pipers piping",  "twelve drummers drumming"};
  int day = 0;
  for (const char* const gift : names) {
    gifts = std::string(gift) + ",\n" + gifts;
    carol += "On day number " + std::to_string(++day) + " of Christmas my true love sent to me\n" + gifts + "\n";
  }
  EXPECT_EQ(found_in(carol), "");
}

TEST(Repetition, IsNoneInTablesListsRulersAndPadding) {
  std::string table = "| name | visits | paid | left |\n|------|------|------|------|\n";
  std::string list;
  std::string inserts;
  for (int i = 0; i < 40; ++i) {
    const std::string n = std::to_string(i);
    table += "| person " + n + " | yes | no | no |\n";
    list += "- [ ] Item " + n + ": buy milk\n";
    inserts += "INSERT INTO users (id, name) VALUES (" + n + ", 'user" + n + "');\n";
  }
  EXPECT_EQ(found_in(table), "");
  EXPECT_EQ(found_in(list), "");
  EXPECT_EQ(found_in(inserts), "");
  EXPECT_EQ(found_in("Chapter 1\n" + times(120, "=")), "");
  EXPECT_EQ(found_in("Hex: " + times(200, "ff ")), "");
  EXPECT_EQ(found_in("Zeros: " + times(300, "0, ")), "");
  EXPECT_EQ(found_in("padding " + times(900, "A")), "");
}

TEST(Repetition, IsNoneInCodeAndData) {
  const std::string code = "Here are the tests:\n```cpp\n" + times(30, "  EXPECT_TRUE(is_valid(next()));\n");
  EXPECT_EQ(found_in(code + "```"), "");
  EXPECT_EQ(found(Check::repetition, Question(), beginning(code)), "");
  EXPECT_NE(
      found_in(code + times(60, "  EXPECT_TRUE(is_valid(next()));\n") + "```" + times(30, "\nIt is as I said before.")),
      "");
  EXPECT_NE(found_in(code + times(100, "  EXPECT_TRUE(is_valid(next()));\n")), "") << "not even code goes on like that";

  Question data;
  data.request.format = chat::OutputFormat::json_object;
  EXPECT_EQ(found(Check::repetition, data, whole("{\"a\":[" + times(60, "{\"b\":null},") + "1]}")), "");
}

TEST(Repetition, IsNoneWhereItIsAskedFor) {
  for (const char* const request :
       {"Write 'I must not talk in class' 100 times.", "Wiederhole den Satz oft.", "把这句话写一百遍"}) {
    EXPECT_EQ(found(Check::repetition, Question(request), whole(times(100, "I must not talk in class.\n"))), "")
        << request;
  }
}

}  // namespace
}  // namespace triaged::quality
