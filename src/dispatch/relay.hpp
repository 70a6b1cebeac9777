// One streamed answer as a machine without sockets: body bytes in, events out, and what is known of the answer so far.
// The answer is complete only when its dialect's end was seen, or a finish reason and then the proper end of the
// message.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/chat/event.hpp"
#include "triaged/dispatch/reply.hpp"
#include "triaged/provider/provider.hpp"
#include "triaged/wire/sse.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::dispatch {

class Relay {
 public:
  Relay(std::unique_ptr<provider::StreamDecoder> decoder, std::size_t max_event);

  // Error: protocol, or stream_error for an error event of the provider (see error_event()). What follows the end of
  // the answer is ignored.
  Result<void> put(std::string_view bytes, EventWriter& out);
  // The message ended. Error: truncated.
  Result<void> end();

  bool has_content() const { return has_content_; }  // the commit point was reached
  bool complete() const { return complete_; }
  const std::optional<chat::Usage>& usage() const { return usage_; }
  std::uint64_t characters() const { return characters_; }
  chat::Finish finish() const { return finish_; }
  const std::string& model() const { return model_; }
  const std::string& error_event() const { return error_event_; }  // its data, "" if there was none

 private:
  Result<void> take(const chat::Event& event, EventWriter& out);

  std::unique_ptr<provider::StreamDecoder> decoder_;
  wire::SseReader reader_;
  std::optional<chat::Usage> usage_;
  std::uint64_t characters_ = 0;
  chat::Finish finish_ = chat::Finish::none;
  std::string model_;
  std::string error_event_;
  bool has_content_ = false;
  bool complete_ = false;
};

}  // namespace triaged::dispatch
