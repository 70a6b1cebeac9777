#include "dispatch/attempt_run.hpp"

#include "dispatch/waiting.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace triaged::dispatch {
namespace {

constexpr std::size_t error_body_limit = 64U << 10U;

// None: what comes is no stream.
std::optional<Framing> framing_of(const wire::Headers& headers) {
  const auto type = headers.find("content-type");
  if (!type) return std::nullopt;
  if (type->starts_with("text/event-stream")) return Framing::sse;
  if (type->starts_with("application/vnd.amazon.eventstream")) return Framing::event_stream;
  return std::nullopt;
}

void add_detail(const chat::AnswerDetail& detail, quality::Given& given) {
  given.tool_calls = detail.tool_calls;
  given.refusal = detail.refusal;
  given.confidence = detail.confidence();
}

quality::Given given_of(const chat::Answer& answer) {
  quality::Given given;
  given.text = answer.text;
  given.finish = answer.finish;
  given.whole = true;
  if (answer.usage) given.output_tokens = answer.usage->total_output();
  return given;
}

Error left_error() { return client_error(ErrorKind::client_gone, 499, "the client left"); }

}  // namespace

AttemptRun::AttemptRun(Dispatcher::State& state, const Order& order, Owner& owner, Duration& waited)
    : state_(state),
      order_(order),
      owner_(owner),
      waited_(waited),
      clock_(state.settings.targets[order.target].clocks, order.request->stream, state.environment.clock->now()),
      key_(state.key_rings[order.target].take(state.environment.clock->now())) {
  facts_.started = clock_.started();
}

net::Task<void> AttemptRun::run() {
  const InFlight in_flight(state_, order_.target);
  state_.on_asked(asked());
  upstream::Pool& pool = *state_.pools[target().provider];
  const auto use = order_.fresh ? upstream::Pool::Use::fresh : upstream::Pool::Use::any;
  Result<upstream::Lease> lease = Error();
  {
    const Waiting waiting(*state_.environment.clock, waited_);
    lease = co_await pool.acquire(clock_.for_connection().until, use, wake_);
  }
  if (!lease) {
    fail(lease.error());
    co_return;
  }
  exchange_.emplace(std::move(*lease));
  wake_ = [this] { exchange_->cancel(); };
  if (lost_ || left_)
    fail(left_error());
  else
    co_await exchange();
  wake_ = nullptr;
  if (left_ && !facts_.error) fail(left_error());
}

net::Task<void> AttemptRun::exchange() {
  const Result<void> sent = co_await send();
  if (!sent) {
    fail(sent.error());
    co_return;
  }
  clock_.on_sent(now());
  {
    const Waiting waiting(*state_.environment.clock, waited_);
    const AttemptClock::Wait wait = clock_.for_head();
    const Result<void> answered = co_await exchange_->read_head(wait.until, wait.late);
    if (!answered) {
      fail(answered.error());
      co_return;
    }
  }
  if (exchange_->status() < 200 || exchange_->status() > 299) {
    co_await refused();
  } else if (const auto framing = framing_of(exchange_->headers()); framing && order_.request->stream) {
    co_await streamed_answer(*framing);
  } else {
    co_await whole_answer();
  }
}

net::Task<Result<void>> AttemptRun::send() {
  const provider::Sending sending{*order_.request, order_.body, *order_.client_headers,
                                  target(),        key_,        state_.environment.clock->wall()};
  const Result<provider::Outgoing> built = provider().build(sending);
  if (!built) co_return built.error();
  const provider::Outgoing& outgoing = *built;
  facts_.dropped = outgoing.dropped;
  std::array<net::asio::const_buffer, 16> inline_buffers;
  std::vector<net::asio::const_buffer> many;
  const std::size_t count = outgoing.body.size() + 1;
  if (count > inline_buffers.size()) many.resize(count);
  net::asio::const_buffer* buffers = many.empty() ? inline_buffers.data() : many.data();
  buffers[0] = net::asio::buffer(outgoing.head);
  for (std::size_t i = 1; i < count; ++i) buffers[i] = net::asio::buffer(outgoing.body[i - 1]);
  const net::Buffers pieces(buffers, count);
  const Waiting waiting(*state_.environment.clock, waited_);
  Result<void> sent = co_await exchange_->send(pieces, clock_.for_sending().until);
  co_return sent;
}

net::Task<Result<bool>> AttemptRun::read(std::string& into) {
  const Waiting waiting(*state_.environment.clock, waited_);
  const AttemptClock::Wait wait = clock_.for_more(now());
  Result<bool> over = co_await exchange_->read_body(into, wait.until.or_sooner(drained_), wait.late);
  co_return over;
}

net::Task<void> AttemptRun::refused() {
  std::string body;
  bool over = false;
  while (!over && body.size() < error_body_limit) {
    const Result<bool> got = co_await read(body);
    if (!got) break;  // the status alone says enough
    over = *got;
  }
  const auto type = exchange_->headers().find("content-type");
  UpstreamAnswer answer;
  answer.status = exchange_->status();
  answer.dialect = codec().dialect();
  answer.content_type = type ? std::string(*type) : "application/json";
  facts_.said =
      provider().read_failure(exchange_->status(), exchange_->headers(), body, state_.environment.clock->wall());
  answer.body = std::move(body);
  facts_.upstream_answer = std::move(answer);
  Error error = upstream_error(ErrorKind::upstream_status, facts_.said->message);
  error.status = exchange_->status();
  fail(error);
  if (over) exchange_->release();
}

net::Task<void> AttemptRun::whole_answer() {
  bool over = false;
  while (!over) {
    const Result<bool> got = co_await read(body_);
    if (!got) {
      fail(got.error());
      co_return;
    }
    over = *got;
    if (body_.size() > state_.settings.server.limits.answer) {
      fail(upstream_error(ErrorKind::protocol, "the provider's answer is larger than limits.answer"));
      co_return;
    }
  }
  facts_.first_content = now() - clock_.sent();
  const Result<chat::Answer> answer = codec().decode_answer(body_);
  if (!answer || order_.request->stream) {
    // Also a whole answer where a stream was asked for: the client could not read it.
    fail(answer ? upstream_error(ErrorKind::protocol, "the provider answered a streamed request without a stream")
                : answer.error());
    facts_.said = provider().read_failure(502, exchange_->headers(), body_, state_.environment.clock->wall());
    exchange_->release();
    co_return;
  }
  facts_.usage = answer->usage;
  facts_.characters = answer->characters;
  facts_.answered_model = answer->model;
  if (order_.gate && !left_ && !lost_) {
    quality::Given given = given_of(*answer);
    if (answer->has_tool_calls || answer->has_refusal || order_.gate->gate->min_confidence > 0) {
      chat::AnswerDetail detail;
      codec().add_answer_detail(body_, detail);
      add_detail(detail, given);
    }
    const Result<void> passed = co_await hold_against_gate(std::move(given));
    if (!passed) {
      fail(passed.error());
      exchange_->release();
      co_return;
    }
  }
  if (!left_ && !owner_.take_answer(*this)) fail(left_error());
}

net::Task<void> AttemptRun::streamed_answer(Framing framing) {
  Door& door = *this;
  relay_.emplace(codec(), framing, state_.settings.server.limits.event, door);
  if (order_.gate) {
    window_.emplace(*order_.gate->gate);
    relay_->hold(state_.settings.server.limits.answer, order_.gate->gate->min_confidence > 0);
  }
  if (left_) relay_->mute();
  const Result<void> pumped = co_await pump();
  facts_.usage = relay_->usage();
  facts_.characters = relay_->characters();
  facts_.answered_model = relay_->model();
  if (pumped) co_return;
  fail(pumped.error());
  facts_.failure.committed = begun() && !left_;
  if (facts_.finding && relay_->complete()) exchange_->release();
  if (relay_->error_event().empty()) co_return;
  facts_.said =
      provider().read_failure(500, exchange_->headers(), relay_->error_event(), state_.environment.clock->wall());
  facts_.failure.failure_class = facts_.said->failure_class;
  facts_.failure.retry_after = facts_.said->retry_after;
}

// Moves the stream until it is complete. What the last read brought is not flushed: it goes out with the end.
net::Task<Result<void>> AttemptRun::pump() {
  while (true) {
    std::string bytes;  // with memory only while there are some: a stream mostly waits
    const bool first = !relay_->has_content();
    const Result<bool> over = co_await read(bytes);
    if (!over) {
      // What came before the break is the client's; a break right behind the end is none.
      const Result<void> ignored = relay_->put(bytes);
      static_cast<void>(ignored);
      co_return relay_->complete() ? Result<void>() : Result<void>(over.error());
    }
    Result<void> put = relay_->put(bytes);
    if (!put) co_return put;
    const TimePoint at = now();
    clock_.on_bytes(relay_->characters(), relay_->has_content(), at);
    if (first && relay_->has_content()) {
      first_content_at_ = at;
      facts_.first_content = at - clock_.sent();
    }
    if (*over && !relay_->complete()) {
      Result<void> ended = relay_->end();
      if (!ended) co_return ended;
    }
    if (relay_->holds() && relay_->has_content()) {
      Result<void> passed = co_await consider(at);
      if (!passed) co_return passed;
    }
    if (relay_->complete()) co_return Result<void>();
    if (!relay_->open() || left_) continue;
    Result<void> flushed = co_await flush();
    if (!flushed) co_return flushed;
  }
}

// What is held of a stream: is it time to look, and may it go?
net::Task<Result<void>> AttemptRun::consider(TimePoint at) {
  quality::Held held;
  held.characters = static_cast<std::int64_t>(relay_->text().size());
  for (const chat::ToolCall& call : relay_->detail().tool_calls) {
    held.characters += static_cast<std::int64_t>(call.arguments.size());
  }
  held.since_first_content = at - first_content_at_;
  held.finished = relay_->complete();
  const quality::WindowStep step = window_->next(held);
  if (step == quality::WindowStep::hold) co_return Result<void>();
  if (step != quality::WindowStep::release) {
    quality::Given given;
    given.text = relay_->text();
    given.finish = relay_->finish();
    given.whole = held.finished;
    if (relay_->usage()) given.output_tokens = relay_->usage()->total_output();
    add_detail(relay_->detail(), given);
    Result<void> passed = co_await hold_against_gate(std::move(given));
    if (!passed || step == quality::WindowStep::look) co_return passed;
  }
  co_return relay_->let_go();
}

// Error: poor_answer, with facts_.finding.
net::Task<Result<void>> AttemptRun::hold_against_gate(quality::Given given) {
  facts_.finding = order_.gate->checker->look(*order_.gate->asked, given);
  if (!facts_.finding && given.whole) facts_.finding = co_await owner_.assess(*this, given, wake_);
  if (!facts_.finding) co_return Result<void>();
  facts_.poor_text = std::move(given.text);
  co_return upstream_error(ErrorKind::poor_answer, facts_.finding->check + ": " + facts_.finding->why);
}

net::Task<Result<void>> AttemptRun::flush() {
  const Waiting waiting(*state_.environment.clock, waited_);
  const TimePoint before = now();
  Result<void> flushed = co_await owner_.flush();
  clock_.on_pause(before, now());
  if (!flushed && !left_) client_left();
  if (left_ && !drained_.never()) co_return Result<void>();  // read on for the usage
  co_return flushed;
}

void AttemptRun::lose() {
  lost_ = true;
  if (wake_) wake_();
}

void AttemptRun::client_left() {
  if (left_) return;
  left_ = true;
  const config::Provider& settings = state_.settings.providers[target().provider];
  const bool sent = exchange_ && exchange_->progress() != Progress::nothing_sent;
  if (settings.on_client_gone == config::OnClientGone::drain && sent) {
    drained_ = Deadline::in(settings.drain, now());
    state_.environment.metrics->measure("drain");
    if (relay_) relay_->mute();
    exchange_->hurry(drained_);
    return;
  }
  if (wake_) wake_();
}

void AttemptRun::fail(const Error& error) {
  facts_.error = error;
  note_failure(facts_.failure, error, exchange_ ? &*exchange_ : nullptr, facts_.said);
  if (!left_ && !lost_) return;
  facts_.failure.kind = ErrorKind::client_gone;
  facts_.failure.blame = Blame::client;
}

}  // namespace triaged::dispatch
