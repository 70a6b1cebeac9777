#include "triaged/server/session.hpp"
#include "triaged/wire/head_writer.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace triaged::server {

void ClientWatch::arm(Turn& turn) {
  turn_ = &turn;
  if (stream_.watching()) return;
  stream_.watch_readable([this] {
    if (turn_ != nullptr) turn_->look_for_client();
  });
}

void ClientWatch::lose() {
  if (turn_ != nullptr) turn_->lose();
}

Turn::Turn(net::Stream& stream, ClientWatch& watch, wire::RequestParser& parser, const config::ClientClocks& clocks,
           const Clock& clock)
    : stream_(stream),
      watch_(watch),
      parser_(parser),
      clocks_(clocks),
      clock_(clock),
      received_(clock.now()),
      keep_alive_(parser.keep_alive()) {}

std::string Turn::with_coding(std::string_view fields) const {
  std::string all(fields);
  wire::append_field(all, "Content-Encoding", wire::name(coding_));
  wire::append_field(all, "Vary", "Accept-Encoding");
  return all;
}

void Turn::append_head(int status, std::string_view fields, bool chunked, std::size_t length) {
  status_ = status;
  if (!parser_.done()) keep_alive_ = false;
  head_.clear();
  wire::append_status_line(head_, status);
  head_.append(fields);
  if (chunked)
    wire::append_field(head_, "Transfer-Encoding", "chunked");
  else if (length != std::string::npos)
    wire::append_length_field(head_, length);
  if (!keep_alive_)
    wire::append_field(head_, "Connection", "close");
  else if (parser_.version() == 10)
    wire::append_field(head_, "Connection", "keep-alive");
  wire::end_head(head_);
}

net::Task<Result<void>> Turn::respond(int status, std::string_view fields, std::string_view body) {
  constexpr std::size_t worth_packing = 1024;
  std::string all_fields;
  if (coding_ != wire::Coding::identity && body.size() >= worth_packing) {
    all_fields = with_coding(fields);
    fields = all_fields;
    packed_.clear();
    wire::Compressor(coding_).put(body, packed_, true);
    body = packed_;
  }
  append_head(status, fields, false, body.size());
  const bool head_only = parser_.head_done() && parser_.method() == "HEAD";
  const std::array<net::asio::const_buffer, 2> buffers{net::asio::buffer(head_),
                                                       head_only ? net::asio::const_buffer() : net::asio::buffer(body)};
  Result<void> written = co_await write(net::Buffers(buffers), true);
  co_return written;
}

void Turn::begin_stream(int status, std::string_view fields) {
  chunked_ = parser_.version() != 10;
  if (!chunked_) keep_alive_ = false;
  if (coding_ == wire::Coding::identity) {
    append_head(status, fields, chunked_, std::string::npos);
    return;
  }
  compressor_.emplace(coding_);
  append_head(status, with_coding(fields), chunked_, std::string::npos);
}

void Turn::begin_with_length(int status, std::string_view fields) {
  chunked_ = false;
  append_head(status, fields, false, std::string::npos);
}

net::Task<Result<void>> Turn::send(std::string_view data, bool last) {
  if (compressor_ && (last || !data.empty())) {
    packed_.clear();
    compressor_->put(data, packed_, last);
    data = packed_;
  }
  std::size_t count = 0;
  if (!begun_) buffers_[count++] = net::asio::buffer(head_);
  if (chunked_ && !data.empty()) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), data.size(), 16);
    size_line_.assign(digits.data(), end.ptr);
    size_line_ += "\r\n";
    buffers_[count++] = net::asio::buffer(size_line_);
  }
  if (!data.empty()) buffers_[count++] = net::asio::buffer(data);
  constexpr std::string_view behind_data = "\r\n";
  constexpr std::string_view behind_all = "\r\n0\r\n\r\n";
  if (chunked_ && !data.empty()) {
    buffers_[count++] = net::asio::buffer(last ? behind_all : behind_data);
  } else if (chunked_ && last) {
    buffers_[count++] = net::asio::buffer(wire::last_chunk());
  }
  return write(net::Buffers(buffers_.data(), count), last);
}

net::Task<Result<void>> Turn::write(net::Buffers buffers, bool last) {
  begun_ = true;
  stream_.set_write_deadline(Deadline::in(clocks_.write, clock_.now()));
  const net::IoResult written = co_await stream_.write(buffers);
  bytes_sent_ += written.bytes;
  std::string().swap(head_);  // a stream may last long; an assignment would keep its memory
  if (!written.error) {
    if (last) ended_ = true;
    co_return Result<void>();
  }
  gone_ = true;
  keep_alive_ = false;
  co_return client_error(ErrorKind::client_gone, 499, "the client left: " + written.error.message());
}

void Turn::on_client_gone(std::function<void()> notice) {
  notice_ = std::move(notice);
  if (notice_)
    watch_.arm(*this);
  else
    watch_.disarm();
}

void Turn::look_for_client() {
  if (!notice_ || gone_) return;
  switch (stream_.probe()) {
    case net::Stream::Probe::data: return;  // the next request: the client is there
    case net::Stream::Probe::nothing: watch_.arm(*this); return;
    case net::Stream::Probe::closed: lose(); return;
  }
}

void Turn::lose() {
  if (gone_) return;
  gone_ = true;
  keep_alive_ = false;
  const std::function<void()> notice = std::exchange(notice_, nullptr);
  if (notice) notice();
}

}  // namespace triaged::server
