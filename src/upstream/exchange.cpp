#include "triaged/upstream/exchange.hpp"

#include <boost/asio/error.hpp>

#include <utility>

namespace triaged::upstream {
namespace {

// What the bytes of one read may come to: some hundred times what they are.
constexpr std::size_t most_unpacked = 8U << 20U;

std::string_view sentence(ErrorKind late) {
  switch (late) {
    case ErrorKind::head_timeout: return "the provider sent no response in time";
    case ErrorKind::first_content_timeout: return "the provider sent no content in time";
    case ErrorKind::idle_timeout: return "the provider stopped sending";
    default: return "the provider took too long";
  }
}

}  // namespace

Exchange::Exchange(Lease lease, PackedBody packed_body)
    : lease_(std::move(lease)), packed_body_(packed_body), reused_(lease_.reused()) {
  lease_->parser.reset();
}

net::Task<Result<void>> Exchange::send(net::Buffers buffers, Deadline deadline) {
  net::Stream& stream = lease_->stream;
  stream.set_write_deadline(deadline);
  const net::IoResult written = co_await stream.write(buffers);
  if (written.bytes > 0) progress_ = Progress::request_sent;
  if (!written.error) co_return Result<void>();
  if (cancelled_) co_return client_error(ErrorKind::client_gone, 499, "the client left");
  if (written.error == net::asio::error::timed_out) {
    co_return upstream_error(ErrorKind::total_timeout, "the provider did not take the request in time");
  }
  // The other side closed: it may have answered first, and that answer says why.
  if (written.bytes > 0) co_return Result<void>();
  co_return upstream_error(ErrorKind::reset, "the provider closed the connection: " + written.error.message());
}

void Exchange::stop_sending() { lease_->stream.set_write_deadline(Deadline(TimePoint())); }

void Exchange::hurry(Deadline deadline) {
  hurried_ = deadline;
  lease_->stream.set_read_deadline(deadline);
}

net::Task<Result<void>> Exchange::read_head(Deadline deadline, ErrorKind late) {
  hurried_ = Deadline();
  while (!lease_->parser.head_done()) {
    Result<void> received = co_await receive(early_body_, deadline, late);
    if (!received) co_return received;
  }
  progress_ = Progress::response_started;
  co_return begin_body();
}

// An answer may come packed though nobody asked for that.
Result<void> Exchange::begin_body() {
  if (packed_body_ == PackedBody::leave) return {};
  const auto field = headers().find("content-encoding");
  if (!field) return {};
  const Result<std::vector<wire::Coding>> codings = wire::codings_in(*field);
  if (!codings) return upstream_error(ErrorKind::protocol, "the provider packed its answer in a way that is not known");
  if (!codings->empty()) unpacker_ = std::make_unique<wire::Unpacker>(*codings);
  return {};
}

Result<void> Exchange::unpack(std::string& body) {
  const Result<void> put = unpacker_->put(packed_, body, most_unpacked);
  packed_.clear();
  if (!put) {
    const bool bomb = put.error().kind == ErrorKind::too_large;
    return upstream_error(ErrorKind::protocol, bomb ? "the provider's packed answer grows out of all proportion"
                                                    : "the provider's packed answer is damaged");
  }
  const bool has_body = unpacker_->fed();  // a body without a byte was never packed
  if (has_body && lease_->parser.done() && !unpacker_->end()) {
    return upstream_error(ErrorKind::truncated, "the provider's packed answer ended early");
  }
  return {};
}

net::Task<Result<bool>> Exchange::read_body(std::string& body, Deadline deadline, ErrorKind late) {
  std::string& into = unpacker_ ? packed_ : body;
  if (!early_body_.empty()) {
    into.append(early_body_);
    early_body_.clear();
  } else if (!lease_->parser.done()) {
    hurried_ = Deadline();
    Result<void> received = co_await receive(into, deadline, late);
    if (!received) co_return received.error();
  }
  if (unpacker_) {
    Result<void> unpacked = unpack(body);
    if (!unpacked) co_return unpacked.error();
  }
  co_return lease_->parser.done();
}

net::Task<Result<void>> Exchange::receive(std::string& body, Deadline deadline, ErrorKind late) {
  if (cancelled_) co_return client_error(ErrorKind::client_gone, 499, "the client left");
  Connection& connection = *lease_;
  connection.stream.set_read_deadline(deadline.or_sooner(hurried_));
  const net::IoResult read = co_await connection.stream.read_some(connection.space());
  if (cancelled_) co_return client_error(ErrorKind::client_gone, 499, "the client left");
  if (read.error == net::asio::error::timed_out) co_return upstream_error(late, std::string(sentence(late)));
  if (read.error == net::asio::error::eof) co_return connection.parser.put_eof();
  if (read.error) {
    co_return upstream_error(ErrorKind::reset, "the connection to the provider broke: " + read.error.message());
  }
  got_bytes_ = true;
  co_return connection.take(read.bytes, body);
}

void Exchange::cancel() {
  cancelled_ = true;
  lease_->stream.cancel();
}

void Exchange::release() {
  if (cancelled_ || !lease_) return;
  if (!lease_->parser.done()) {
    Pool& pool = lease_.pool();
    pool.drain(std::move(lease_));
    return;
  }
  if (lease_->reusable()) lease_.keep();
}

}  // namespace triaged::upstream
