// One attempt: connect, send, read the head, then the answer whole or streamed. Thin: what the facts mean is decided in
// relay, retry_rules and the provider's codec.
#include "dispatch/attempt_facts.hpp"
#include "dispatch/request_run.hpp"
#include "dispatch/waiting.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace triaged::dispatch {
namespace {

constexpr std::size_t error_body_limit = 64U << 10U;

Deadline limit(Duration clock, TimePoint from) { return Deadline::in(clock, from); }

bool is_event_stream(const wire::Headers& headers) {
  const auto type = headers.find("content-type");
  return type && type->substr(0, 17) == "text/event-stream";
}

}  // namespace

net::Task<void> RequestRun::attempt(Attempt& attempt) {
  attempt.started = now();
  const config::Target& target = target_of(attempt);
  upstream::Pool& pool = *state_.pools[target.provider];
  const Deadline connected =
      limit(target.clocks.connect, attempt.started).or_sooner(limit(target.clocks.total, attempt.started));
  const auto use = attempt.fresh ? upstream::Pool::Use::fresh : upstream::Pool::Use::any;
  Result<upstream::Lease> lease = Error();
  {
    const Waiting waiting(*state_.environment.clock, waited_);
    lease = co_await pool.acquire(connected, use, wake_);
  }
  if (!lease) {
    fail(attempt, nullptr, lease.error());
    co_return;
  }
  upstream::Exchange current(std::move(*lease));
  wake_ = [&current] { current.cancel(); };
  co_await exchange(attempt, current);
  wake_ = nullptr;
}

net::Task<void> RequestRun::exchange(Attempt& attempt, upstream::Exchange& exchange) {
  const config::Target& target = target_of(attempt);
  const provider::Provider& provider = *state_.providers[target.provider];
  const Deadline total = limit(target.clocks.total, attempt.started);
  const provider::Outgoing outgoing = provider.build(job_.request, job_.body, job_.client_headers, target);

  std::array<net::asio::const_buffer, 16> inline_buffers;
  std::vector<net::asio::const_buffer> many;
  const std::size_t count = outgoing.body.size() + 1;
  if (count > inline_buffers.size()) many.resize(count);
  net::asio::const_buffer* buffers = many.empty() ? inline_buffers.data() : many.data();
  buffers[0] = net::asio::buffer(outgoing.head);
  for (std::size_t i = 1; i < count; ++i) buffers[i] = net::asio::buffer(outgoing.body[i - 1]);
  const net::Buffers pieces(buffers, count);
  {
    const Waiting waiting(*state_.environment.clock, waited_);
    const Result<void> sent = co_await exchange.send(pieces, total);
    if (!sent) {
      fail(attempt, &exchange, sent.error());
      co_return;
    }
  }
  attempt.sent = now();

  // A streamed answer owes its head no later than its first content; a whole one may think first.
  Deadline head = limit(target.clocks.head, attempt.sent).or_sooner(total);
  if (job_.request.stream) head = head.or_sooner(limit(target.clocks.first_content, attempt.sent));
  {
    const Waiting waiting(*state_.environment.clock, waited_);
    const Result<void> answered = co_await exchange.read_head(head, ErrorKind::head_timeout);
    if (!answered) {
      fail(attempt, &exchange, answered.error());
      co_return;
    }
  }
  if (exchange.status() < 200 || exchange.status() > 299) {
    co_await upstream_refused(attempt, exchange);
    co_return;
  }
  if (job_.request.stream && is_event_stream(exchange.headers())) {
    co_await streamed_answer(attempt, exchange);
    co_return;
  }
  co_await whole_answer(attempt, exchange);
}

net::Task<void> RequestRun::upstream_refused(Attempt& attempt, upstream::Exchange& exchange) {
  const config::Target& target = target_of(attempt);
  const provider::Provider& provider = *state_.providers[target.provider];
  std::string body;
  bool over = false;
  while (!over && body.size() < error_body_limit) {
    const Waiting waiting(*state_.environment.clock, waited_);
    const Deadline deadline = limit(target.clocks.idle, now()).or_sooner(limit(target.clocks.total, attempt.started));
    const Result<bool> read = co_await exchange.read_body(body, deadline, ErrorKind::idle_timeout);
    if (!read) break;  // the status alone says enough
    over = *read;
  }
  const auto type = exchange.headers().find("content-type");
  UpstreamAnswer answer;
  answer.status = exchange.status();
  answer.content_type = type ? std::string(*type) : "application/json";
  attempt.said = provider.read_failure(exchange.status(), exchange.headers(), body, state_.environment.clock->wall());
  answer.body = std::move(body);
  attempt.upstream_answer = std::move(answer);
  Error error = upstream_error(ErrorKind::upstream_status, attempt.said->message);
  error.status = exchange.status();
  fail(attempt, &exchange, error);
  if (over) exchange.release();
}

net::Task<void> RequestRun::whole_answer(Attempt& attempt, upstream::Exchange& exchange) {
  const config::Target& target = target_of(attempt);
  const provider::Provider& provider = *state_.providers[target.provider];
  const Deadline total = limit(target.clocks.total, attempt.started);
  std::string body;
  bool over = false;
  while (!over) {
    const Waiting waiting(*state_.environment.clock, waited_);
    const Deadline deadline = limit(target.clocks.idle, now()).or_sooner(total);
    const Result<bool> read = co_await exchange.read_body(body, deadline, ErrorKind::idle_timeout);
    if (!read) {
      fail(attempt, &exchange, read.error());
      co_return;
    }
    over = *read;
    if (body.size() > state_.settings.server.limits.answer) {
      fail(attempt, &exchange,
           upstream_error(ErrorKind::protocol, "the provider's answer is larger than limits.answer"));
      co_return;
    }
  }
  attempt.first_content = now() - attempt.sent;
  const Result<chat::Answer> answer = provider.decode_answer(body);
  if (!answer || job_.request.stream) {
    // Also a whole answer where a stream was asked for: the client could not read it.
    fail(attempt, &exchange,
         answer ? upstream_error(ErrorKind::protocol, "the provider answered a streamed request without a stream")
                : answer.error());
    attempt.said = provider.read_failure(502, exchange.headers(), body, state_.environment.clock->wall());
    exchange.release();
    co_return;
  }
  attempt.usage = answer->usage;
  attempt.characters = answer->characters;
  attempt.answered_model = answer->model;
  state_.health[job_.plan.candidates[attempt.candidate].target].breaker.on_success(now());
  answered_by_ = attempt.candidate;
  finished_.first_content = attempt.first_content;
  book(attempt, ledger::Outcome::answered);
  settle(200, true);  // in the journal before the client has a byte
  const AnswerInfo what = info(&attempt, &exchange);
  const Result<void> told = co_await reply_.answer(what, body);
  if (!told) gone_ = true;
  exchange.release();
}

net::Task<void> RequestRun::streamed_answer(Attempt& attempt, upstream::Exchange& exchange) {
  const config::Target& target = target_of(attempt);
  Relay relay(state_.providers[target.provider]->make_stream_decoder(), state_.settings.server.limits.event);
  AnswerInfo begun = info(&attempt, &exchange);
  begun.running = true;
  begun.cost.reset();
  reply_.begin_stream(begun);

  const Result<void> pumped = co_await pump(attempt, exchange, relay);
  attempt.usage = relay.usage();
  attempt.characters = relay.characters();
  attempt.answered_model = relay.model();
  if (!pumped) {
    fail(attempt, &exchange, pumped.error());
    attempt.failure.committed = relay.has_content();
    if (!relay.error_event().empty()) {
      attempt.said = state_.providers[target.provider]->read_failure(500, exchange.headers(), relay.error_event(),
                                                                     state_.environment.clock->wall());
      attempt.failure.failure_class = attempt.said->failure_class;
      attempt.failure.retry_after = attempt.said->retry_after;
    }
    if (attempt.failure.committed && !gone_) {
      const Result<void> ignored = co_await reply_.break_stream(*attempt.error);
      static_cast<void>(ignored);
    }
    co_return;
  }
  state_.health[job_.plan.candidates[attempt.candidate].target].breaker.on_success(now());
  answered_by_ = attempt.candidate;
  finished_.first_content = attempt.first_content;
  book(attempt, ledger::Outcome::answered);
  settle(200, true);  // in the journal before the client has the last byte
  const AnswerInfo ended = info(&attempt, &exchange);
  const Result<void> told = co_await reply_.end_stream(ended);
  if (!told) gone_ = true;
  exchange.release();
}

// Moves the stream until it is complete. What the last read brought is not flushed: it goes out with the end.
net::Task<Result<void>> RequestRun::pump(Attempt& attempt, upstream::Exchange& exchange, Relay& relay) {
  const config::Clocks& clocks = target_of(attempt).clocks;
  const Deadline total = limit(clocks.total, attempt.started);
  std::string bytes;
  while (true) {
    bytes.clear();
    const bool first = !relay.has_content();
    const Deadline deadline =
        (first ? limit(clocks.first_content, attempt.sent) : limit(clocks.idle, now())).or_sooner(total);
    const ErrorKind late = deadline.at() == total.at() ? ErrorKind::total_timeout
                           : first                     ? ErrorKind::first_content_timeout
                                                       : ErrorKind::idle_timeout;
    Result<bool> read = false;
    {
      const Waiting waiting(*state_.environment.clock, waited_);
      read = co_await exchange.read_body(bytes, deadline, late);
    }
    if (!read) {
      // What came before the break is the client's; a break right behind the end is none.
      co_return relay.complete() ? Result<void>() : Result<void>(read.error());
    }
    Result<void> put = relay.put(bytes, reply_);
    if (!put) co_return put;
    if (first && relay.has_content()) attempt.first_content = now() - attempt.sent;
    if (*read && !relay.complete()) {
      Result<void> ended = relay.end();
      if (!ended) co_return ended;
    }
    if (relay.complete()) co_return Result<void>();
    if (!relay.has_content()) continue;
    const Waiting waiting(*state_.environment.clock, waited_);
    Result<void> flushed = co_await reply_.flush();
    if (!flushed) {
      gone_ = true;
      co_return flushed;
    }
  }
}

void RequestRun::fail(Attempt& attempt, const upstream::Exchange* exchange, const Error& error) {
  attempt.error = error;
  note_failure(attempt.failure, error, exchange, attempt.said);
  if (!gone_) return;
  attempt.failure.kind = ErrorKind::client_gone;
  attempt.failure.blame = Blame::client;
}

}  // namespace triaged::dispatch
