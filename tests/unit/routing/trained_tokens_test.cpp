#include "triaged/routing/features.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace triaged::routing {
namespace {

std::string long_text() {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "The quick brown fox jumps over the lazy dog and runs away into the forest. ";
  return text;
}

// The models that are shipped were trained with these very figures.
TEST(TrainedTokens, AreWhatTheModelsWereTrainedWith) {
  struct Row {
    std::string text;
    std::int64_t tokens;
  };
  for (const auto& [text, tokens] : {
           Row{"", 0},
           Row{"\xFF", 1},
           Row{"What are your opening hours on public holidays?", 9},
           Row{"def add(a, b):\n    return a + b\n\nfor i in range(10):\n    print(add(i, 2 * i))\n", 33},
           Row{"Der Stadtrat hat am Dienstag beschlossen, die Straßenbahn bis zum Hafen zu verlängern.", 18},
           Row{"市议会周二投票决定将电车线路延伸到港口，此前关于费用的争论持续了两年。", 29},
           Row{"नगर परिषद ने मंगलवार को ट्राम लाइन को बंदरगाह तक बढ़ाने का निर्णय लिया।", 25},
           Row{"2026-01-14,128,34.50,7", 14},
           Row{long_text(), 6416},
       }) {
    EXPECT_EQ(trained_tokens(text), tokens) << text.substr(0, 40);
  }
}

TEST(TrainedTokens, SurviveBytesThatAreNoText) {
  std::string bytes;
  for (int i = 0; i < 20'000; ++i) bytes += static_cast<char>((i * 37) % 256);
  EXPECT_GT(trained_tokens(bytes), 0);
  EXPECT_GT(trained_tokens(std::string(1U << 20U, '\x80')), 0);
}

}  // namespace
}  // namespace triaged::routing
