#include "routing/words.hpp"

#include "routing/phrases.hpp"
#include "routing/unicode.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace triaged::routing {
namespace {

bool same_word(std::string_view a, std::string_view b) {
  Words first;
  Words second;
  first.scan(a);
  second.scan(b);
  return first.size() == 1 && second.size() == 1 && first[0].hash == second[0].hash;
}

TEST(Words, FoldCaseAndAccents) {
  EXPECT_TRUE(same_word("Résumé", "resume"));
  EXPECT_TRUE(same_word("ÜBERSETZE", "ubersetze"));
  EXPECT_TRUE(same_word("don't", "dont"));
  EXPECT_TRUE(same_word("don\xE2\x80\x99t", "dont"));
  EXPECT_FALSE(same_word("cat", "cut"));
}

TEST(Words, SplitFrenchElisionsAndHyphensButNotContractions) {
  Words words;
  words.scan("l'article");
  EXPECT_EQ(words.size(), 2U);
  words.scan("50-page");
  EXPECT_EQ(words.size(), 2U);
  words.scan("what's");
  EXPECT_EQ(words.size(), 1U);
}

TEST(Words, TakeEachIdeographAsAWordAndEachHindiWordWhole) {
  Words words;
  words.scan("总结文章");
  EXPECT_EQ(words.size(), 4U);
  words.scan("इसका सारांश लिखो");
  EXPECT_EQ(words.size(), 3U);
}

TEST(Words, KeepProgrammingLanguagesApart) {
  EXPECT_FALSE(same_word("C++", "C"));
  EXPECT_FALSE(same_word("C#", "C++"));
  EXPECT_TRUE(same_word("C++", "c++"));
}

TEST(Words, KnowSentencesQuotationsCodeAndColons) {
  Words words;
  words.scan("Translate this: \"good day\" now. Then ```x = 1``` stop");

  ASSERT_EQ(words.size(), 9U);
  EXPECT_NE(words[0].flags & word_flag::sentence_start, 0);
  EXPECT_EQ(words[1].flags & word_flag::sentence_start, 0);
  EXPECT_NE(words[2].flags & word_flag::quoted, 0);       // good
  EXPECT_NE(words[3].flags & word_flag::after_colon, 0);  // day
  EXPECT_EQ(words[4].flags & word_flag::quoted, 0);       // now
  EXPECT_NE(words[5].flags & word_flag::sentence_start, 0);
  EXPECT_NE(words[6].flags & word_flag::code, 0);  // x
  EXPECT_EQ(words[8].flags & word_flag::code, 0);  // stop
}

TEST(Words, TakeALoneQuotationMarkForAnInchSign) {
  Words words;
  words.scan("a 24\" screen for me");
  for (std::size_t i = 0; i < words.size(); ++i) EXPECT_EQ(words[i].flags & word_flag::quoted, 0) << i;
}

TEST(Words, KnowTheQuotationMarksOfSeveralLanguages) {
  for (const char* const text : {"\u201Cquoted\u201D plain", "\u201Equoted\u201C plain", "\u00ABquoted\u00BB plain",
                                 "\u300Cquoted\u300D plain", "\"quoted\" (plain)"}) {
    Words words;
    words.scan(text);
    ASSERT_EQ(words.size(), 2U) << text;
    EXPECT_NE(words[0].flags & word_flag::quoted, 0) << text;
    EXPECT_EQ(words[1].flags & word_flag::quoted, 0) << text;
  }
}

TEST(Words, CountAsNumbersOnlyWhenTheyAreDigitsAlone) {
  for (const auto& [text, number] : {std::pair("1200", true), std::pair("12a", false), std::pair("a12", false),
                                     std::pair("1_2", false), std::pair("\u096B\u096C", true)}) {
    Words words;
    words.scan(text);
    ASSERT_EQ(words.size(), 1U) << text;
    EXPECT_EQ((words[0].flags & word_flag::number) != 0, number) << text;
  }
}

TEST(Words, LookOnlyAtHeadAndTailOfALongText) {
  std::string text = "alpha ";
  for (int i = 0; i < 100'000; ++i) text += "middle ";
  text += "omega";

  Words words;
  words.scan(text);

  EXPECT_LE(words.size(), 2048U);
  EXPECT_LT(words.tail_begin(), words.size());
  Words omega;
  omega.scan("omega");
  EXPECT_EQ(words[words.size() - 1].hash, omega[0].hash);
}

TEST(Words, SurviveBytesThatAreNoText) {
  Words words;
  for (const std::string& text :
       {std::string(1U << 20U, '\x80'), std::string(1U << 20U, '\xE4'), std::string(1U << 20U, 'a'),
        std::string(1U << 20U, '"'), std::string("\xE4\xB8"), std::string("\xF0\x9F\x98"), std::string(3000, '\0'),
        std::string("a\xC0\xAF"
                    "b")}) {
    words.scan(text);
    EXPECT_LE(words.size(), 2048U);
  }
}

TEST(Unicode, ReadsValidCharactersAndReplacesTheRest) {
  EXPECT_EQ(read_character("a", 0).code, U'a');
  EXPECT_EQ(read_character("\xC3\xA9", 0).code, U'\u00E9');
  EXPECT_EQ(read_character("\xE4\xB8\xAD", 0).code, U'\u4E2D');
  EXPECT_EQ(read_character("\xF0\x9F\x98\x80", 0).code, U'\U0001F600');
  EXPECT_EQ(read_character("\xC3", 0).code, not_a_character);
  EXPECT_EQ(read_character("\xC3"
                           "a",
                           0)
                .bytes,
            1U);
  EXPECT_EQ(read_character("\xFF", 0).code, not_a_character);
}

std::vector<int> matches(const Phrases& phrases, std::string_view text) {
  Words words;
  words.scan(text);
  std::vector<int> found;
  for (std::size_t i = 0; i < words.size(); ++i) {
    phrases.match(words, i, [&found](std::uint16_t id, std::size_t) { found.push_back(id); });
  }
  return found;
}

TEST(Phrases, MatchWholeWordsInOrder) {
  Phrases phrases;
  phrases.add("sum up|recap", 1);
  phrases.add("sum", 2);
  phrases.build();

  EXPECT_THAT(matches(phrases, "Please sum up the sum"), testing::UnorderedElementsAre(1, 2, 2));
  EXPECT_THAT(matches(phrases, "summer recaps"), testing::IsEmpty());
}

TEST(Phrases, ThatBeginAlikeAreToldApartByWhatFollows) {
  Phrases phrases;
  phrases.add("the cat|the dog sleeps|the .. bird", 1);
  phrases.add("a cat", 2);
  phrases.build();

  EXPECT_THAT(matches(phrases, "the cat"), testing::ElementsAre(1));
  EXPECT_THAT(matches(phrases, "the dog sleeps"), testing::ElementsAre(1));
  EXPECT_THAT(matches(phrases, "the small bird"), testing::ElementsAre(1));
  EXPECT_THAT(matches(phrases, "the dog barks"), testing::IsEmpty());
  EXPECT_THAT(matches(phrases, "the. Cat"), testing::IsEmpty());
  EXPECT_THAT(matches(phrases, "a dog, the"), testing::IsEmpty());
}

TEST(Phrases, LeapOverAFewWordsOfTheSameSentence) {
  Phrases phrases;
  phrases.add("fasse .. zusammen", 1);
  phrases.build();

  EXPECT_THAT(matches(phrases, "Fasse den folgenden Text kurz zusammen"), testing::ElementsAre(1));
  EXPECT_THAT(matches(phrases, "Fasse zusammen"), testing::ElementsAre(1));
  EXPECT_THAT(matches(phrases, "Fasse Mut. Wir halten zusammen"), testing::IsEmpty());
  EXPECT_THAT(matches(phrases, "Fasse a b c d e f g zusammen"), testing::IsEmpty());
}

}  // namespace
}  // namespace triaged::routing
