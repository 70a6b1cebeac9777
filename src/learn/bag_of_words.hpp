// The plainest way to compare texts, which anything cleverer has to beat: their words, rare ones counting for more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace triaged::learn {

// Word and weight, by word; of length 1.
using WordVector = std::vector<std::pair<std::uint32_t, float>>;

std::vector<WordVector> weigh_words(const std::vector<std::string>& texts);
std::size_t count_words(const std::vector<WordVector>& vectors);  // different ones

}  // namespace triaged::learn
