// A message: its length, that of its headers, a checksum of the two, headers, payload, a checksum of all; numbers are
// big endian.
#include "triaged/wire/event_stream.hpp"

#include "triaged/base/text.hpp"

#include "wire/crc32.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace triaged::wire {
namespace {

constexpr std::size_t prelude_size = 12;
constexpr std::size_t checksum_size = 4;
constexpr std::uint8_t string_type = 7;

std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size = 4) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

void append_number(std::string& out, std::size_t number, std::size_t size) {
  for (std::size_t i = size; i-- > 0;) out.push_back(static_cast<char>(number >> (8U * i) & 0xFFU));
}

struct Labels {
  std::string_view event, exception, error_code, error_message;

  std::string_view type() const { return !event.empty() ? event : !exception.empty() ? exception : error_code; }
  void take(std::string_view name, std::string_view value) {
    if (name == ":event-type") event = value;
    if (name == ":exception-type") exception = value;
    if (name == ":error-code") error_code = value;
    if (name == ":error-message") error_message = value;
  }
};

// Bytes of a header's value; nothing for a type that there is not. Strings and byte arrays tell their size themselves.
std::optional<std::size_t> value_size(std::uint8_t type) {
  constexpr std::array<std::size_t, 10> sizes{0, 0, 1, 2, 4, 8, 0, 0, 8, 16};
  if (type >= sizes.size()) return {};
  return sizes[type];
}

// Nothing if they are not written as they must be.
std::optional<Labels> read_headers(std::string_view headers) {
  Labels labels;
  while (!headers.empty()) {
    const std::size_t name_size = number_at(headers, 0, 1);
    if (name_size == 0 || headers.size() < name_size + 2) return {};
    const std::string_view name = headers.substr(1, name_size);
    const auto type = static_cast<std::uint8_t>(headers[1 + name_size]);
    headers.remove_prefix(name_size + 2);
    auto size = value_size(type);
    if (!size) return {};
    if (type == string_type || type == string_type - 1) {
      if (headers.size() < 2) return {};
      size = number_at(headers, 0, 2);
      headers.remove_prefix(2);
    }
    if (headers.size() < *size) return {};
    if (type == string_type) labels.take(name, headers.substr(0, *size));
    headers.remove_prefix(*size);
  }
  return labels;
}

Error damage(std::string_view what) {
  return upstream_error(ErrorKind::protocol, "A message of the upstream's event stream " + std::string(what) + ".");
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  append_number(out, name.size(), 1);
  out.append(name);
  append_number(out, string_type, 1);
  append_number(out, value.size(), 2);
  out.append(value);
}

}  // namespace

void EventStreamReader::reset() {
  buffer_.clear();
  consumed_ = 0;
  checked_ = 0;
  failure_.reset();
}

void EventStreamReader::let_go() {
  if (consumed_ != buffer_.size()) return;
  std::string().swap(buffer_);
  consumed_ = 0;
  checked_ = 0;
}

void EventStreamReader::compact() {
  const std::size_t unread = buffer_.size() - consumed_;
  if (consumed_ == 0 || unread > consumed_) return;
  buffer_.erase(0, consumed_);
  checked_ -= consumed_;
  consumed_ = 0;
}

Result<void> EventStreamReader::put(std::string_view bytes) {
  if (failure_) return *failure_;
  compact();
  buffer_.append(bytes);
  if (Result<void> checked = check(); !checked) failure_ = checked.error();
  if (failure_) return *failure_;
  return {};
}

// Everything about a message is checked before next() gets to see it; a length cannot be believed before its checksum
// is.
Result<void> EventStreamReader::check() {
  while (buffer_.size() - checked_ >= prelude_size) {
    const std::string_view rest = std::string_view(buffer_).substr(checked_);
    if (number_at(rest, 8) != crc32(rest.substr(0, 8))) return damage("has a damaged beginning");
    const std::size_t size = number_at(rest, 0);
    const std::size_t headers = number_at(rest, 4);
    if (size > max_event_) return damage("is larger than " + std::to_string(max_event_) + " bytes");
    if (size < prelude_size + checksum_size || headers > size - prelude_size - checksum_size) {
      return damage("has impossible lengths");
    }
    if (rest.size() < size) return {};
    const std::size_t end = size - checksum_size;
    if (number_at(rest, end) != crc32(rest.substr(0, end))) return damage("is damaged");
    if (!read_headers(rest.substr(prelude_size, headers))) return damage("has headers that cannot be read");
    checked_ += size;
  }
  return {};
}

std::optional<SseEvent> EventStreamReader::next() {
  if (consumed_ == checked_) return std::nullopt;
  const std::string_view rest = std::string_view(buffer_).substr(consumed_);
  const std::size_t size = number_at(rest, 0);
  const std::size_t headers = number_at(rest, 4);
  consumed_ += size;
  const Labels labels = read_headers(rest.substr(prelude_size, headers)).value_or(Labels());
  const std::size_t begin = prelude_size + headers;
  SseEvent event{labels.type(), rest.substr(begin, size - checksum_size - begin), {}};
  if (!labels.error_code.empty() && event.data.empty()) {
    made_ = R"({"message":)";
    append_json_string(made_, labels.error_message);
    made_.push_back('}');
    event.data = made_;
  }
  return event;
}

void append_event_stream_message(std::string& out, std::string_view type, std::string_view payload, bool exception) {
  std::string headers;
  append_header(headers, exception ? ":exception-type" : ":event-type", type);
  append_header(headers, ":content-type", "application/json");
  append_header(headers, ":message-type", exception ? "exception" : "event");
  const std::size_t begin = out.size();
  append_number(out, prelude_size + headers.size() + payload.size() + checksum_size, 4);
  append_number(out, headers.size(), 4);
  append_number(out, crc32(std::string_view(out).substr(begin)), 4);
  out.append(headers).append(payload);
  append_number(out, crc32(std::string_view(out).substr(begin)), 4);
}

}  // namespace triaged::wire
