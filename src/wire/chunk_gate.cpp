#include "wire/chunk_gate.hpp"

#include "wire/characters.hpp"

#include <algorithm>

namespace triaged::wire {

namespace {

constexpr std::size_t max_digits = 16;  // of a 64-bit size
constexpr std::string_view line_end = "\r\n";

std::size_t count_hex_digits(std::string_view bytes) {
  std::size_t digits = 0;
  while (digits < bytes.size() && digits <= max_digits && is_hex_digit(bytes[digits])) ++digits;
  return digits;
}

bool may_follow_size(char c) { return c == '\r' || c == ';' || c == ' ' || c == '\t'; }

}  // namespace

void ChunkGate::reset() {
  extensions_left_ = max_extensions;
  first_ = true;
  last_ = false;
  lines_.reset();
}

Refusal ChunkGate::check(std::string_view bytes, std::size_t& size) {
  size = 0;
  std::size_t prefix = 0;
  if (!first_) {
    prefix = line_end.size();
    const std::string_view seen = bytes.substr(0, prefix);
    if (seen != line_end.substr(0, seen.size())) return Refusal::chunk;
    if (bytes.size() <= prefix) return Refusal::none;
    bytes.remove_prefix(prefix);
  }
  bool complete = false;
  if (!last_) {
    const Refusal refusal = check_line(bytes, complete);
    if (refusal != Refusal::none || (!complete && !last_)) return refusal;
  }
  if (last_) {
    const Refusal refusal = check_trailers(bytes, complete);
    if (refusal != Refusal::none || !complete) return refusal;
  }
  size = prefix + lines_.begin();
  first_ = false;
  lines_.reset();
  return Refusal::none;
}

// Sets `last_` when the line is that of the last chunk, `complete` when it is that of any other.
Refusal ChunkGate::check_line(std::string_view bytes, bool& complete) {
  const std::size_t digits = count_hex_digits(bytes);
  if (digits > max_digits || (digits == 0 && !bytes.empty())) return Refusal::chunk;
  if (digits < bytes.size() && !may_follow_size(bytes[digits])) return Refusal::chunk;

  std::string_view line;
  const std::size_t limit = digits + extensions_left_ + line_end.size();
  switch (lines_.next(bytes.substr(0, limit), line)) {
    case LineScanner::State::bad_end: return Refusal::chunk;
    case LineScanner::State::more: return bytes.size() >= limit ? Refusal::chunk_extensions : Refusal::none;
    case LineScanner::State::line: break;
  }
  extensions_left_ -= line.size() - digits;
  const std::string_view number = line.substr(0, digits);
  last_ = std::all_of(number.begin(), number.end(), [](char c) { return c == '0'; });
  complete = !last_;
  trailers_begin_ = lines_.begin();
  return Refusal::none;
}

Refusal ChunkGate::check_trailers(std::string_view bytes, bool& complete) {
  const std::size_t limit = trailers_begin_ + max_trailers_ + line_end.size();
  const std::string_view window = bytes.substr(0, limit);
  for (;;) {
    const std::string_view rest = window.substr(lines_.begin());
    if (max_trailers_ == 0 && !rest.empty() && rest.front() != '\r') return Refusal::trailers;
    std::string_view line;
    switch (lines_.next(window, line)) {
      case LineScanner::State::bad_end: return Refusal::chunk;
      case LineScanner::State::more: return bytes.size() >= limit ? Refusal::trailers : Refusal::none;
      case LineScanner::State::line: break;
    }
    if (line.empty()) {
      complete = true;
      return Refusal::none;
    }
    if (line.front() == ' ' || line.front() == '\t') return Refusal::folded_field;
  }
}

}  // namespace triaged::wire
