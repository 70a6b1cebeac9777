#include "dispatch/pass_run.hpp"

#include "triaged/wire/head_writer.hpp"

#include "dispatch/attempt_facts.hpp"
#include "dispatch/pass_rules.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace triaged::dispatch {
namespace {

constexpr std::chrono::seconds patrol_pace{1};

Error left_error() { return client_error(ErrorKind::client_gone, 499, "the client left"); }

}  // namespace

PassRun::PassRun(Dispatcher::State& state, const PassJob& job, PassClient& client)
    : state_(state),
      job_(job),
      client_(client),
      uploads_(state.environment.executor),
      patrol_timer_(state.environment.executor),
      left_(client.client_gone()) {
  if (!left_) client_.on_client_gone([this] { client_left(); });
}

PassRun::~PassRun() { client_.on_client_gone(nullptr); }

net::Task<Passed> PassRun::run() {
  const Result<void> held = co_await hold_small_body();
  if (left_ || !held) {
    give_up(left_ ? left_error() : held.error());
    co_return passed_;
  }
  bool fresh = false;
  bool on = true;
  while (on) {
    co_await attempt(fresh);
    on = co_await go_on(fresh);
  }
  co_return passed_;
}

// What streams is not: only its beginning could be held.
net::Task<Result<void>> PassRun::hold_small_body() {
  if (!has_body() || !job_.length || *job_.length > held_body) co_return Result<void>();
  std::string body;
  while (!client_.all_read()) {
    const Result<std::string_view> piece = co_await client_.read();
    if (!piece) co_return piece.error();
    body.append(*piece);
  }
  held_ = std::move(body);
  client_.look_for_client();
  co_return Result<void>();
}

net::Task<void> PassRun::attempt(bool fresh) {
  current_ = Attempt();
  current_.started = now();
  exchange_.reset();
  // A connection that was kept may turn out to be closed, and what streams cannot be sent twice.
  const auto use = fresh || streams() ? upstream::Pool::Use::fresh : upstream::Pool::Use::any;
  const Deadline connected = Deadline::in(clocks().connect, current_.started);
  Result<upstream::Lease> lease = co_await state_.pools[job_.provider]->acquire(connected, use, wake_);
  if (!lease) {
    fail(lease.error());
    co_return;
  }
  exchange_.emplace(std::move(*lease), upstream::PackedBody::leave);
  wake_ = [this] { exchange_->cancel(); };
  if (left_)
    fail(left_error());
  else
    co_await exchange();
  wake_ = nullptr;
}

net::Task<void> PassRun::exchange() {
  const Result<void> sent = co_await send_head();
  if (!sent) {
    fail(sent.error());
    co_return;
  }
  if (streams()) {
    uploading_ = true;
    patrolling_ = true;
    uploads_.spawn("upload", upload());
    uploads_.spawn("upload's patrol", patrol());
  }
  // Until the request is whole there is nothing to wait for in vain; the end of the upload sets the clock.
  const Deadline head = uploading_ ? Deadline() : Deadline::in(clocks().head, now());
  const Result<void> answered = co_await exchange_->read_head(head, ErrorKind::head_timeout);
  co_await end_upload();
  if (!answered)
    fail(upload_error_ ? *upload_error_ : answered.error());
  else
    co_await relay();
}

net::Task<Result<void>> PassRun::send_head() {
  const provider::Passing passing{job_.method,  job_.path,   job_.headers,
                                  job_.chunked, job_.length, state_.environment.clock->wall()};
  const std::string head = state_.providers[job_.provider]->build_passed(passing);
  const std::array<net::asio::const_buffer, 2> buffers{net::asio::buffer(head),
                                                       held_ ? net::asio::buffer(*held_) : net::asio::const_buffer()};
  const Deadline deadline = Deadline::in(clocks().idle, now());
  Result<void> sent = co_await exchange_->send(net::Buffers(buffers), deadline);
  co_return sent;
}

net::Task<void> PassRun::upload() {
  while (!stopped_ && !client_.all_read()) {
    const Result<std::string_view> piece = co_await client_.read();
    if (stopped_) break;
    if (!piece) {
      upload_error_ = piece.error();
      exchange_->cancel();
      break;
    }
    taken_ = true;
    const bool last = client_.all_read();
    const Result<void> sent = co_await send_piece(*piece, last);
    if (stopped_) break;
    if (!sent) {
      // Whoever stops taking the body may have answered before; a silent one has had its time.
      const bool late = sent.error().kind == ErrorKind::total_timeout;
      if (late) upload_error_ = upstream_error(ErrorKind::idle_timeout, "the provider stopped taking the body");
      exchange_->hurry(late ? Deadline(now()) : Deadline::in(clocks().idle, now()));
      break;
    }
    if (!last) continue;
    uploaded_ = true;
    exchange_->hurry(Deadline::in(clocks().head, now()));
  }
  uploading_ = false;
}

// The clock is that of progress: a piece is small, and a long upload that moves is never cut.
net::Task<Result<void>> PassRun::send_piece(std::string_view piece, bool last) {
  std::array<net::asio::const_buffer, 3> buffers;
  std::size_t count = 0;
  if (job_.chunked && !piece.empty()) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), piece.size(), 16);
    size_line_.assign(digits.data(), end.ptr).append("\r\n");
    buffers[count++] = net::asio::buffer(size_line_);
  }
  buffers[count++] = net::asio::buffer(piece);
  constexpr std::string_view behind_data = "\r\n";
  constexpr std::string_view behind_all = "\r\n0\r\n\r\n";
  if (job_.chunked && piece.empty())
    buffers[count++] = net::asio::buffer(wire::last_chunk());
  else if (job_.chunked)
    buffers[count++] = net::asio::buffer(last ? behind_all : behind_data);
  const Deadline deadline = Deadline::in(clocks().idle, now());
  Result<void> sent = co_await exchange_->send(net::Buffers(buffers.data(), count), deadline);
  co_return sent;
}

// A provider may be slower than the client, who then cannot be told from one that left.
net::Task<void> PassRun::patrol() {
  while (patrolling_) {
    patrol_timer_.expires_after(patrol_pace);
    co_await patrol_timer_.async_wait(net::as_result);
    if (patrolling_) client_.look_for_client();
  }
}

net::Task<void> PassRun::end_upload() {
  if (uploading_) {
    stopped_ = true;
    client_.stop_reading();
    exchange_->stop_sending();
  }
  const bool patrolled = std::exchange(patrolling_, false);
  patrol_timer_.cancel();
  co_await uploads_.wait();
  if (patrolled) client_.look_for_client();
}

net::Task<void> PassRun::relay() {
  current_.status = exchange_->status();
  client_.begin(current_.status, exchange_->headers());
  passed_.begun = true;
  Result<void> told;
  if (!exchange_->has_more_at_hand())
    told = co_await client_.send(std::string_view(), false);  // the head does not wait for a body
  std::string bytes;
  bool over = false;
  while (told && !over) {
    bytes.clear();
    const Deadline deadline = Deadline::in(clocks().idle, now());
    const Result<bool> got = co_await exchange_->read_body(bytes, deadline, ErrorKind::idle_timeout);
    if (!got) {
      fail(got.error());
      co_return;
    }
    over = *got;
    if (bytes.empty() && !over) continue;
    if (over) conclude();  // in the journal before the client has the last byte
    told = co_await client_.send(bytes, over);
  }
  if (!told && !over) fail(left_error());
  if (!told) {
    passed_.client_gone = true;
    co_return;
  }
  if (uploaded_ || !streams()) exchange_->release();
}

net::Task<bool> PassRun::go_on(bool& fresh) {
  if (!current_.error) co_return false;
  PassState where;
  where.method = job_.method;
  where.at_hand = !taken_ && !stopped_;
  where.attempts = static_cast<std::uint32_t>(passed_.attempts) + 1;
  where.random = state_.random.unit();
  const Verdict verdict = after_pass_failure(current_.failure, where, state_.settings.retry);
  fresh = verdict.next == Next::fresh_connection;
  if (fresh && !left_) co_return true;
  if (verdict.next == Next::same_target && !left_) {
    book(ledger::Outcome::failed, name(current_.failure.kind));
    co_await pause(verdict.wait);
    if (!left_) co_return true;
    current_.error.reset();  // is booked
  }
  give_up(left_ ? left_error() : *current_.error);
  co_return false;
}

net::Task<void> PassRun::pause(Duration wait) {
  Timer timer(state_.environment.executor, std::chrono::duration_cast<std::chrono::steady_clock::duration>(wait));
  wake_ = [&timer] { timer.cancel(); };
  co_await timer.async_wait(net::as_result);
  wake_ = nullptr;
}

void PassRun::client_left() {
  left_ = true;
  if (wake_) wake_();
}

void PassRun::fail(const Error& error) {
  if (error.kind == ErrorKind::client_gone) left_ = true;
  current_.error = left_ ? left_error() : error;
  note_failure(current_.failure, *current_.error, exchange_ ? &*exchange_ : nullptr, std::nullopt);
}

}  // namespace triaged::dispatch
