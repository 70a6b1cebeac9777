// Server-sent events (WHATWG HTML, section 9.2): bytes to events, incremental and bounded, and back.
#pragma once

#include "triaged/base/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::wire {

struct SseEvent {
  std::string_view event;  // its type; "" means "message"
  std::string_view data;   // data lines joined by '\n'
  std::string_view id;     // the last id seen in the stream, this event's or an earlier one's
};

// Feed bytes with put(), then call next() until it returns nothing. Accepts LF, CRLF and CR line ends, a leading BOM,
// comments, fields without colon, and splits anywhere, also inside UTF-8 and between CR and LF. In the common case of
// one data line the event's data is a view into the reader's buffer. An event is valid until the next call of put() or
// next().
class SseReader {
 public:
  explicit SseReader(std::size_t max_event = 8U << 20U);
  void reset();
  // Error (kind `protocol`) when one event exceeds the limit, and ever after; events in front of it still come from
  // next().
  Result<void> put(std::string_view bytes);
  std::optional<SseEvent> next();
  // Frees its memory if it holds nothing of an event: while a stream waits, and most mostly do.
  void let_go();
  // True if bytes of an unfinished event are held: at the end of a stream this means it was cut.
  bool has_partial() const;

 private:
  // Walks over the lines of the buffer; every byte is looked at once, however the stream was split.
  struct Lines {
    struct Line {
      std::size_t begin;
      std::size_t end;  // without the line end
    };
    std::optional<Line> next(std::string_view text);

    static constexpr std::size_t unknown = static_cast<std::size_t>(-1);
    std::size_t begin = 0;       // of the line that is not complete yet
    std::size_t scanned = 0;     // where the search for its end goes on
    std::size_t feed = unknown;  // the next LF from there, the text's size if there is none
    bool skip_feed = false;      // the last line ended in CR: an LF right behind it belongs to that
  };
  // What the fields of the unfinished event say so far; offsets count from consumed_.
  struct Block {
    bool open = false;  // it has a line that is no comment
    std::size_t data_lines = 0;
    std::size_t data_begin = 0;
    std::size_t data_size = 0;
    std::size_t event_begin = 0;
    std::size_t event_size = 0;
  };

  bool holds_oversized() const;
  void take_field(Lines::Line line);
  std::optional<SseEvent> finish_block();
  void compact(std::size_t arriving);

  std::size_t max_event_;
  std::string buffer_;
  std::size_t consumed_ = 0;  // bytes of buffer_ already turned into events; the unfinished event begins here
  Lines lines_;
  Block block_;
  std::string joined_;  // data of an event with several data lines
  std::string last_id_;
  bool at_start_ = true;  // a BOM may still come
  bool failed_ = false;
};

// "data: ...\n\n"; a line end (CR, LF or both) in `data` starts a further data line.
void append_sse_data(std::string& out, std::string_view data);
// An empty `event` writes no event line; line ends in it, or in a comment, become spaces.
void append_sse_event(std::string& out, std::string_view event, std::string_view data);
void append_sse_comment(std::string& out, std::string_view text);

}  // namespace triaged::wire
