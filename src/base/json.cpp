#include "triaged/base/json.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace triaged {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr std::uint64_t each_byte(std::uint64_t byte) { return byte * 0x0101010101010101ULL; }
constexpr std::uint64_t zero_bytes(std::uint64_t word) { return (word - each_byte(0x01)) & ~word & each_byte(0x80); }

bool is_special(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

// High bits of the bytes of `word` that are special. The lowest one set is exact, higher ones need not be.
std::uint64_t special_bytes(std::uint64_t word) {
  const std::uint64_t control = (word - each_byte(0x20)) & ~word & each_byte(0x80);
  return zero_bytes(word ^ each_byte('"')) | zero_bytes(word ^ each_byte('\\')) | control;
}

#ifdef __SSE2__
// One bit for each of sixteen bytes that is special.
unsigned special_bits(const char* at) {
  const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block);
  const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
  const __m128i slash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, slash))));
}
#endif

// The first quote, backslash or control character, in blocks as long as there are whole ones.
const char* find_special(const char* at, const char* end) {
#ifdef __SSE2__
  for (; end - at >= 16; at += 16) {
    const unsigned found = special_bits(at);
    if (found != 0) return at + std::countr_zero(found);
  }
#endif
  while (end - at >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    const std::uint64_t found = special_bytes(word);
    if (found != 0) {
      if constexpr (std::endian::native == std::endian::little) return at + std::countr_zero(found) / 8;
      break;
    }
    at += 8;
  }
  while (at != end && !is_special(*at)) ++at;
  return at;
}

std::uint32_t four_hex(std::string_view text, std::size_t at) {
  std::uint32_t code = 0;
  for (std::size_t i = 0; i < 4; ++i) code = code << 4U | static_cast<std::uint32_t>(hex_value(text[at + i]));
  return code;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0U | code >> 6U);
    return put(0x80U | (code & 0x3FU));
  }
  if (code < 0x10000) {
    put(0xE0U | code >> 12U);
  } else {
    put(0xF0U | code >> 18U);
    put(0x80U | (code >> 12U & 0x3FU));
  }
  put(0x80U | (code >> 6U & 0x3FU));
  put(0x80U | (code & 0x3FU));
}

constexpr std::uint32_t replacement = 0xFFFD;

// Resolves \uXXXX at `at` (the backslash), with its second half if it is a surrogate pair; moves `at` behind it.
std::uint32_t take_code_point(std::string_view raw, std::size_t& at) {
  const std::uint32_t first = four_hex(raw, at + 2);
  at += 6;
  if (first < 0xD800 || first > 0xDFFF) return first;
  if (first > 0xDBFF) return replacement;
  if (at + 6 > raw.size() || raw[at] != '\\' || raw[at + 1] != 'u') return replacement;
  const std::uint32_t second = four_hex(raw, at + 2);
  if (second < 0xDC00 || second > 0xDFFF) return replacement;
  at += 6;
  return 0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00);
}

bool is_simple_escape(char c) {
  return c == 'n' || c == '"' || c == '\\' || c == '/' || c == 't' || c == 'r' || c == 'b' || c == 'f';
}

char simple_escape(char c) {
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return c;
  }
}

}  // namespace

std::uint32_t utf8_length(std::string_view text) {
  std::size_t continuations = 0;
  std::size_t at = 0;
#ifdef __SSE2__
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const __m128i found = _mm_cmplt_epi8(block, _mm_set1_epi8(-64));  // 0x80 to 0xBF
    if (const int bits = _mm_movemask_epi8(found); bits != 0) {
      continuations += static_cast<std::size_t>(std::popcount(static_cast<unsigned>(bits)));
    }
  }
#endif
  for (; at < text.size(); ++at) continuations += (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U ? 1U : 0U;
  return static_cast<std::uint32_t>(std::min<std::size_t>(text.size() - continuations, UINT32_MAX));
}

std::size_t plain_string_length(std::string_view text) {
  return static_cast<std::size_t>(find_special(text.data(), text.data() + text.size()) - text.data());
}

bool JsonString::equals_escaped(std::string_view text) const {
  if (raw.size() < text.size()) return false;
  std::string resolved;
  append_to(resolved);
  return resolved == text;
}

std::string JsonString::resolved() const {
  std::string text;
  append_to(text);
  return text;
}

void JsonString::append_to(std::string& out) const {
  if (!escaped) {
    out.append(raw);
    return;
  }
  std::size_t at = 0;
  while (at < raw.size()) {
    const std::size_t slash = std::min(raw.find('\\', at), raw.size());
    out.append(raw, at, slash - at);
    at = slash;
    if (at == raw.size()) return;
    if (raw[at + 1] == 'u') {
      append_utf8(out, take_code_point(raw, at));
      continue;
    }
    out.push_back(simple_escape(raw[at + 1]));
    at += 2;
  }
}

std::uint32_t JsonString::characters() const {
  std::uint32_t count = utf8_length(raw);
  if (!escaped) return count;
  for (std::size_t at = raw.find('\\'); at < raw.size(); at = raw.find('\\', at)) {
    const std::size_t begin = at;
    if (raw[at + 1] == 'u') {
      take_code_point(raw, at);
    } else {
      at += 2;
    }
    count -= static_cast<std::uint32_t>(at - begin - 1);
  }
  return count;
}

JsonReader::JsonReader(std::string_view text, std::uint32_t max_depth)
    : begin_(text.data()), cursor_(begin_), end_(begin_ + text.size()), max_depth_(max_depth) {}

std::size_t JsonReader::position() const { return offset(cursor_); }

void JsonReader::fail(const char* problem, const char* at) {
  if (problem_ != nullptr) return;
  problem_ = problem;
  cursor_ = at;
}

void JsonReader::skip_more_space() {
  while (cursor_ != end_ && (*cursor_ == ' ' || *cursor_ == '\n' || *cursor_ == '\r' || *cursor_ == '\t')) ++cursor_;
}

JsonType JsonReader::peek() {
  if (!ok()) return JsonType::none;
  skip_space();
  if (cursor_ == end_) {
    fail("expected a value, found the end of the text", cursor_);
    return JsonType::none;
  }
  switch (*cursor_) {
    case '{': return JsonType::object;
    case '[': return JsonType::array;
    case '"': return JsonType::string;
    case 't':
    case 'f': return JsonType::boolean;
    case 'n': return JsonType::null;
    default: break;
  }
  if (*cursor_ == '-' || is_digit(*cursor_)) return JsonType::number;
  fail("expected a value", cursor_);
  return JsonType::none;
}

bool JsonReader::enter(char opening) {
  if (!ok()) return false;
  skip_space();
  if (cursor_ == end_ || *cursor_ != opening) {
    fail(opening == '{' ? "expected an object" : "expected an array", cursor_);
    return false;
  }
  if (depth_ == max_depth_) {
    fail("nested too deeply", cursor_);
    return false;
  }
  ++depth_;
  ++cursor_;
  fresh_ = true;
  return true;
}

// To the next entry of a container; false at its end, which is then left.
bool JsonReader::next(char closing) {
  if (!ok()) return false;
  const bool fresh = std::exchange(fresh_, false);
  skip_space();
  comma_position_ = npos;
  if (cursor_ == end_) {
    fail(closing == '}' ? "an object is not closed" : "an array is not closed", cursor_);
    return false;
  }
  if (*cursor_ == closing) {
    ++cursor_;
    --depth_;
    return false;
  }
  if (fresh) return true;
  if (*cursor_ != ',') {
    fail(closing == '}' ? "expected a comma or a closing brace" : "expected a comma or a closing bracket", cursor_);
    return false;
  }
  comma_position_ = offset(cursor_);
  ++cursor_;
  return true;
}

bool JsonReader::enter_object_or_skip() {
  if (peek() == JsonType::object) return enter_object();
  skip();
  return false;
}

bool JsonReader::enter_array_or_skip() {
  if (peek() == JsonType::array) return enter_array();
  skip();
  return false;
}

std::optional<JsonString> JsonReader::string_or_skip() {
  if (peek() == JsonType::string) return take_string();
  skip();
  return std::nullopt;
}

bool JsonReader::enter_object() { return enter('{'); }
bool JsonReader::enter_array() { return enter('['); }
bool JsonReader::next_element() { return next(']'); }

bool JsonReader::next_member(JsonString& key) {
  if (!next('}')) return false;
  skip_space();
  if (cursor_ == end_ || *cursor_ != '"') {
    fail("expected a member name in quotes", cursor_);
    return false;
  }
  const std::size_t key_begin = offset(cursor_);
  key = take_string();
  skip_space();
  if (ok() && (cursor_ == end_ || *cursor_ != ':')) fail("expected a colon", cursor_);
  if (!ok()) return false;
  ++cursor_;
  key_position_ = key_begin;
  return true;
}

std::size_t JsonReader::value_position() {
  skip_space();
  return offset(cursor_);
}

// `at` is a backslash; moves behind the escape.
bool JsonReader::check_escape(const char*& at) {
  const std::ptrdiff_t left = end_ - at;
  if (left >= 2 && is_simple_escape(at[1])) {
    at += 2;
    return true;
  }
  const bool unicode =
      left >= 6 && at[1] == 'u' && std::all_of(at + 2, at + 6, [](char c) { return hex_value(c) >= 0; });
  if (!unicode) {
    fail("an escape that JSON does not have", at);
    return false;
  }
  at += 6;
  return true;
}

JsonString JsonReader::take_string() {
  if (!ok()) return {};
  skip_space();
  if (cursor_ == end_ || *cursor_ != '"') {
    fail("expected a string", cursor_);
    return {};
  }
  JsonString string;
  const char* at = cursor_ + 1;
  for (;;) {
    at = find_special(at, end_);
    if (at == end_) {
      fail("a string is not closed", cursor_);
      return {};
    }
    if (*at == '"') break;
    if (*at != '\\') {
      fail("a control character in a string", at);
      return {};
    }
    string.escaped = true;
    if (!check_escape(at)) return {};
  }
  string.raw = std::string_view(cursor_ + 1, static_cast<std::size_t>(at - cursor_ - 1));
  cursor_ = at + 1;
  return string;
}

std::string_view JsonReader::take_number() {
  if (peek() != JsonType::number) {
    fail("expected a number", cursor_);
    return {};
  }
  const char* at = cursor_;
  const auto digits = [&] {
    const char* const first = at;
    while (at != end_ && is_digit(*at)) ++at;
    return at != first;
  };
  if (*at == '-') ++at;
  const bool zero = at != end_ && *at == '0';
  if (zero) ++at;
  bool good = zero || digits();
  if (good && at != end_ && *at == '.') {
    ++at;
    good = digits();
  }
  if (good && at != end_ && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end_ && (*at == '+' || *at == '-')) ++at;
    good = digits();
  }
  if (!good) {
    fail("a malformed number", at);
    return {};
  }
  const std::string_view number(cursor_, static_cast<std::size_t>(at - cursor_));
  cursor_ = at;
  return number;
}

void JsonReader::take_literal(std::string_view literal) {
  if (!std::string_view(cursor_, static_cast<std::size_t>(end_ - cursor_)).starts_with(literal)) {
    fail("expected a value", cursor_);
    return;
  }
  cursor_ += literal.size();
}

bool JsonReader::take_bool() {
  if (peek() != JsonType::boolean) {
    fail("expected true or false", cursor_);
    return false;
  }
  const bool truth = *cursor_ == 't';
  take_literal(truth ? "true" : "false");
  return truth && ok();
}

// Recursion is bounded by max_depth_.
void JsonReader::skip_value() {  // NOLINT(misc-no-recursion)
  switch (peek()) {
    case JsonType::object: {
      JsonString key;
      enter_object();
      while (next_member(key)) skip_value();
      return;
    }
    case JsonType::array:
      enter_array();
      while (next_element()) skip_value();
      return;
    case JsonType::string: take_string(); return;
    case JsonType::number: take_number(); return;
    case JsonType::boolean: take_bool(); return;
    case JsonType::null: take_literal("null"); return;
    case JsonType::none: return;
  }
}

std::string_view JsonReader::skip() {
  if (!ok()) return {};
  const std::size_t begin = value_position();
  skip_value();
  if (!ok()) return {};
  return std::string_view(begin_ + begin, offset(cursor_) - begin);
}

std::string_view JsonReader::leap() {
  const JsonType type = peek();
  if (type != JsonType::object && type != JsonType::array) return skip();
  const char* const begin = cursor_;
  std::size_t open = 0;
  while (cursor_ != end_) {
    const char c = *cursor_;
    if (c == '"') {
      take_string();
      if (!ok()) return {};
      continue;
    }
    ++cursor_;
    if (c == '{' || c == '[') ++open;
    if ((c == '}' || c == ']') && --open == 0) {
      fresh_ = false;
      return std::string_view(begin, static_cast<std::size_t>(cursor_ - begin));
    }
  }
  fail(type == JsonType::object ? "an object is not closed" : "an array is not closed", begin);
  return {};
}

bool JsonReader::at_end() {
  if (!ok()) return false;
  skip_space();
  if (cursor_ != end_) fail("something behind the end of the value", cursor_);
  return ok();
}

std::optional<std::int64_t> json_integer(std::string_view number) {
  const char* const end = number.data() + number.size();
  std::int64_t value = 0;
  const auto whole = std::from_chars(number.data(), end, value);
  if (whole.ec == std::errc{} && whole.ptr == end) return value;
  double real = 0;
  const auto parsed = std::from_chars(number.data(), end, real);
  if (parsed.ec != std::errc{} || parsed.ptr != end || std::trunc(real) != real || std::fabs(real) > 9.0e15) return {};
  return static_cast<std::int64_t>(real);
}

}  // namespace triaged
