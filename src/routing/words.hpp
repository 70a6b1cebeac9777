// The words of a text, folded (no case, no accents) and hashed, with where they stand. A bounded look: the head and the
// tail of a long text. Every later stage matches phrases against these words and never looks at the text again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace triaged::routing {

constexpr std::size_t head_bytes = 3072;
constexpr std::size_t tail_bytes = 2048;

// Without initialisers: an array of them is only written where there are words.
struct Word {
  std::uint32_t hash;
  std::uint32_t begin;  // byte offset in the text
  std::uint8_t flags;
  std::uint8_t paragraph;  // counts blank lines, saturates
  bool ideograph;          // Chinese or Japanese: a word by itself, whose letters are none
};

namespace word_flag {
constexpr std::uint8_t sentence_start = 1;  // first of a sentence or line
constexpr std::uint8_t clause_start = 2;    // behind a comma or a semicolon
constexpr std::uint8_t quoted = 4;          // between quotation marks that close again
constexpr std::uint8_t code = 8;            // inside a ``` fence
constexpr std::uint8_t after_colon = 16;    // a colon stands before it in its paragraph
constexpr std::uint8_t number = 32;
constexpr std::uint8_t line_start = 64;
constexpr std::uint8_t question = 128;  // its sentence ends in a question mark
}  // namespace word_flag

// About 24 KiB, meant for the stack; filled anew by scan().
class Words {
 public:
  static constexpr std::size_t head_capacity = 1024;
  static constexpr std::size_t capacity = 2048;

  Words() {}  // NOLINT(modernize-use-equals-default): leaves the array uninitialised on purpose

  void scan(std::string_view text, std::size_t most = capacity);  // words

  std::size_t size() const { return size_; }
  const Word& operator[](std::size_t i) const { return words_[i]; }
  std::size_t tail_begin() const { return tail_begin_; }  // first word behind the gap; size() where nothing was skipped
  std::size_t scanned_bytes() const { return scanned_bytes_; }

 private:
  void scan_part(std::string_view text, std::size_t begin, std::size_t end, std::size_t limit);

  std::array<Word, capacity> words_;
  std::size_t size_ = 0;
  std::size_t tail_begin_ = 0;
  std::size_t scanned_bytes_ = 0;
};

// Folds and hashes the words of a phrase exactly as scan() does; returns how many there are (at most `out.size()`).
std::size_t hash_words(std::string_view phrase, std::array<std::uint32_t, 12>& out);

}  // namespace triaged::routing
