#include "triaged/routing/embedder.hpp"

#include "triaged/base/embedded.hpp"
#include "triaged/config/settings.hpp"

#include "unit/routing/small_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numeric>
#include <optional>
#include <thread>

namespace triaged::routing {
namespace {

using test::small_embedder;
using test::SmallTable;
using test::TestFile;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::HasSubstr;
using ::testing::Optional;

using Vector = std::vector<float>;

std::optional<Vector> embed(const Embedder& embedder, std::string_view text) {
  Vector vector(embedder.dimensions());
  if (!embedder.embed(text, vector)) return std::nullopt;
  return vector;
}

const Embedder& built_in() {
  static const auto embedder = built_in_embedder();
  return **embedder;
}

double similarity(const Embedder& embedder, std::string_view a, std::string_view b) {
  const auto left = embed(embedder, a);
  const auto right = embed(embedder, b);
  EXPECT_TRUE(left && right);
  return std::inner_product(left->begin(), left->end(), right->begin(), 0.0);
}

std::string message_of(std::string_view bytes) {
  const auto embedder = decode_embedder(bytes, "x.model");
  if (embedder) return "";
  EXPECT_EQ(embedder.error().kind, ErrorKind::storage);
  return embedder.error().detail;
}

std::string message_of(const SmallTable& table) { return message_of(table.encode()); }

TEST(BuiltInEmbedder, IsTheOneThatTheConfigurationNames) {
  const auto embedder = built_in_embedder();
  ASSERT_TRUE(embedder) << embedder.error().detail;
  EXPECT_EQ((*embedder)->version(), config::built_in_embedder);
  EXPECT_EQ((*embedder)->dimensions(), 256U);
  EXPECT_GT((*embedder)->threshold(), 0.3);
  EXPECT_LT((*embedder)->threshold(), 1.0);
  EXPECT_EQ(built_in_embedder()->get(), embedder->get()) << "loaded once, shared";
  EXPECT_LT(embedded_embedder().size(), 10'000'000U);
}

TEST(BuiltInEmbedder, PutsTextsThatMeanTheSameNearerThanOthers) {
  struct Case {
    const char* text;
    const char* near;
    const char* far;
  };
  for (const Case& item : {
           Case{"Where is my parcel?", "track the delivery of my order", "write a poem about the sea"},
           Case{"my card was stolen", "I lost my credit card", "what is the weather like tomorrow"},
           Case{"solve this equation for x", "what is the derivative of a function", "book a table for two"},
           Case{"fix this Python function", "there is a bug in my Python code", "how tall is the Eiffel tower"},
           Case{"translate this sentence into French", "how do you say hello in Spanish", "cancel my subscription"},
       }) {
    EXPECT_GT(similarity(built_in(), item.text, item.near), similarity(built_in(), item.text, item.far) + 0.1)
        << item.text;
  }
}

TEST(BuiltInEmbedder, GivesVectorsOfLengthOneAndTheSameForTheSameText) {
  for (const char* text : {"a", "What are your opening hours?", "??", "中文", "Grüße"}) {
    const auto vector = embed(built_in(), text);
    ASSERT_TRUE(vector) << text;
    EXPECT_NEAR(std::inner_product(vector->begin(), vector->end(), vector->begin(), 0.0), 1, 1e-5) << text;
    EXPECT_EQ(embed(built_in(), text), vector) << text;
  }
}

TEST(BuiltInEmbedder, ReadsTheSameFromAnyThread) {
  const auto expected = embed(built_in(), "Where is my order?");
  std::vector<std::optional<Vector>> found(4);
  std::vector<std::thread> threads;
  for (auto& vector : found) {
    threads.emplace_back([&vector] {
      for (int i = 0; i < 50; ++i) vector = embed(built_in(), "Where is my order?");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(found, Each(expected));
}

TEST(BuiltInEmbedder, FoldsCaseAndAccents) {
  EXPECT_EQ(embed(built_in(), "WHERE IS MY CAFÉ"), embed(built_in(), "where is my cafe"));
}

TEST(Embedder, HasNoVectorForTextWithNothingKnown) {
  const auto small = small_embedder();
  for (const std::string_view text : {"", "   \n", "\xFF\xFE", "zebra", "##s"}) {
    EXPECT_FALSE(embed(*small, text)) << text;
  }
  EXPECT_FALSE(embed(built_in(), ""));
  EXPECT_FALSE(embed(built_in(), "\xF0\x28\x8C\x28" + std::string(3, '\0')) == std::nullopt) << "`(` is known";
}

TEST(Embedder, IsTheMeanOfItsPieces) {
  const auto small = small_embedder();
  const auto one = embed(*small, "apple");
  ASSERT_TRUE(one);
  EXPECT_FLOAT_EQ((*one)[0], 1);

  const auto two = embed(*small, "apple pears");
  ASSERT_TRUE(two);
  const float third = std::sqrt(1.0F / 3);
  EXPECT_THAT(Vector(two->begin(), two->begin() + 5),
              ElementsAre(FloatNear(third, 1e-6F), FloatNear(third, 1e-6F), 0, 0, FloatNear(third, 1e-6F)));
  EXPECT_EQ(embed(*small, "apple apple"), one) << "repeating a text does not change what it is about";
}

TEST(Embedder, LooksAtHeadAndTailOfALongText) {
  const auto small = small_embedder();
  const std::string filler(20'000, ' ');
  EXPECT_EQ(embed(*small, "apple " + filler + "pear " + filler + "plum"), embed(*small, "apple plum"));

  const std::string megabyte(1'000'000, 'x');
  EXPECT_EQ(embed(*small, megabyte), std::nullopt);
  EXPECT_TRUE(embed(built_in(), megabyte));
}

TEST(TextEnds, AreCutBetweenCharacters) {
  const TextEnds whole("short");
  EXPECT_EQ(whole.head, "short");
  EXPECT_EQ(whole.tail, "");

  for (const std::size_t shift : {0U, 1U}) {
    std::string text(shift, 'a');
    for (int i = 0; i < 10'000; ++i) text += "é";
    const TextEnds ends(text);
    EXPECT_EQ((ends.head.size() - shift) % 2, 0U);
    EXPECT_EQ(ends.tail.size() % 2, 0U);
    EXPECT_LT(ends.head.size() + ends.tail.size(), 6'000U);
  }
}

TEST(EmbedderFile, SaysWhatIsWrongWithIt) {
  const std::string good = SmallTable().encode();
  EXPECT_EQ(message_of(good), "");
  EXPECT_EQ(message_of(""), "x.model is not an embedder of triaged");
  EXPECT_EQ(message_of("triaged tasks\n1234"), "x.model is not an embedder of triaged");
  EXPECT_EQ(message_of(good.substr(0, 19)), "x.model is cut short");
  EXPECT_EQ(message_of(good.substr(0, good.size() - 5)), "x.model is damaged: its checksum does not match");
  for (std::size_t at = 17; at < good.size(); at += 7) {
    std::string damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    EXPECT_EQ(message_of(damaged), "x.model is damaged: its checksum does not match") << at;
  }
}

TEST(EmbedderFile, RefusesAWholeFileThatMakesNoSense) {
  struct Case {
    const char* message;
    void (*change)(SmallTable&);
  };
  for (const Case& item : {
           Case{"made for another version of triaged: its format is 2", [](SmallTable& t) { t.format = 2; }},
           Case{"has impossible sizes", [](SmallTable& t) { t.dimensions = 0; }},
           Case{"has impossible sizes", [](SmallTable& t) { t.dimensions = 33; }},
           Case{"has impossible sizes", [](SmallTable& t) { t.dimensions = 544; }},
           Case{"has impossible sizes", [](SmallTable& t) { t.claimed_tokens = 65'535; }},
           Case{"is cut short", [](SmallTable& t) { t.claimed_tokens = 7; }},
           Case{"has bytes behind its end", [](SmallTable& t) { t.claimed_tokens = 5; }},
           Case{"has bytes behind its end", [](SmallTable& t) { t.rest = "x"; }},
           Case{"has no proper name", [](SmallTable& t) { t.name = ""; }},
           Case{"has no proper name", [](SmallTable& t) { t.name = std::string(65, 'n'); }},
           Case{"has tokens that cannot be read", [](SmallTable& t) { t.tokens[1] = t.tokens[0]; }},
           Case{"has tokens that cannot be read", [](SmallTable& t) { t.tokens[1] = ""; }},
           Case{"has a threshold that is no similarity", [](SmallTable& t) { t.threshold = 1.5F; }},
           Case{"has a threshold that is not positive", [](SmallTable& t) { t.threshold = 0; }},
           Case{"has a threshold that is no number",
                [](SmallTable& t) { t.threshold = std::numeric_limits<float>::quiet_NaN(); }},
           Case{"has a scale that is no number",
                [](SmallTable& t) { t.scales[2] = std::numeric_limits<float>::infinity(); }},
       }) {
    SmallTable table;
    item.change(table);
    EXPECT_THAT(message_of(table), HasSubstr(item.message));
    EXPECT_THAT(message_of(table), HasSubstr("x.model "));
  }
}

TEST(EmbedderFile, NamesTokensThatReachBeyondTheirBytes) {
  SmallTable table;
  table.tokens.assign(6, "a");
  std::string bytes = table.encode();
  ModelWriter longer("");
  const std::size_t first_size = bytes.find("small-1") + 7 + 4;
  bytes[first_size] = '\x7F';
  longer.put_bytes(bytes.substr(0, bytes.size() - 4));
  EXPECT_EQ(message_of(longer.finish()), "x.model has tokens that cannot be read");
}

TEST(EmbedderFile, IsMappedAndServesAfterItIsUnlinked) {
  std::shared_ptr<const Embedder> embedder;
  {
    const TestFile file(SmallTable().encode());
    const auto loaded = load_embedder(file.path());
    ASSERT_TRUE(loaded) << loaded.error().detail;
    embedder = *loaded;
  }
  EXPECT_EQ(embedder->version(), "small-1");
  EXPECT_EQ(embedder->threshold(), 0.5);
  EXPECT_EQ(embed(*embedder, "apple plum"), embed(*small_embedder(), "apple plum"));
}

TEST(EmbedderFile, ErrorsNameTheFile) {
  const std::string folder = ::testing::TempDir();
  for (const std::string& path : {folder + "/no such file", folder}) {
    const auto loaded = load_embedder(path);
    ASSERT_FALSE(loaded);
    EXPECT_THAT(loaded.error().detail, HasSubstr(path + " cannot be "));
  }
  const TestFile empty("");
  EXPECT_THAT(load_embedder(empty.path()).error().detail, HasSubstr(empty.path() + " is empty"));
  const TestFile other("PK\x03\x04");
  EXPECT_EQ(load_embedder(other.path()).error().detail, other.path() + " is not an embedder of triaged");
}

}  // namespace
}  // namespace triaged::routing
