#include "dispatch/relay.hpp"

#include <algorithm>
#include <utility>

namespace triaged::dispatch {
namespace {

struct Nowhere final : EventWriter {
  void event(const chat::Event&) override {}
};

EventWriter* nowhere() {
  static Nowhere writer;
  return &writer;
}

}  // namespace

Relay::Relay(const provider::AnswerCodec& codec, Framing framing, std::size_t max_event, Door& door)
    : codec_(codec),
      door_(door),
      max_held_(max_event),
      decoder_(codec.make_stream_decoder()),
      reader_(std::in_place_type<wire::SseReader>, max_event) {
  if (framing == Framing::event_stream) reader_.emplace<wire::EventStreamReader>(max_event);
}

Result<void> Relay::put(std::string_view bytes) {
  if (complete_) return {};
  if (Result<void> fed = std::visit([bytes](auto& reader) { return reader.put(bytes); }, reader_); !fed) return fed;
  while (!complete_) {
    const std::optional<wire::SseEvent> event = std::visit([](auto& reader) { return reader.next(); }, reader_);
    if (!event) {
      std::visit([](auto& reader) { reader.let_go(); }, reader_);
      break;
    }
    if (Result<void> taken = take(*event); !taken) return taken;
  }
  return {};
}

Result<void> Relay::take(const wire::SseEvent& event) {
  const Result<chat::Event> decoded = decoder_->decode(event.event, event.data);
  if (!decoded) return decoded.error();
  if (decoded->usage) usage_ = decoded->usage;
  if (model_.empty() && !decoded->model.empty()) model_ = decoded->model;
  characters_ += decoded->characters;
  switch (decoded->kind) {
    case chat::EventKind::error:
      error_event_ = decoded->raw;
      return upstream_error(ErrorKind::stream_error, "the provider reported an error in its stream: " +
                                                         std::string(decoded->error_message.substr(0, 300)));
    case chat::EventKind::done:
      if (!has_content_ && finish_ == chat::Finish::none) {
        return upstream_error(ErrorKind::truncated, "the provider's stream ended before any content");
      }
      complete_ = true;
      return {};
    case chat::EventKind::finish:
      finish_ = decoded->finish;
      has_content_ = true;
      break;
    case chat::EventKind::content: has_content_ = true; break;
    case chat::EventKind::preamble:
    case chat::EventKind::usage: break;
  }
  return pass(event, *decoded);
}

Result<void> Relay::pass(const wire::SseEvent& event, const chat::Event& decoded) {
  if (out_ == nullptr && (!has_content_ || holding_)) return keep(event, decoded);
  if (out_ == nullptr) {
    if (Result<void> released = release(); !released) return released;
  }
  out_->event(decoded);
  return {};
}

Result<void> Relay::keep(const wire::SseEvent& event, const chat::Event& decoded) {
  held_bytes_ += event.event.size() + event.data.size();
  if (held_bytes_ > max_held_ && !has_content_) {
    return upstream_error(ErrorKind::protocol, "the provider sent too much before any content");
  }
  held_.push_back({std::string(event.event), std::string(event.data)});
  if (!holding_) return {};
  text_.append(decoded.text);
  if (probabilities_ || decoded.has_detail) decoder_->add_detail(detail_);
  if (held_bytes_ > max_held_ && has_content_) return let_go();
  return {};
}

void Relay::hold(std::size_t most, bool probabilities) {
  holding_ = true;
  probabilities_ = probabilities;
  max_held_ = std::max(max_held_, most);
}

Result<void> Relay::let_go() {
  if (!std::exchange(holding_, false) || !has_content_ || out_ != nullptr) return {};
  return release();
}

// What is held is decoded once more: an event's views live no longer than its decoder's next call.
Result<void> Relay::release() {
  out_ = door_.open();
  if (out_ == nullptr) return client_error(ErrorKind::client_gone, 499, "another attempt was faster");
  const std::vector<Held> held = std::exchange(held_, {});
  if (held.empty()) return {};
  const std::unique_ptr<provider::StreamDecoder> decoder = codec_.make_stream_decoder();
  for (const Held& each : held) {
    const Result<chat::Event> decoded = decoder->decode(each.type, each.data);
    if (!decoded) return decoded.error();
    out_->event(*decoded);
  }
  return {};
}

Result<void> Relay::end() {
  if (complete_) return {};
  if (finish_ != chat::Finish::none && !std::visit([](const auto& reader) { return reader.has_partial(); }, reader_)) {
    complete_ = true;
    return {};
  }
  return upstream_error(ErrorKind::truncated, "the provider's stream ended before its answer did");
}

void Relay::mute() {
  held_.clear();
  holding_ = false;
  out_ = nowhere();
}

}  // namespace triaged::dispatch
