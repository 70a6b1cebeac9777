#include "learn/bag_of_words.hpp"

#include "triaged/base/text.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace triaged::learn {

namespace {

bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

template <class Each>
void for_each_word(const std::string& text, const Each& each) {
  std::string word;
  for (const char c : to_lower(text) + " ") {
    if (in_word(c)) {
      word += c;
      continue;
    }
    if (!word.empty()) each(word);
    word.clear();
  }
}

}  // namespace

std::vector<WordVector> weigh_words(const std::vector<std::string>& texts) {
  std::unordered_map<std::string, std::uint32_t> numbers;
  std::vector<std::size_t> texts_with;
  std::vector<WordVector> vectors;
  for (const std::string& text : texts) {
    WordVector vector;
    for_each_word(text, [&](const std::string& word) {
      const auto [found, fresh] = numbers.try_emplace(word, static_cast<std::uint32_t>(numbers.size()));
      if (fresh) texts_with.push_back(0);
      vector.emplace_back(found->second, 1.0F);
    });
    std::sort(vector.begin(), vector.end());
    vector.erase(std::unique(vector.begin(), vector.end()), vector.end());
    for (const auto& entry : vector) ++texts_with[entry.first];
    vectors.push_back(std::move(vector));
  }
  for (WordVector& vector : vectors) {
    double squares = 0;
    for (auto& [word, weight] : vector) {
      const double rarity =
          std::log(static_cast<double>(texts.size() + 1) / static_cast<double>(texts_with[word] + 1)) + 0.01;
      weight = static_cast<float>(rarity);
      squares += rarity * rarity;
    }
    for (auto& entry : vector) entry.second /= static_cast<float>(std::sqrt(squares));
  }
  return vectors;
}

std::size_t count_words(const std::vector<WordVector>& vectors) {
  std::size_t count = 0;
  for (const WordVector& vector : vectors) {
    if (!vector.empty()) count = std::max<std::size_t>(count, vector.back().first + std::size_t{1});
  }
  return count;
}

}  // namespace triaged::learn
