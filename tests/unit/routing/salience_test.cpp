#include "routing/salience.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace triaged::routing {
namespace {

std::string many(std::string_view word, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text.append(word).append(" ");
  return text;
}

// Of the first word that begins at `part` in the text.
float salience_of(const std::string& text, std::string_view part) {
  Words words;
  words.scan(text);
  const Salience salience(words);
  const std::size_t at = text.find(part);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].begin == at) return salience(i);
  }
  ADD_FAILURE() << "no word at " << part;
  return -1;
}

constexpr float instruction = 0.4F;  // from there on, see task_features.cpp

TEST(Salience, OfAnInstructionAboveADocumentIsWhole) {
  const std::string text = "Translate this into French:\n\nMinutes of the " + many("meeting", 80);
  EXPECT_FLOAT_EQ(salience_of(text, "Translate"), 1.0F);
  EXPECT_LT(salience_of(text, "Minutes"), instruction);
}

TEST(Salience, OfARequestBelowADocumentIsMoreThanThatOfTheDocument) {
  const std::string text = "Present: Ada and Bob. The " + many("kiln", 80) + "\n\nplease list the dates";
  EXPECT_GE(salience_of(text, "please"), instruction);
  EXPECT_LT(salience_of(text, "The"), instruction);
}

TEST(Salience, OfALongRequestBelowADocumentDoesNotMakeTheOpeningADocument) {
  const std::string text = many("why", 80) + "\n\n" + many("because", 50);
  EXPECT_FLOAT_EQ(salience_of(text, "why"), 1.0F);
}

TEST(Salience, OfWhatFollowsAGreetingStaysThatOfAnInstruction) {
  const std::string text = "Hi there,\n\nplease translate this for me, " + many("thanks", 80);
  EXPECT_GE(salience_of(text, "please"), instruction);
}

TEST(Salience, OfWhatFollowsAColonInTheSameLineStaysThatOfAnInstruction) {
  const std::string text = "My question is this: how do I " + many("really", 80);
  EXPECT_GE(salience_of(text, "how"), instruction);
}

}  // namespace
}  // namespace triaged::routing
