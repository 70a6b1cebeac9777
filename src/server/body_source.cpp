#include "triaged/server/body_source.hpp"

#include "triaged/wire/head_writer.hpp"

#include <boost/asio/error.hpp>

#include <cstring>

namespace triaged::server {
namespace {

// What one read takes at most: large enough that an upload is not slowed down by the number of reads, and all that is
// ever held of one.
constexpr std::size_t piece_size = 64U << 10U;

Error late_error() {
  return client_error(ErrorKind::request_timeout, 408, "the body did not arrive in time", "request_timeout");
}

Error left_error() { return client_error(ErrorKind::client_gone, 499, "the client left before its request was whole"); }

}  // namespace

BodySource::BodySource(net::Stream& stream, wire::RequestParser& parser, std::string& buffer, std::size_t& held,
                       const config::ClientClocks& clocks, const Clock& clock)
    : stream_(stream), parser_(parser), buffer_(buffer), held_(held), clocks_(clocks), clock_(clock) {}

net::Task<Result<std::string_view>> BodySource::read() {
  parser_.drop_body();
  if (!begun_ && parser_.expects_continue() && held_ == 0) {
    stream_.set_write_deadline(Deadline::in(clocks_.write, clock_.now()));
    const net::IoResult written = co_await stream_.write(net::asio::buffer(wire::continue_response()));
    if (written.error) co_return left_error();
  }
  begun_ = true;
  if (buffer_.size() < piece_size) buffer_.resize(piece_size);
  bool more = held_ == 0;
  while (!over()) {
    if (more) {
      const Result<void> received = co_await receive();
      if (!received) co_return received.error();
    }
    const Result<std::size_t> used = parser_.put(std::string_view(buffer_.data(), held_));
    if (!used) co_return used.error();
    held_ -= *used;
    if (held_ > 0) std::memmove(buffer_.data(), buffer_.data() + *used, held_);
    if (!parser_.body().empty()) break;
    more = true;
  }
  bytes_ += parser_.body().size();
  co_return std::string_view(parser_.body());
}

net::Task<Result<void>> BodySource::receive() {
  if (stopped_) co_return late_error();
  stream_.set_read_deadline(Deadline::in(clocks_.body, clock_.now()));
  const net::IoResult read =
      co_await stream_.read_some(net::asio::buffer(buffer_.data() + held_, buffer_.size() - held_));
  held_ += read.bytes;
  if (!read.error) co_return Result<void>();
  co_return read.error == net::asio::error::timed_out ? late_error() : left_error();
}

void BodySource::stop() {
  stopped_ = true;
  stream_.set_read_deadline(Deadline(TimePoint()));
}

}  // namespace triaged::server
