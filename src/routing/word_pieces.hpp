// Cuts text into the word pieces of an embedder's vocabulary: words are folded (no case, no accents), then taken apart
// from the left into the longest pieces that are known. Pieces inside a word begin with "##".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace triaged::routing {

// Where a piece begins: at the start of a word, or inside one.
enum class PiecePlace : std::uint8_t { start, inside };

class Vocabulary {
 public:
  static constexpr std::size_t most_tokens = 65534;

  // A view into the file that outlives this; row by row. False: too many, or twice the same.
  bool add(std::string_view token);
  std::size_t size() const { return tokens_.size(); }
  std::string_view token(std::size_t row) const { return tokens_[row]; }
  void prepare(std::size_t tokens);  // room for so many; call it first

  static std::uint32_t first_hash(PiecePlace place);
  static std::uint32_t next_hash(std::uint32_t hash, char c) {
    return (hash ^ static_cast<unsigned char>(c)) * 16777619U;  // FNV-1a
  }
  // The row of a piece whose hash is known; negative: unknown. `text` is without "##".
  std::int32_t find(std::uint32_t hash, std::string_view text, PiecePlace place) const;

 private:
  std::size_t slot_of(std::uint32_t hash) const { return (hash * 0x9E3779B1U) >> shift_; }
  bool is(std::size_t row, std::string_view text, PiecePlace place) const;

  std::vector<std::string_view> tokens_;
  std::vector<std::uint32_t> slots_;  // hash in the upper half, row + 1 in the lower one
  unsigned shift_ = 31;
};

// The rows of a text's pieces, in order; what does not fit any more is left out. About 4 KiB, meant for the stack.
class Pieces {
 public:
  Pieces() {}  // NOLINT(modernize-use-equals-default): leaves the array uninitialised on purpose

  void add(const Vocabulary& vocabulary, std::string_view text);
  std::span<const std::uint16_t> rows() const { return {rows_.data(), size_}; }

 private:
  static constexpr std::size_t capacity = 2048;
  class Word;

  void add_word(const Vocabulary& vocabulary, std::string_view word);

  std::array<std::uint16_t, capacity> rows_;
  std::size_t size_ = 0;
};

}  // namespace triaged::routing
