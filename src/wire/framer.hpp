// Cuts a stream of bytes into the elements of a message (head, pieces of body, lines of chunks) and hands each whole
// element to the parser. What a message is found to be cannot depend on how its bytes were split.
#pragma once

#include "wire/chunk_gate.hpp"
#include "wire/line_scanner.hpp"
#include "wire/refusal.hpp"
#include "wire/strict_parser.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::wire {

struct FramerLimits {
  std::size_t head;
  std::size_t first_line;
  std::size_t fields;
  std::size_t body;
  std::size_t trailers;
};

template <bool is_request>
class Framer {
 public:
  // Judges the first line alone, as soon as it is complete.
  using CheckFirstLine = Refusal (*)(std::string_view line);

  Framer(FramerLimits limits, CheckFirstLine check, std::string& body)
      : limits_(limits), check_first_line_(check), body_(body), chunks_(limits.trailers) {
    reset();
  }

  void reset() {
    head_.clear();
    scanner_.reset();
    chunks_.reset();
    first_line_done_ = false;
    phase_ = Phase::head;
    parser_.emplace(head_, body_, limits_.fields, limits_.body);
  }

  // Uses one element of `bytes`, or none (`used` is 0) when more bytes are needed for it.
  Refusal step(std::string_view bytes, std::size_t& used) {
    used = 0;
    switch (phase_) {
      case Phase::head: return read_head(bytes, used);
      case Phase::body: return read_body(bytes, used);
      case Phase::chunks: return read_chunk(bytes, used);
      case Phase::done: break;
    }
    return Refusal::none;
  }

  // The connection ended. False if that cut the message.
  bool end() {
    if (phase_ == Phase::body && parser_->need_eof()) phase_ = Phase::done;
    return phase_ == Phase::done;
  }

  bool head_done() const { return phase_ != Phase::head; }
  bool done() const { return phase_ == Phase::done; }
  bool chunked() const { return parser_->chunked(); }
  bool ends_with_connection() const { return parser_->need_eof(); }
  Head& head() { return head_; }
  const Head& head() const { return head_; }
  void write_body_to(std::string& body) { parser_->write_body_to(body); }
  void limit_body(std::size_t most) { parser_->limit_body(most); }  // of this message

 private:
  enum class Phase : std::uint8_t { head, body, chunks, done };

  Refusal read_head(std::string_view bytes, std::size_t& used) {
    for (;;) {
      const std::size_t limit = first_line_done_ ? limits_.head : std::min(limits_.first_line, limits_.head);
      std::string_view line;
      switch (scanner_.next(bytes.substr(0, limit), line)) {
        case LineScanner::State::bad_end: return Refusal::line_end;
        case LineScanner::State::more: return bytes.size() < limit ? Refusal::none : too_long();
        case LineScanner::State::line: break;
      }
      if (!first_line_done_) {
        const Refusal refusal = check_first_line_(line);
        if (refusal != Refusal::none) return refusal;
        first_line_done_ = true;
        continue;
      }
      if (line.empty()) break;
      if (line.front() == ' ' || line.front() == '\t') return Refusal::folded_field;
    }
    const Refusal refusal = parser_->feed(bytes.substr(0, scanner_.begin()), used);
    if (refusal != Refusal::none) return refusal;
    phase_ = parser_->is_done() ? Phase::done : parser_->chunked() ? Phase::chunks : Phase::body;
    return Refusal::none;
  }

  Refusal too_long() const {
    return is_request && !first_line_done_ ? Refusal::target_too_long : Refusal::head_too_large;
  }

  Refusal read_body(std::string_view bytes, std::size_t& used) {
    const Refusal refusal = parser_->feed(bytes, used);
    if (parser_->is_done()) phase_ = Phase::done;
    return refusal;
  }

  Refusal read_chunk(std::string_view bytes, std::size_t& used) {
    if (parser_->chunk_left() > 0) return parser_->feed(bytes, used);
    std::size_t size = 0;
    const Refusal malformed = chunks_.check(bytes, size);
    if (malformed != Refusal::none || size == 0) return malformed;
    const Refusal refusal = parser_->feed(bytes.substr(0, size), used);
    if (parser_->is_done()) phase_ = Phase::done;
    return refusal;
  }

  FramerLimits limits_;
  CheckFirstLine check_first_line_;
  std::string& body_;
  Head head_;
  LineScanner scanner_;
  ChunkGate chunks_;
  bool first_line_done_ = false;
  Phase phase_ = Phase::head;
  // A Beast parser reads one message only: each gets a new one in the same place.
  std::optional<StrictParser<is_request>> parser_;
};

}  // namespace triaged::wire
