// A set of phrases, each with a number, and a matcher that finds those starting at a given word. Built once, then read
// by all threads at once.
#pragma once

#include "routing/words.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace triaged::routing {

class Phrases {
 public:
  // Adds the phrases of a list "sum up|give me .. summary"; ".." stands for up to six words of the same sentence.
  void add(std::string_view list, std::uint16_t id);
  void build();  // after the last add()

  // Calls found(id, words matched) for each phrase that starts at word `i`.
  template <class Found>
  void match(const Words& words, std::size_t i, Found&& found) const {
    const std::uint32_t hash = words[i].hash;
    for (std::uint32_t slot = hash & mask_; slots_[slot].count != 0; slot = (slot + 1) & mask_) {
      if (slots_[slot].hash != hash) continue;
      const std::uint32_t next = i + 1 < words.size() ? words[i + 1].hash : 0;
      if ((slots_[slot].seconds & second_bit(next)) == 0) return;
      const std::uint32_t end = slots_[slot].first + slots_[slot].count;
      for (std::uint32_t k = slots_[slot].first; k < end; k += 4) {
        unsigned fitting = fitting_seconds(k, next);  // most phrases end here
        if (end - k < 4) fitting &= (1U << (end - k)) - 1U;
        for (; fitting != 0; fitting &= fitting - 1U) {
          const Entry& entry = entries_[k + static_cast<std::uint32_t>(std::countr_zero(fitting))];
          const std::size_t length = entry.rest_count == 0 ? 1 : matched(entry, words, i);
          if (length > 0) found(entry.id, length);
        }
      }
      return;
    }
  }

  // The number of words of the longest phrase that starts at word `i`; 0 if none does.
  std::size_t longest(const Words& words, std::size_t i) const;

 private:
  struct Entry {
    std::uint32_t hash = 0;        // of its first word
    std::uint32_t rest_begin = 0;  // the others, in rest_; 0 is a gap
    std::uint16_t rest_count = 0;
    std::uint16_t id = 0;
  };
  // Words like "the" begin many phrases; that none of them goes on with the word at hand shows in one bit.
  static std::uint64_t second_bit(std::uint32_t hash) { return std::uint64_t{1} << (hash & 63U); }
  struct Slot {
    std::uint64_t seconds = 0;  // the second words that can follow, as bits; all when one phrase needs none
    std::uint32_t hash = 0;
    std::uint32_t first = 0;
    std::uint32_t count = 0;  // 0: free
  };

  // One bit for each of the four entries from `k` whose second word is `next` or may be any.
  unsigned fitting_seconds(std::uint32_t k, std::uint32_t next) const {
#ifdef __SSE2__
    const __m128i four = _mm_loadu_si128(reinterpret_cast<const __m128i*>(seconds_.data() + k));
    const __m128i any = _mm_cmpeq_epi32(four, _mm_setzero_si128());
    const __m128i same = _mm_cmpeq_epi32(four, _mm_set1_epi32(static_cast<int>(next)));
    return static_cast<unsigned>(_mm_movemask_ps(_mm_castsi128_ps(_mm_or_si128(any, same))));
#else
    unsigned fitting = 0;
    for (std::uint32_t j = 0; j < 4; ++j) {
      if (seconds_[k + j] == 0 || seconds_[k + j] == next) fitting |= 1U << j;
    }
    return fitting;
#endif
  }
  std::uint32_t second_of(const Entry& entry) const { return entry.rest_count > 0 ? rest_[entry.rest_begin] : 0; }

  void add_phrase(std::string_view phrase, std::uint16_t id);
  std::size_t matched(const Entry& entry, const Words& words, std::size_t i) const;

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> seconds_;  // of each entry the second word; 0 for none, and for a gap. Three more behind.
  std::vector<std::uint32_t> rest_;
  std::vector<Slot> slots_;
  std::uint32_t mask_ = 0;
};

}  // namespace triaged::routing
