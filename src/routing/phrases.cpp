#include "routing/phrases.hpp"

#include <algorithm>
#include <array>

namespace triaged::routing {

namespace {

constexpr std::uint32_t gap = 0;  // no word hashes to it in practice
constexpr std::size_t gap_reach = 6;

}  // namespace

void Phrases::add(std::string_view list, std::uint16_t id) {
  while (!list.empty()) {
    const std::size_t bar = list.find('|');
    add_phrase(list.substr(0, bar), id);
    if (bar == std::string_view::npos) return;
    list.remove_prefix(bar + 1);
  }
}

void Phrases::add_phrase(std::string_view phrase, std::uint16_t id) {
  Entry entry;
  entry.id = id;
  entry.rest_begin = static_cast<std::uint32_t>(rest_.size());
  bool first = true;
  while (!phrase.empty()) {
    const std::size_t dots = phrase.find("..");
    std::array<std::uint32_t, 12> hashes{};
    const std::size_t count = hash_words(phrase.substr(0, dots), hashes);
    for (std::size_t i = 0; i < count; ++i) {
      if (first) {
        entry.hash = hashes[i];
        first = false;
      } else {
        rest_.push_back(hashes[i]);
      }
    }
    if (dots == std::string_view::npos) break;
    rest_.push_back(gap);
    phrase.remove_prefix(dots + 2);
  }
  if (first) return;
  entry.rest_count = static_cast<std::uint16_t>(rest_.size() - entry.rest_begin);
  entries_.push_back(entry);
}

void Phrases::build() {
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.hash < b.hash; });
  seconds_.assign(entries_.size() + 3, 0);
  for (std::size_t i = 0; i < entries_.size(); ++i) seconds_[i] = second_of(entries_[i]);
  std::size_t size = 16;
  while (size < entries_.size() * 3) size *= 2;
  slots_.assign(size, Slot{});
  mask_ = static_cast<std::uint32_t>(size - 1);
  for (std::size_t i = 0; i < entries_.size();) {
    std::size_t end = i;
    while (end < entries_.size() && entries_[end].hash == entries_[i].hash) ++end;
    std::uint32_t slot = entries_[i].hash & mask_;
    while (slots_[slot].count != 0) slot = (slot + 1) & mask_;
    std::uint64_t seconds = 0;
    for (std::size_t k = i; k < end; ++k) {
      seconds |= seconds_[k] == 0 ? ~std::uint64_t{0} : second_bit(seconds_[k]);
    }
    slots_[slot] = {seconds, entries_[i].hash, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end - i)};
    i = end;
  }
}

std::size_t Phrases::matched(const Entry& entry, const Words& words, std::size_t i) const {
  std::size_t at = i + 1;
  bool loose = false;
  for (std::size_t k = 0; k < entry.rest_count; ++k) {
    const std::uint32_t wanted = rest_[entry.rest_begin + k];
    if (wanted == gap) {
      loose = true;
      continue;
    }
    std::size_t reach = loose ? gap_reach : 0;
    for (;; ++at, --reach) {
      if (at >= words.size() || (words[at].flags & word_flag::sentence_start) != 0) return 0;
      if (words[at].hash == wanted) break;
      if (reach == 0) return 0;
    }
    ++at;
    loose = false;
  }
  return at - i;
}

std::size_t Phrases::longest(const Words& words, std::size_t i) const {
  std::size_t best = 0;
  match(words, i, [&best](std::uint16_t, std::size_t length) { best = std::max(best, length); });
  return best;
}

}  // namespace triaged::routing
