// The features and scores of the task classifier beside a plain reading of what they are: model files are made with
// them, so not one bit may change.
#include "triaged/routing/task_model.hpp"

#include "routing/task_scores.hpp"
#include "unit/routing/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

namespace triaged::routing {
namespace {

using Characters = std::vector<std::uint32_t>;  // of a word, folded
using Buckets = std::vector<std::uint16_t>;

std::uint32_t rotated(std::uint32_t value, int by) { return (value << by) | (value >> (32 - by)); }

std::uint32_t murmur(std::uint32_t seed, std::uint32_t value) {
  value = rotated(value * 0xCC9E2D51U, 15) * 0x1B873593U;
  return rotated(seed ^ value, 13) * 5 + 0xE6546B64U;
}

std::uint32_t seed_of(TextGroup group, std::uint32_t kind) {
  return murmur(0x9747B28CU, static_cast<std::uint32_t>(group) * 64 + kind);
}

std::uint16_t bucket_of(std::uint32_t hash) { return static_cast<std::uint16_t>((hash * 0x9E3779B1U) >> 16); }

bool is_number(const Characters& word) {
  return std::all_of(word.begin(), word.end(), [](std::uint32_t c) { return c >= '0' && c <= '9'; });
}

std::uint32_t hash_of(const Characters& word) {
  if (is_number(word)) return 0x30303030U;
  std::uint32_t hash = 2166136261U;
  for (const std::uint32_t c : word) hash = (hash ^ c) * 16777619U;
  return hash;
}

Buckets word_grams(const std::vector<Characters>& words) {
  Buckets out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    out.push_back(bucket_of(murmur(seed_of(TextGroup::instruction_words, 1), hash_of(words[i]))));
    if (i + 1 == words.size()) break;
    const std::uint32_t first = murmur(seed_of(TextGroup::instruction_words, 2), hash_of(words[i]));
    out.push_back(bucket_of(murmur(first, hash_of(words[i + 1]))));
  }
  return out;
}

Buckets letter_grams(const std::vector<Characters>& words) {
  Buckets out;
  for (const Characters& word : words) {
    if (is_number(word)) continue;
    const auto end = std::find(word.begin(), word.begin() + std::min<std::ptrdiff_t>(20, std::ssize(word)), '_');
    Characters letters{'_'};
    letters.insert(letters.end(), word.begin(), end);
    letters.push_back('_');
    for (std::size_t begin = 0; begin < letters.size(); ++begin) {
      for (std::size_t length = 3; length <= 5 && begin + length <= letters.size(); ++length) {
        std::uint32_t hash = seed_of(TextGroup::instruction_letters, 0);
        for (std::size_t i = begin; i < begin + length; ++i) hash = murmur(hash, letters[i]);
        out.push_back(bucket_of(hash));
      }
    }
  }
  return out;
}

std::uint32_t below(std::mt19937& random, std::uint32_t limit) { return static_cast<std::uint32_t>(random() % limit); }

// A random word, how it is written and how it is folded.
Characters make_word(std::mt19937& random, std::string& text) {
  const std::uint32_t length = 1 + below(random, below(random, 4) == 0 ? 30 : 8);
  Characters word;
  for (std::uint32_t i = 0; i < length; ++i) {
    const std::uint32_t letter = 'a' + below(random, 26);
    switch (below(random, 12)) {
      case 0: word.push_back('0' + below(random, 10)); break;
      case 1: word.push_back(i > 0 ? '_' : letter); break;
      case 2: word.push_back('e'); break;
      case 3: word.push_back(0x44F); break;
      default: word.push_back(letter);
    }
    if (word.back() == 'e' && below(random, 2) == 0) {
      text += below(random, 2) == 0 ? "\xC3\xA9" : "\xC3\x89";  // with an accent, small or large
    } else if (word.back() == 0x44F) {
      text += "\xD1\x8F";
    } else {
      const char c = static_cast<char>(word.back());
      text += c >= 'a' && below(random, 3) == 0 ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return word;
}

TaskFeatures features_of(const std::string& text) {
  const test::Conversation conversation = test::user(text);
  TaskFeatures features;
  extract_task_features(conversation.request, extract_features(conversation.request), features);
  return features;
}

Buckets group_of(const TaskFeatures& features, TextGroup which) {
  const auto group = features.group(which);
  return {group.begin(), group.end()};
}

TEST(TaskReference, WordsAndLettersAreHashedGramByGram) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    std::string text;
    std::vector<Characters> words;
    const std::uint32_t count = 1 + below(random, 60);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i > 0) text += ' ';
      words.push_back(make_word(random, text));
    }
    const TaskFeatures features = features_of(text);
    ASSERT_EQ(group_of(features, TextGroup::instruction_words), word_grams(words)) << text;
    Buckets letters = letter_grams(words);
    letters.resize(std::min<std::size_t>(letters.size(), 2048));  // what a group holds
    ASSERT_EQ(group_of(features, TextGroup::instruction_letters), letters) << text;
  }
}

TEST(TaskReference, AGroupThatIsFullLeavesOutWhatComesLast) {
  std::string text;
  std::vector<Characters> words;
  for (std::uint32_t i = 0; i < 60; ++i) {
    words.emplace_back(20, 'a' + i % 26);
    text += (i > 0 ? " " : "") + std::string(20, static_cast<char>(words.back().front()));
  }
  Buckets expected = letter_grams(words);
  ASSERT_GT(expected.size(), 2048U);
  expected.resize(2048);
  EXPECT_EQ(group_of(features_of(text), TextGroup::instruction_letters), expected);
}

TEST(TaskReference, ScoresAreSumsOfTheWeights) {
  std::mt19937 random(11);
  TaskWeights weights;
  weights.text.resize(bucket_count * task_type_count);
  weights.dense.resize(dense_feature_count() * task_type_count);
  for (float& weight : weights.text) weight = static_cast<float>(static_cast<int>(below(random, 255)) - 127);
  for (float& weight : weights.dense) weight = static_cast<float>(below(random, 1000)) / 500.0F - 1.0F;
  weights.temperature = 16;
  const auto model = TaskModel::decode(encode_task_model(weights), "x.model");
  ASSERT_TRUE(model);
  for (int round = 0; round < 50; ++round) {
    std::string text;
    for (std::uint32_t i = below(random, 150); i > 0; --i) {
      make_word(random, text);
      text += below(random, 9) == 0 ? ". " : " ";
    }
    const TaskFeatures features = features_of(text);
    std::array<float, task_type_count> sums{};
    for (std::size_t g = 0; g < text_group_count; ++g) {
      const auto group = static_cast<TextGroup>(g);
      for (std::size_t task = 0; task < task_type_count; ++task) {
        int steps = 0;
        for (const std::uint16_t bucket : features.group(group)) {
          steps += static_cast<int>(weights.text[bucket * task_type_count + task]);
        }
        sums[task] += static_cast<float>(steps) * features.scale(group);
      }
    }
    for (std::size_t k = 0; k < features.dense().size(); ++k) {
      for (std::size_t task = 0; task < task_type_count; ++task) {
        sums[task] += features.dense()[k] * weights.dense[k * task_type_count + task];
      }
    }
    for (float& sum : sums) sum /= 16;
    const TaskScores expected = softmax(sums);
    ASSERT_EQ((*model)->score(features).probability, expected.probability) << text;
  }
}

}  // namespace
}  // namespace triaged::routing
