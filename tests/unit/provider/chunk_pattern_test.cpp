#include "provider/openai/chunk_pattern.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace triaged::provider {
namespace {

std::string chunk(std::string_view text, std::string_view end = "") {
  return R"({"id":"c","model":"m-1","choices":[{"index":0,"delta":{"content":")" + std::string(text) + R"("}}])" +
         std::string(end) + "}";
}

// Learns from a chunk with the text "Hello".
ChunkPattern learnt(const std::string& from) {
  ChunkPattern pattern;
  const std::string_view data = from;
  EXPECT_TRUE(pattern.learn(data, data.substr(data.find("Hello"), 5), data.substr(data.find("m-1"), 3)));
  return pattern;
}

TEST(ChunkPattern, FindsAnotherTextInTheSamePlace) {
  const ChunkPattern pattern = learnt(chunk("Hello"));
  for (const char* const text : {"x", " a longer text than the first one was", "\u00FCber", "}]}"}) {
    const std::string data = chunk(text);
    EXPECT_EQ(pattern.match(data), text);
    EXPECT_EQ(pattern.model(data), "m-1");
  }
}

TEST(ChunkPattern, LeavesEverythingElseToAFullReading) {
  const ChunkPattern pattern = learnt(chunk("Hello"));
  for (const std::string& data :
       {std::string(), std::string("{}"), chunk(""), chunk("a\\n"), chunk("a\\"), chunk("a\"b"), chunk("a\nb"),
        chunk("\xFF"), chunk("\xC3"), chunk("a") + " ", " " + chunk("a"), chunk("a", ",\"usage\":{}"),
        chunk("a").substr(0, 60), chunk("a\",\"role\":\"assistant")}) {
    EXPECT_EQ(pattern.match(data), std::nullopt) << data;
  }
  EXPECT_EQ(ChunkPattern().match(chunk("a")), std::nullopt);
  EXPECT_EQ(ChunkPattern().match(""), std::nullopt);
}

TEST(ChunkPattern, DoesNotMatchAnyCutOfAChunk) {
  const ChunkPattern pattern = learnt(chunk("Hello"));
  const std::string whole = chunk("Hello");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(pattern.match(whole.substr(0, size)), std::nullopt) << size;
  }
}

TEST(ChunkPattern, LooksPastPaddingOfAnyLength) {
  const ChunkPattern pattern = learnt(chunk("Hello", R"(,"usage":null,"obfuscation":"abc")"));
  EXPECT_EQ(pattern.match(chunk("a", R"(,"usage":null,"obfuscation":"Q8xZ17")")), "a");
  EXPECT_EQ(pattern.match(chunk("a", R"(,"usage":null,"obfuscation":"")")), "a");
  EXPECT_EQ(pattern.match(chunk("a", R"(,"usage":null,"obfuscation":"x\"y")")), std::nullopt);
  EXPECT_EQ(pattern.match(chunk("a", R"(,"usage":null,"obfuscation":"x","error":{})")), std::nullopt);
  EXPECT_EQ(pattern.match(chunk("a", ",\"usage\":null,\"obfuscation\":\"\xFF\"")), std::nullopt);
}

TEST(ChunkPattern, LearnsOnlyFromPartsOfTheChunkItself) {
  const std::string data = chunk("Hello");
  const std::string_view view = data;
  const std::string_view text = view.substr(view.find("Hello"), 5);
  const std::string elsewhere = "Hello";
  ChunkPattern pattern;
  EXPECT_FALSE(pattern.learn(data, elsewhere, ""));
  EXPECT_FALSE(pattern.learn(data, text.substr(0, 3), ""));
  EXPECT_FALSE(pattern.learn(data, "", ""));
  EXPECT_FALSE(pattern.learn(data, text, elsewhere));
  EXPECT_FALSE(pattern.learn(data, text, view.substr(view.find("}}]"), 2)));  // behind the text
  EXPECT_EQ(pattern.match(data), std::nullopt);
  EXPECT_TRUE(pattern.learn(data, text, ""));
  EXPECT_EQ(pattern.model(data), "");
}

}  // namespace
}  // namespace triaged::provider
