#include "triaged/wire/sse.hpp"

#include <algorithm>
#include <cstring>

namespace triaged::wire {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_comment(std::string_view text, std::size_t begin, std::size_t end) { return begin < end && text[begin] == ':'; }

}  // namespace

std::optional<SseReader::Lines::Line> SseReader::Lines::next(std::string_view text) {
  if (skip_feed && begin < text.size()) {
    skip_feed = false;
    if (text[begin] == '\n') scanned = ++begin;
  }
  // The LF is remembered while CRs in front of it end lines, so a text of many CRs is not searched again for each.
  if (feed == unknown || feed < scanned) feed = std::min(text.find('\n', scanned), text.size());
  const void* found = feed > scanned ? std::memchr(text.data() + scanned, '\r', feed - scanned) : nullptr;
  const std::size_t end =
      found != nullptr ? static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) : feed;
  if (end >= text.size()) {
    scanned = text.size();
    return std::nullopt;
  }
  const Line line{begin, end};
  const bool carriage_return = text[end] == '\r';
  begin = end + 1;
  if (carriage_return && begin < text.size() && text[begin] == '\n') ++begin;
  skip_feed = carriage_return && begin == text.size() && text.back() == '\r';
  scanned = begin;
  return line;
}

SseReader::SseReader(std::size_t max_event) : max_event_(max_event) {}

void SseReader::reset() {
  buffer_.clear();
  consumed_ = 0;
  lines_ = Lines{};
  block_ = Block{};
  last_id_.clear();
  at_start_ = true;
  failed_ = false;
}

Result<void> SseReader::put(std::string_view bytes) {
  if (!failed_) {
    compact(bytes.size());
    buffer_.append(bytes);
    lines_.feed = Lines::unknown;
    if (at_start_ && (buffer_.size() >= byte_order_mark.size() || !byte_order_mark.starts_with(buffer_))) {
      at_start_ = false;
      if (buffer_.starts_with(byte_order_mark)) consumed_ = lines_.begin = lines_.scanned = byte_order_mark.size();
    }
    failed_ = buffer_.size() - consumed_ > max_event_ && holds_oversized();
  }
  if (!failed_) return {};
  return upstream_error(ErrorKind::protocol,
                        "One event of the upstream's stream is larger than " + std::to_string(max_event_) + " bytes.");
}

// Room is made by moving what is unread to the front only when that is less than what was read, or nothing: so every
// byte is moved once on average.
void SseReader::compact(std::size_t arriving) {
  if (consumed_ == 0) return;
  const std::size_t unread = buffer_.size() - consumed_;
  if (unread > 0 && (unread > consumed_ || buffer_.size() + arriving <= buffer_.capacity())) return;
  buffer_.erase(0, consumed_);
  lines_.begin -= consumed_;
  lines_.scanned -= consumed_;
  consumed_ = 0;
}

// Walks ahead over what next() has not read yet. Called only when so much is held that an event may be too large.
bool SseReader::holds_oversized() const {
  Lines ahead = lines_;
  std::size_t begin = consumed_;
  bool open = block_.open;
  while (const auto line = ahead.next(buffer_)) {
    if (!open) begin = line->begin;
    if (line->end - begin > max_event_) return true;
    if (line->end == line->begin) {
      open = false;
    } else if (!is_comment(buffer_, line->begin, line->end)) {
      open = true;
    }
  }
  if (!open) begin = ahead.begin;
  return buffer_.size() - begin > max_event_;
}

std::optional<SseEvent> SseReader::next() {
  if (at_start_) return std::nullopt;  // a byte order mark may be coming
  while (const auto line = lines_.next(buffer_)) {
    if (!block_.open) consumed_ = line->begin;
    if (line->end - consumed_ > max_event_) {
      // put() has reported it. Nothing behind it is an event any more.
      block_.open = true;
      lines_.begin = lines_.scanned = buffer_.size();
      return std::nullopt;
    }
    if (line->end == line->begin) {
      std::optional<SseEvent> event = finish_block();
      if (event) return event;
    } else if (!is_comment(buffer_, line->begin, line->end)) {
      take_field(*line);
    }
  }
  if (!block_.open) consumed_ = lines_.begin;  // comments between events count for none
  return std::nullopt;
}

void SseReader::let_go() {
  if (has_partial()) return;
  std::string().swap(buffer_);
  std::string().swap(joined_);
  consumed_ = lines_.begin = lines_.scanned = 0;
  lines_.feed = Lines::unknown;
}

void SseReader::take_field(Lines::Line line) {
  block_.open = true;
  const std::string_view text = std::string_view(buffer_).substr(line.begin, line.end - line.begin);
  const std::size_t colon = std::min(text.find(':'), text.size());
  std::size_t value_at = std::min(colon + 1, text.size());
  if (value_at < text.size() && text[value_at] == ' ') ++value_at;
  const std::string_view name = text.substr(0, colon);
  const std::string_view value = text.substr(value_at);
  const std::size_t value_begin = line.begin + value_at - consumed_;

  if (name == "data") {
    if (block_.data_lines == 0) {
      block_.data_begin = value_begin;
      block_.data_size = value.size();
    } else {
      if (block_.data_lines == 1) joined_.assign(buffer_, consumed_ + block_.data_begin, block_.data_size);
      joined_ += '\n';
      joined_ += value;
    }
    ++block_.data_lines;
  } else if (name == "event") {
    block_.event_begin = value_begin;
    block_.event_size = value.size();
  } else if (name == "id" && value.find('\0') == std::string_view::npos) {
    last_id_ = value;
  }
}

// The blank line: an event if there was data, else nothing but a new start.
std::optional<SseEvent> SseReader::finish_block() {
  const std::string_view text = std::string_view(buffer_).substr(consumed_);
  const Block block = block_;
  block_ = Block{};
  consumed_ = lines_.begin;
  if (block.data_lines == 0) return std::nullopt;
  const std::string_view data =
      block.data_lines == 1 ? text.substr(block.data_begin, block.data_size) : std::string_view(joined_);
  return SseEvent{text.substr(block.event_begin, block.event_size), data, last_id_};
}

bool SseReader::has_partial() const { return buffer_.size() > consumed_; }

}  // namespace triaged::wire
