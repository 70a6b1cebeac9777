#include "routing/word_pieces.hpp"

#include "triaged/base/embedded.hpp"

#include "routing/embedder_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace triaged::routing {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

std::vector<std::string> cut(const Vocabulary& vocabulary, std::string_view text) {
  Pieces pieces;
  pieces.add(vocabulary, text);
  std::vector<std::string> out;
  for (const std::uint16_t row : pieces.rows()) out.emplace_back(vocabulary.token(row));
  return out;
}

const Vocabulary& built_in() {
  static const auto table = read_embedder_table(embedded_embedder(), "built in");
  return table->vocabulary;
}

Vocabulary make_vocabulary(const std::vector<std::string_view>& tokens) {
  Vocabulary vocabulary;
  vocabulary.prepare(tokens.size());
  for (const std::string_view token : tokens) EXPECT_TRUE(vocabulary.add(token)) << token;
  return vocabulary;
}

// tests/data/embedder/pieces.jsonl: what the reference tokenizer of the vocabulary says, without the mark for unknown
// pieces.
TEST(WordPieces, AreThoseOfTheReferenceTokenizer) {
  std::ifstream file(std::string(TRIAGED_TEST_DATA) + "/embedder/pieces.jsonl");
  int rows = 0;
  for (std::string line; std::getline(file, line); ++rows) {
    const auto row = nlohmann::json::parse(line);
    const auto expected = row["pieces"].get<std::vector<std::string>>();
    EXPECT_THAT(cut(built_in(), row["text"].get<std::string>()), ElementsAreArray(expected)) << line;
  }
  EXPECT_GE(rows, 100);
}

TEST(WordPieces, AreTheLongestThatAreKnownFromTheLeft) {
  const Vocabulary vocabulary = make_vocabulary({"un", "unhap", "##happi", "##pi", "##ness", "##n", "ness", "x", "?"});

  EXPECT_THAT(cut(vocabulary, "unhappiness"), ElementsAre("unhap", "##pi", "##ness"));
  EXPECT_THAT(cut(vocabulary, "Unhappiness?"), ElementsAre("unhap", "##pi", "##ness", "?"));
  EXPECT_THAT(cut(vocabulary, "ness"), ElementsAre("ness"));
  EXPECT_THAT(cut(vocabulary, "xness"), ElementsAre("x", "##ness"));
  EXPECT_THAT(cut(vocabulary, "ax"), IsEmpty()) << "no piece of a word's inside begins with x";
  EXPECT_THAT(cut(vocabulary, "ä-x"), ElementsAre("x")) << "what is unknown is left out";
}

TEST(WordPieces, AMarkWrittenInTheTextIsNoInsideOfAWord) {
  const Vocabulary vocabulary = make_vocabulary({"#", "##s", "s"});

  EXPECT_THAT(cut(vocabulary, "##s"), ElementsAre("#", "#", "s"));
}

TEST(WordPieces, FoldCaseAndAccentsOfSeveralScripts) {
  const Vocabulary vocabulary = make_vocabulary({"uber", "cafe", "strase", "при", "αβγ", "中", "文"});

  EXPECT_THAT(cut(vocabulary, "ÜBER Café cafe\xCC\x81 Straße"), ElementsAre("uber", "cafe", "cafe", "strase"));
  EXPECT_THAT(cut(vocabulary, "ПРИ при ΑΒΓ"), ElementsAre("при", "при", "αβγ"));
  EXPECT_THAT(cut(vocabulary, "中文cafe"), ElementsAre("中", "文", "cafe")) << "Chinese characters stand alone";
}

TEST(WordPieces, BytesThatAreNoTextSeparateWords) {
  const Vocabulary vocabulary = make_vocabulary({"a", "b", "ab"});

  EXPECT_THAT(cut(vocabulary,
                  "a\xFF"
                  "b"),
              ElementsAre("a", "b"));
  EXPECT_THAT(cut(vocabulary, std::string_view("a\0b", 3)), ElementsAre("a", "b"));
  EXPECT_THAT(cut(vocabulary, "ab\xC3"), ElementsAre("ab")) << "a character cut off at the end";
  EXPECT_THAT(cut(vocabulary, ""), IsEmpty());
}

TEST(WordPieces, LongWordsAndLongTextsAreBounded) {
  const Vocabulary vocabulary = make_vocabulary({"a", "##a", "b"});

  EXPECT_EQ(cut(vocabulary, std::string(10'000, 'a')).size(), 64U) << "of a word, the first 64 bytes";
  std::string many;
  for (int i = 0; i < 5'000; ++i) many += "b ";
  EXPECT_EQ(cut(vocabulary, many).size(), 2048U);
}

TEST(Vocabulary, RefusesTheSameTokenTwiceAndMoreThanItWasPreparedFor) {
  Vocabulary vocabulary;
  vocabulary.prepare(2);

  EXPECT_TRUE(vocabulary.add("a"));
  EXPECT_FALSE(vocabulary.add("a"));
  EXPECT_TRUE(vocabulary.add("##a")) << "the inside of a word is another piece";
  EXPECT_FALSE(vocabulary.add("b"));
  EXPECT_EQ(vocabulary.size(), 2U);
}

TEST(Vocabulary, FindsEachTokenOfTheBuiltInTableInItsRow) {
  for (std::size_t row = 0; row < built_in().size(); ++row) {
    std::string_view token = built_in().token(row);
    const bool inside = token.size() > 2 && token.substr(0, 2) == "##";
    const PiecePlace place = inside ? PiecePlace::inside : PiecePlace::start;
    if (inside) token.remove_prefix(2);
    std::uint32_t hash = Vocabulary::first_hash(place);
    for (const char c : token) hash = Vocabulary::next_hash(hash, c);
    ASSERT_EQ(built_in().find(hash, token, place), static_cast<std::int32_t>(row)) << token;
  }
}

}  // namespace
}  // namespace triaged::routing
