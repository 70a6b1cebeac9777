#include "routing/word_pieces.hpp"

#include "routing/unicode.hpp"

#include <algorithm>
#include <bit>

namespace triaged::routing {

namespace {

constexpr std::uint32_t hash_start = 2166136261U;
constexpr std::uint32_t hash_part = 0xFFFF0000U;  // of a hash, kept in its slot
constexpr std::string_view inside_mark = "##";
constexpr std::size_t longest_word = 64;  // bytes; nobody's vocabulary has longer words, and the rest is left out

}  // namespace

std::uint32_t Vocabulary::first_hash(PiecePlace place) {
  static const std::uint32_t inside = next_hash(next_hash(hash_start, '#'), '#');
  return place == PiecePlace::inside ? inside : hash_start;
}

void Vocabulary::prepare(std::size_t tokens) {
  const std::size_t slots = std::bit_ceil(std::max<std::size_t>(2, tokens * 2));
  shift_ = static_cast<unsigned>(32 - std::countr_zero(slots));
  tokens_.clear();
  tokens_.reserve(tokens);
  slots_.assign(slots, 0);
}

bool Vocabulary::add(std::string_view token) {
  if (tokens_.size() == tokens_.capacity() || tokens_.size() >= most_tokens) return false;
  const bool inside = token.size() > inside_mark.size() && token.substr(0, inside_mark.size()) == inside_mark;
  const PiecePlace place = inside ? PiecePlace::inside : PiecePlace::start;
  const std::string_view text = inside ? token.substr(inside_mark.size()) : token;
  std::uint32_t hash = first_hash(place);
  for (const char c : text) hash = next_hash(hash, c);
  if (find(hash, text, place) >= 0) return false;
  std::size_t slot = slot_of(hash);
  while (slots_[slot] != 0) slot = (slot + 1) % slots_.size();
  tokens_.push_back(token);
  slots_[slot] = (hash & hash_part) | static_cast<std::uint32_t>(tokens_.size());
  return true;
}

bool Vocabulary::is(std::size_t row, std::string_view text, PiecePlace place) const {
  std::string_view token = tokens_[row];
  if (place == PiecePlace::start) return token == text;
  if (token.substr(0, inside_mark.size()) != inside_mark) return false;
  token.remove_prefix(inside_mark.size());
  return token == text;
}

std::int32_t Vocabulary::find(std::uint32_t hash, std::string_view text, PiecePlace place) const {
  for (std::size_t slot = slot_of(hash); slots_[slot] != 0; slot = (slot + 1) % slots_.size()) {
    if (((slots_[slot] ^ hash) & hash_part) != 0) continue;
    const std::size_t row = (slots_[slot] & ~hash_part) - 1;
    if (is(row, text, place)) return static_cast<std::int32_t>(row);
  }
  return -1;
}

// One word while it is read, folded.
class Pieces::Word {
 public:
  void put(char32_t code) {
    if (code < 0x80) return put_byte(static_cast<char>(code));
    if (code < 0x800) {
      put_byte(static_cast<char>(0xC0U | (code >> 6U)));
    } else {
      if (code < 0x10000) {
        put_byte(static_cast<char>(0xE0U | (code >> 12U)));
      } else {
        put_byte(static_cast<char>(0xF0U | (code >> 18U)));
        put_byte(static_cast<char>(0x80U | ((code >> 12U) & 0x3FU)));
      }
      put_byte(static_cast<char>(0x80U | ((code >> 6U) & 0x3FU)));
    }
    put_byte(static_cast<char>(0x80U | (code & 0x3FU)));
  }
  void put_byte(char byte) {
    if (size_ < bytes_.size()) bytes_[size_++] = byte;
  }
  std::string_view text() const { return {bytes_.data(), size_}; }
  void clear() { size_ = 0; }

 private:
  std::array<char, longest_word> bytes_{};
  std::size_t size_ = 0;
};

namespace {

bool is_combining(char32_t code) { return (code >= 0x0300 && code <= 0x036F) || (code >= 0x200B && code <= 0x200F); }

char32_t fold(char32_t code) {
  if (const char letter = base_letter(code); letter != '\0') return static_cast<unsigned char>(letter);
  if (code >= 0x0410 && code <= 0x042F) return code + 0x20;  // Cyrillic capitals
  if (code >= 0x0391 && code <= 0x03A9) return code + 0x20;  // Greek capitals
  return code;
}

enum class Part : std::uint8_t { letter, mark, alone, space, nothing };

// What a character is to a word; Chinese characters stand alone.
Part part_of(char32_t code) {
  if (code < 0x80) {
    if (script_of(code) != Script::none) return Part::letter;
    return code > ' ' && code < 0x7F ? Part::mark : Part::space;
  }
  if (code == not_a_character || code == 0xA0 || code == 0x3000 || (code >= 0x2000 && code <= 0x200A)) {
    return Part::space;
  }
  if (is_combining(code)) return Part::nothing;
  const Script script = script_of_wide(code);
  if (script == Script::none) return code < 0xA0 ? Part::space : Part::mark;
  return script == Script::han ? Part::alone : Part::letter;
}

}  // namespace

void Pieces::add(const Vocabulary& vocabulary, std::string_view text) {
  Word word;
  const auto finish = [&] {
    if (!word.text().empty()) add_word(vocabulary, word.text());
    word.clear();
  };
  for (std::size_t at = 0; at < text.size() && size_ < capacity;) {
    const Character c = read_character(text, at);
    at += c.bytes;
    switch (part_of(c.code)) {
      case Part::letter: word.put(fold(c.code)); break;
      case Part::mark:
      case Part::alone:
        finish();
        word.put(c.code);
        finish();
        break;
      case Part::space: finish(); break;
      case Part::nothing: break;
    }
  }
  finish();
}

// The longest known piece at each place. A character that begins none is left out.
void Pieces::add_word(const Vocabulary& vocabulary, std::string_view word) {
  std::array<std::uint32_t, longest_word> hashes{};  // of the piece from `at` up to and including each byte
  PiecePlace place = PiecePlace::start;
  for (std::size_t at = 0; at < word.size() && size_ < capacity;) {
    std::uint32_t hash = Vocabulary::first_hash(place);
    for (std::size_t i = at; i < word.size(); ++i) hashes[i] = hash = Vocabulary::next_hash(hash, word[i]);
    std::size_t end = word.size();
    std::int32_t row = -1;
    for (; end > at && row < 0; --end) row = vocabulary.find(hashes[end - 1], word.substr(at, end - at), place);
    if (row >= 0) {
      rows_[size_++] = static_cast<std::uint16_t>(row);
      at = end + 1;
    } else {
      at = next_character_start(word, at + 1);
    }
    place = PiecePlace::inside;
  }
}

}  // namespace triaged::routing
