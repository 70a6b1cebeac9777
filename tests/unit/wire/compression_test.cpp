#include "triaged/wire/compression.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace triaged::wire {
namespace {

constexpr std::size_t plenty = 64U << 20U;

std::string some_text(std::size_t size) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < size) text += "word" + std::to_string(random() % 1000) + (random() % 9 == 0 ? "\n" : " ");
  text.resize(size);
  return text;
}

std::string packed(Coding coding, std::string_view text) {
  Compressor compressor(coding);
  std::string out;
  compressor.put(text, out, true);
  return out;
}

class EachCoding : public ::testing::TestWithParam<Coding> {};

TEST_P(EachCoding, ComesBackHoweverItIsCut) {
  const std::string text = some_text(200'000);
  const std::string bytes = packed(GetParam(), text);
  EXPECT_LT(bytes.size(), text.size() / 2);
  for (const std::size_t cut : {std::size_t{1}, std::size_t{7}, std::size_t{4096}, bytes.size()}) {
    Decompressor decompressor(GetParam());
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += cut) {
      ASSERT_TRUE(decompressor.put(std::string_view(bytes).substr(at, cut), out, plenty));
    }
    EXPECT_TRUE(decompressor.end());
    EXPECT_EQ(out, text) << cut;
  }
}

TEST_P(EachCoding, GivesEveryPieceAtOnce) {
  Compressor compressor(GetParam());
  Decompressor decompressor(GetParam());
  std::string out;
  std::string text;
  for (const std::string_view piece : {"data: one\n\n", "data: two\n\n", ""}) {
    std::string bytes;
    compressor.put(piece, bytes, false);
    ASSERT_TRUE(decompressor.put(bytes, out, plenty));
    text += piece;
    EXPECT_EQ(out, text);
  }
  std::string bytes;
  compressor.put("", bytes, true);
  ASSERT_TRUE(decompressor.put(bytes, out, plenty));
  EXPECT_EQ(out, text);
  EXPECT_TRUE(decompressor.end());
}

TEST_P(EachCoding, RefusesWhatUnpacksToMoreThanIsAllowed) {
  const std::string bytes = packed(GetParam(), std::string(10U << 20U, 'a'));
  Decompressor decompressor(GetParam());
  std::string out;
  const Result<void> put = decompressor.put(bytes, out, 1U << 20U);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().status, 413);
  EXPECT_LE(out.size(), 1U << 20U);
}

TEST_P(EachCoding, RefusesDamagedAndCutBodies) {
  const std::string bytes = packed(GetParam(), some_text(5000));
  const Result<std::string> cut = decompressed(bytes.substr(0, bytes.size() / 2), name(GetParam()), plenty);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().status, 400);
  const Result<std::string> none = decompressed("not packed at all", name(GetParam()), plenty);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().status, 400);
  EXPECT_FALSE(decompressed("", name(GetParam()), plenty));
}

INSTANTIATE_TEST_SUITE_P(Compression, EachCoding, ::testing::Values(Coding::gzip, Coding::br, Coding::zstd),
                         [](const auto& each) { return std::string(name(each.param)); });

TEST(Compression, UndoesSeveralCodingsFromTheLastToTheFirst) {
  const std::string bytes = packed(Coding::gzip, packed(Coding::zstd, "hello"));
  const Result<std::string> text = decompressed(bytes, "zstd, GZIP", plenty);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "hello");
  EXPECT_EQ(*decompressed("plain", "identity", plenty), "plain");
  EXPECT_EQ(*decompressed("plain", "", plenty), "plain");
}

TEST(Unpacker, UndoesSeveralCodingsHoweverTheBytesAreCut) {
  const std::string text = some_text(50'000);
  const std::string bytes = packed(Coding::br, packed(Coding::gzip, packed(Coding::zstd, text)));
  for (const std::size_t cut : {std::size_t{1}, std::size_t{5}, std::size_t{4096}, bytes.size()}) {
    Unpacker unpacker({Coding::zstd, Coding::gzip, Coding::br});
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += cut) {
      EXPECT_TRUE(at == 0 || !unpacker.end());
      ASSERT_TRUE(unpacker.put(std::string_view(bytes).substr(at, cut), out, plenty));
    }
    EXPECT_TRUE(unpacker.end());
    EXPECT_EQ(out, text) << cut;
  }
}

TEST(Unpacker, HandsOnWhatIsNotPackedAndMissesWhatNeverCame) {
  Unpacker plain({});
  std::string out;
  ASSERT_TRUE(plain.put("as it is", out, 1));
  EXPECT_EQ(out, "as it is");
  EXPECT_TRUE(plain.end());
  const Unpacker unused({Coding::gzip});
  EXPECT_FALSE(unused.fed());
  EXPECT_FALSE(unused.end());
}

// Whichever stage it is that grows.
TEST(Unpacker, RefusesBombsBehindAnotherCoding) {
  const std::string grown(4U << 20U, 'a');
  for (const auto& codings : {std::vector{Coding::zstd, Coding::gzip}, std::vector{Coding::gzip, Coding::br}}) {
    const std::string bytes = packed(codings[1], packed(codings[0], grown));
    Unpacker unpacker(codings);
    std::string out = "held";
    const Result<void> put = unpacker.put(bytes, out, 1U << 20U);
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().kind, ErrorKind::too_large);
    EXPECT_LE(out.size(), 4 + (1U << 20U));
  }
}

TEST(Unpacker, RefusesDamageAtAnyByte) {
  const std::string text = some_text(300);
  std::string bytes = packed(Coding::gzip, text);
  constexpr std::size_t head = 10;  // of gzip: a file's name and time, which nothing depends on
  for (std::size_t at = head; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    Unpacker unpacker({Coding::gzip});
    std::string out;
    EXPECT_FALSE(unpacker.put(damaged, out, plenty) && unpacker.end()) << at;
  }
}

TEST(Compression, TakesGzipOfSeveralMembers) {
  const Result<std::string> text =
      decompressed(packed(Coding::gzip, "one ") + packed(Coding::gzip, "two"), "gzip", plenty);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "one two");
}

TEST(Compression, RefusesCodingsItDoesNotKnow) {
  for (const std::string_view field : {"compress", "gzip, snappy", "gzip,gzip,gzip,gzip"}) {
    const Result<std::string> text = decompressed("x", field, plenty);
    ASSERT_FALSE(text) << field;
    EXPECT_EQ(text.error().status, 415) << field;
  }
}

TEST(Compression, ChoosesWhatTheClientLikesBest) {
  const std::vector<std::pair<std::string_view, Coding>> cases{
      {"", Coding::identity},
      {"gzip, deflate", Coding::gzip},
      {"gzip, deflate, br", Coding::br},
      {"gzip, deflate, br, zstd", Coding::zstd},
      {"gzip;q=1.0, br;q=0.5, zstd;q=0", Coding::gzip},
      {"*", Coding::zstd},
      {"*;q=0", Coding::identity},
      {"identity", Coding::identity},
      {"br;q=nonsense, gzip", Coding::gzip},
  };
  for (const auto& [field, expected] : cases) EXPECT_EQ(choose_coding(field), expected) << field;
}

}  // namespace
}  // namespace triaged::wire
