// Amazon's event stream framing (application/vnd.amazon.eventstream): bytes to events, incremental and bounded.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/wire/sse.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::wire {

// Used as an SseReader is: put() bytes, then call next() until it returns nothing. An event's type is that of the
// message, be it an event or an exception, its data the payload; of an error, which has no payload, its code and
// {"message": ...}. An event is valid until the next call of put() or next().
class EventStreamReader {
 public:
  explicit EventStreamReader(std::size_t max_event = 8U << 20U) : max_event_(max_event) {}
  void reset();
  // Error (kind `protocol`) when a message is damaged or exceeds the limit, and ever after; events in front of it still
  // come from next().
  Result<void> put(std::string_view bytes);
  std::optional<SseEvent> next();
  // True if bytes of an unfinished message are held: at the end of a stream this means it was cut.
  bool has_partial() const { return buffer_.size() > checked_; }
  // To be called when next() returned nothing: memory that nothing is held in is given back.
  void let_go();

 private:
  Result<void> check();
  void compact();

  std::size_t max_event_;
  std::string buffer_;
  std::size_t consumed_ = 0;  // bytes of buffer_ that next() has turned into events
  std::size_t checked_ = 0;   // bytes that are whole, undamaged messages
  std::string made_;          // data of an error
  std::optional<Error> failure_;
};

// One message, as a server writes it. `exception`: `type` is that of an exception.
void append_event_stream_message(std::string& out, std::string_view type, std::string_view payload,
                                 bool exception = false);

}  // namespace triaged::wire
