// The head of a message and a parser over Beast's that fills it and refuses what Beast lets pass. Only the sources of
// this layer that parse include this header.
#pragma once

#include "triaged/base/text.hpp"
#include "triaged/wire/headers.hpp"

#include "wire/characters.hpp"
#include "wire/refusal.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/verb.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace triaged::wire {

namespace http = boost::beast::http;

inline std::string_view to_std(boost::beast::string_view text) { return {text.data(), text.size()}; }

// What the fields and the first line said. clear() keeps the memory.
struct Head {
  std::string method;
  std::string target;
  int version = 11;
  int status = 0;
  std::uint64_t declared = 0;  // of Content-Length
  std::uint32_t hosts = 0;
  std::uint32_t lengths = 0;  // Content-Length fields
  std::uint32_t codings = 0;  // Transfer-Encoding fields
  bool close = false;         // named in Connection
  bool stay = false;          // keep-alive, likewise
  bool upgrade = false;       // likewise
  Headers headers;

  void clear() {
    method.clear();
    target.clear();
    version = 11;
    status = 0;
    declared = 0;
    hosts = lengths = codings = 0;
    close = stay = upgrade = false;
    headers.clear();
  }
  // HTTP/1.1 stays unless told otherwise, HTTP/1.0 closes unless told otherwise. Proxy-Connection says nothing.
  bool keeps_alive() const { return !close && (version >= 11 || stay); }
};

template <bool is_request>
class StrictParser final : public http::basic_parser<is_request> {
 public:
  StrictParser(Head& head, std::string& body, std::size_t max_fields, std::size_t max_body)
      : head_(head), body_(&body), max_fields_(max_fields), max_body_(max_body) {
    // The caller hands over whole heads within its own limit and watches the body's size itself.
    this->header_limit(std::numeric_limits<std::uint32_t>::max());
    this->body_limit(boost::none);
  }

  void write_body_to(std::string& body) { body_ = &body; }
  void limit_body(std::uint64_t most) { max_body_ = most; }
  // Bytes of the chunk being read that are still to come; 0 in front of the line of a chunk.
  std::uint64_t chunk_left() const { return chunk_left_; }

  // Parses bytes that hold at least one whole element and sets `used`.
  Refusal feed(std::string_view bytes, std::size_t& used) {
    boost::beast::error_code failure;
    used = this->put(boost::asio::const_buffer(bytes.data(), bytes.size()), failure);
    if (refusal_ != Refusal::none) return refusal_;
    return failure ? translate(failure) : Refusal::none;
  }

  // Room for `more` bytes and the 64 behind them that a JSON parser may read. Grows as bytes really come, not as
  // declared.
  static void make_room(std::string& body, std::size_t more, std::uint64_t expected);

 private:
  using ErrorCode = boost::beast::error_code;
  using Text = boost::beast::string_view;

  void on_request_impl(http::verb, Text method, Text target, int version, ErrorCode&) override {
    head_.method.assign(method.data(), method.size());
    head_.target.assign(target.data(), target.size());
    head_.version = version;
  }
  void on_response_impl(int code, Text, int version, ErrorCode&) override {
    head_.status = code;
    head_.version = version;
  }
  void on_field_impl(http::field name, Text name_text, Text value, ErrorCode& failure) override {
    if (this->is_header_done()) return;  // a trailer: nothing that comes behind the body may change the head
    if (head_.headers.size() >= max_fields_) return refuse(Refusal::too_many_fields, failure);
    const Refusal refusal = check_field(name, to_std(value));
    if (refusal != Refusal::none) return refuse(refusal, failure);
    head_.headers.add(to_std(name_text), to_std(value));
  }
  void on_header_impl(ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  std::size_t on_body_impl(Text data, ErrorCode&) override {
    append(to_std(data));
    return data.size();
  }
  void on_chunk_header_impl(std::uint64_t size, Text, ErrorCode& failure) override {
    if (size > max_body_ - body_bytes_) return refuse(Refusal::body_too_large, failure);
    body_bytes_ += size;
    chunk_left_ = size;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, Text data, ErrorCode&) override {
    append(to_std(data));
    chunk_left_ -= data.size();
    return data.size();
  }
  void on_finish_impl(ErrorCode&) override {}

  void append(std::string_view data) {
    if constexpr (is_request) make_room(*body_, data.size(), head_.declared);
    body_->append(data);
  }
  void refuse(Refusal refusal, ErrorCode& failure) {
    refusal_ = refusal;
    failure = http::error::bad_field;
  }
  Refusal check_field(http::field name, std::string_view value);
  void read_connection(std::string_view value);
  Refusal translate(const ErrorCode& failure) const;

  Head& head_;
  std::string* body_;
  std::size_t max_fields_;
  std::uint64_t max_body_;
  std::uint64_t body_bytes_ = 0;  // of all chunks announced so far
  std::uint64_t chunk_left_ = 0;
  Refusal refusal_ = Refusal::none;
};

// A list of codings other than just "chunked": which of the two complaints fits.
inline Refusal judge_codings(std::string_view value) {
  std::string_view rest = value;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view coding = trim(rest.substr(0, comma));
    if (!coding.empty() && !iequals(coding, "chunked")) return Refusal::coding_unknown;
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return Refusal::coding_repeated;
}

template <bool is_request>
Refusal StrictParser<is_request>::check_field(http::field name, std::string_view value) {
  switch (name) {
    case http::field::host: ++head_.hosts; break;
    case http::field::connection: read_connection(value); break;
    case http::field::content_length:
      // Beast takes "5, 5" too. The number itself was read by it: below 2^64.
      if (!std::all_of(value.begin(), value.end(), [](char c) { return is_digit(c); })) return Refusal::content_length;
      if (++head_.lengths > 1) return Refusal::content_length_repeated;
      for (const char c : value) head_.declared = head_.declared * 10 + static_cast<std::uint64_t>(c - '0');
      break;
    case http::field::transfer_encoding:
      if (++head_.codings > 1) return Refusal::coding_repeated;
      if (head_.lengths > 0) return Refusal::length_and_coding;
      if (!iequals(value, "chunked")) return judge_codings(value);
      break;
    default: break;
  }
  return Refusal::none;
}

template <bool is_request>
void StrictParser<is_request>::read_connection(std::string_view value) {
  for (const auto& option : http::opt_token_list({value.data(), value.size()})) {
    head_.close = head_.close || iequals(to_std(option), "close");
    head_.stay = head_.stay || iequals(to_std(option), "keep-alive");
    head_.upgrade = head_.upgrade || iequals(to_std(option), "upgrade");
  }
}

template <bool is_request>
Refusal StrictParser<is_request>::translate(const ErrorCode& failure) const {
  if (failure == http::error::bad_method) return Refusal::method;
  if (failure == http::error::bad_target) return Refusal::target;
  if (failure == http::error::bad_version || failure == http::error::bad_reason) return Refusal::start_line;
  if (failure == http::error::bad_status) return Refusal::start_line;
  if (failure == http::error::bad_field) return Refusal::field_name;
  if (failure == http::error::bad_value) return Refusal::field_value;
  if (failure == http::error::bad_line_ending) return Refusal::line_end;
  if (failure == http::error::bad_content_length) {
    return head_.codings > 0 ? Refusal::length_and_coding : Refusal::content_length;
  }
  if (failure == http::error::multiple_content_length) return Refusal::content_length_repeated;
  if (failure == http::error::bad_transfer_encoding) {
    return head_.lengths > 0 ? Refusal::length_and_coding : Refusal::coding_repeated;
  }
  if (failure == http::error::bad_chunk) return Refusal::chunk;
  if (failure == http::error::bad_chunk_extension) return Refusal::chunk_extensions;
  return Refusal::start_line;
}

template <bool is_request>
void StrictParser<is_request>::make_room(std::string& body, std::size_t more, std::uint64_t expected) {
  static constexpr std::size_t padding = 64;
  const std::size_t need = body.size() + more + padding;
  if (need <= body.capacity()) return;
  std::size_t wanted = std::max(need, 2 * body.capacity());
  if (expected > 0)
    wanted = std::max(need, static_cast<std::size_t>(std::min<std::uint64_t>(wanted, expected + padding)));
  // Not reserve() on `body` itself: that would round up to twice the old capacity.
  std::string larger;
  larger.reserve(wanted);
  larger.append(body);
  body.swap(larger);
}

}  // namespace triaged::wire
