#include "triaged/routing/features.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace triaged::routing {
namespace {

struct Known {
  const char* what;
  const char* text;
  double tokens;  // of OpenAI's o200k vocabulary
  double tolerance;
};

class Tokens : public testing::TestWithParam<Known> {};

TEST_P(Tokens, AreEstimatedCloseToARealVocabulary) {
  const Known& known = GetParam();
  const auto estimated = static_cast<double>(estimate_tokens(known.text));
  EXPECT_LE(std::abs(estimated - known.tokens), known.tolerance * known.tokens) << known.what << ": " << estimated;
}

INSTANTIATE_TEST_SUITE_P(
    Texts, Tokens,
    testing::Values(
        Known{
            "English",
            "The council voted on Tuesday to extend the tram line to the harbour, after two years of debate about the "
            "cost. Opponents said that the money would be better spent on buses, while supporters pointed to the "
            "growing "
            "number of people who work near the docks.",
            52, 0.15},
        Known{"code", "def add(a, b):\n    return a + b\n\nfor i in range(10):\n    print(add(i, 2 * i))\n", 29, 0.2},
        Known{
            "German",
            "Der Stadtrat hat am Dienstag beschlossen, die Strassenbahn bis zum Hafen zu verlängern. Die Gegner hätten "
            "das Geld lieber für Busse ausgegeben.",
            31, 0.25},
        Known{"Chinese", "市议会周二投票决定将电车线路延伸到港口，此前关于费用的争论持续了两年。", 29, 0.3},
        Known{"Hindi", "नगर परिषद ने मंगलवार को ट्राम लाइन को बंदरगाह तक बढ़ाने का निर्णय लिया।", 20, 0.45}),
    [](const testing::TestParamInfo<Known>& known) { return std::string(known.param.what); });

TEST(TokenEstimate, IsZeroOnlyForNothing) {
  EXPECT_EQ(estimate_tokens(""), 0);
  EXPECT_EQ(estimate_tokens(" "), 1);
  EXPECT_EQ(estimate_tokens("."), 1);
  EXPECT_EQ(estimate_tokens("\xFF"), 1);
}

TEST(TokenEstimate, GrowsInProportionWhenTheTextIsSampled) {
  const std::string sentence = "The quick brown fox jumps over the lazy dog and runs away into the forest. ";
  std::string text;
  for (int i = 0; i < 40; ++i) text += sentence;
  const auto few = static_cast<double>(estimate_tokens(text));
  std::string long_text;
  for (int i = 0; i < 100; ++i) long_text += text;
  const auto many = static_cast<double>(estimate_tokens(long_text));
  EXPECT_NEAR(many / few, 100.0, 5.0);
}

TEST(TokenEstimate, SurvivesBytesThatAreNoText) {
  std::string bytes;
  for (int i = 0; i < 20'000; ++i) bytes += static_cast<char>((i * 37) % 256);
  EXPECT_GT(estimate_tokens(bytes), 0);
  EXPECT_GT(estimate_tokens(std::string(1U << 20U, '\x80')), 0);
  EXPECT_GT(estimate_tokens(std::string(1U << 20U, 'a')), 0);
}

}  // namespace
}  // namespace triaged::routing
