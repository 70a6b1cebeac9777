// One streamed answer as a machine without sockets: body bytes in, events out, and what is known of the answer so far.
// Events are held until the answer may begin: until its first content, or, where a gate looks at it first, until it is
// let go. The answer is complete only when its dialect's end was seen, or a finish reason and then the proper end of
// the message.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/chat/event.hpp"
#include "triaged/dispatch/reply.hpp"
#include "triaged/provider/provider.hpp"
#include "triaged/wire/event_stream.hpp"
#include "triaged/wire/sse.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace triaged::dispatch {

// How a stream's events are told apart.
enum class Framing : std::uint8_t {
  sse,           // text/event-stream
  event_stream,  // application/vnd.amazon.eventstream
};

// The way to the client, asked for once, when there is something to send.
class Door {
 public:
  virtual ~Door() = default;
  // Where the events go from now on. Null: another attempt was faster; put() then ends with an error.
  virtual EventWriter* open() = 0;
};

class Relay {
 public:
  // Both outlive it. At most `max_event` bytes are held before the first content.
  Relay(const provider::AnswerCodec& codec, Framing framing, std::size_t max_event, Door& door);

  // To be called before the first put(): content is held, too, until let_go(), but no more than `most` bytes. Of what
  // is held text() and detail() tell; with `probabilities` also those of the tokens.
  void hold(std::size_t most, bool probabilities);
  bool holds() const { return holding_; }
  Result<void> let_go();

  // Error: protocol, stream_error for an error event of the provider (see error_event()), client_gone when the door is
  // shut. What follows the end of the answer is ignored.
  Result<void> put(std::string_view bytes);
  // The message ended. Error: truncated.
  Result<void> end();
  // What comes from now on is read for its usage only.
  void mute();

  bool has_content() const { return has_content_; }
  bool open() const { return out_ != nullptr; }  // the commit point was reached
  bool complete() const { return complete_; }
  const std::optional<chat::Usage>& usage() const { return usage_; }
  std::uint64_t characters() const { return characters_; }
  chat::Finish finish() const { return finish_; }
  const std::string& model() const { return model_; }
  const std::string& error_event() const { return error_event_; }  // its data, "" if there was none
  const std::string& text() const { return text_; }                // both only of what was held
  const chat::AnswerDetail& detail() const { return detail_; }

 private:
  struct Held {
    std::string type;
    std::string data;
  };

  Result<void> take(const wire::SseEvent& event);
  Result<void> pass(const wire::SseEvent& event, const chat::Event& decoded);
  Result<void> keep(const wire::SseEvent& event, const chat::Event& decoded);
  Result<void> release();

  const provider::AnswerCodec& codec_;
  Door& door_;
  std::size_t max_held_;
  std::unique_ptr<provider::StreamDecoder> decoder_;
  std::variant<wire::SseReader, wire::EventStreamReader> reader_;
  EventWriter* out_ = nullptr;
  std::vector<Held> held_;
  std::size_t held_bytes_ = 0;
  bool holding_ = false;
  bool probabilities_ = false;
  std::string text_;
  chat::AnswerDetail detail_;
  std::optional<chat::Usage> usage_;
  std::uint64_t characters_ = 0;
  chat::Finish finish_ = chat::Finish::none;
  std::string model_;
  std::string error_event_;
  bool has_content_ = false;
  bool complete_ = false;
};

}  // namespace triaged::dispatch
