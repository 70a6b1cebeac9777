#include "dispatch/relay.hpp"

#include <utility>

namespace triaged::dispatch {

Relay::Relay(std::unique_ptr<provider::StreamDecoder> decoder, std::size_t max_event)
    : decoder_(std::move(decoder)), reader_(max_event) {}

Result<void> Relay::put(std::string_view bytes, EventWriter& out) {
  if (complete_) return {};
  if (Result<void> fed = reader_.put(bytes); !fed) return fed;
  while (!complete_) {
    const std::optional<wire::SseEvent> event = reader_.next();
    if (!event) break;
    const Result<chat::Event> decoded = decoder_->decode(event->event, event->data);
    if (!decoded) return decoded.error();
    if (Result<void> taken = take(*decoded, out); !taken) return taken;
  }
  return {};
}

Result<void> Relay::take(const chat::Event& event, EventWriter& out) {
  if (event.usage) usage_ = event.usage;
  if (model_.empty() && !event.model.empty()) model_ = event.model;
  characters_ += event.characters;
  switch (event.kind) {
    case chat::EventKind::error:
      error_event_ = event.raw;
      return upstream_error(ErrorKind::stream_error, "the provider reported an error in its stream: " +
                                                         std::string(event.error_message.substr(0, 300)));
    case chat::EventKind::done:
      if (!has_content_ && finish_ == chat::Finish::none) {
        return upstream_error(ErrorKind::truncated, "the provider's stream ended before any content");
      }
      complete_ = true;
      return {};
    case chat::EventKind::finish:
      finish_ = event.finish;
      has_content_ = true;
      break;
    case chat::EventKind::content: has_content_ = true; break;
    case chat::EventKind::preamble:
    case chat::EventKind::usage: break;
  }
  out.event(event);
  return {};
}

Result<void> Relay::end() {
  if (complete_) return {};
  if (finish_ != chat::Finish::none && !reader_.has_partial()) {
    complete_ = true;
    return {};
  }
  return upstream_error(ErrorKind::truncated, "the provider's stream ended before its answer did");
}

}  // namespace triaged::dispatch
