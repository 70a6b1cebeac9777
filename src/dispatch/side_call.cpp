#include "dispatch/side_call.hpp"

#include "triaged/base/tokens.hpp"
#include "triaged/provider/own_embeddings.hpp"

#include "dispatch/attempt_facts.hpp"
#include "dispatch/waiting.hpp"

#include <algorithm>
#include <utility>

namespace triaged::dispatch {
namespace {

// Answers of a few words, and vectors as text; what is longer is not what was asked for.
constexpr std::size_t largest_chat = 64U << 10U;
constexpr std::size_t largest_vector = 128U << 10U;

}  // namespace

SideCall::SideCall(Dispatcher::State& state, const SideQuestion& question, SideCosts& costs,
                   std::function<void()>& wake)
    : state_(state), question_(question), costs_(costs), wake_(wake), texts_(count_text(question.system)) {
  texts_ += count_text(question.user);
  for (const std::string& text : question.texts) texts_ += count_text(text);
}

net::Task<Result<SideAnswer>> SideCall::run() {
  const Waiting waiting(*state_.environment.clock, costs_.waited);
  const std::optional<std::size_t> target = choose();
  if (!target) {
    const std::string who = question_.embedder
                                ? state_.settings.targets[*question_.embedder].name + " cannot"
                                : "no target of tier " + state_.settings.tiers[question_.tier].name + " can";
    co_return gateway_error(ErrorKind::no_target, 503, who + " be asked now");
  }
  target_ = *target;
  bool fresh = false;
  while (true) {
    Try current;
    current.fresh = fresh;
    co_await attempt(current);
    if (!current.error) {
      state_.on_answered(asked(current), current.first_content);
      SideAnswer answer;
      answer.cost = book(current, ledger::Outcome::answered);
      answer.usage = usage_of(current.usage, nullptr, 0, current.characters);
      answer.text = std::move(current.text);
      co_return answer;
    }
    const bool again = after_failure(current);
    if (!again) co_return *current.error;
    fresh = current.fresh;
  }
}

// The first in the tier's order that can be asked.
std::optional<std::size_t> SideCall::choose() {
  const TimePoint at = now();
  if (question_.embedder) return can_be_asked(*question_.embedder, at) ? question_.embedder : std::nullopt;
  const Demand demand{false, texts_, 0, question_.max_output_tokens};
  for (const Contender& each : state_.arranged(question_.tier, demand)) {
    if (can_be_asked(each.candidate, at)) return each.candidate;
  }
  return std::nullopt;
}

// Neither held back by its provider, nor broken, nor barred for want of a price.
bool SideCall::can_be_asked(std::size_t target, TimePoint at) {
  const bool needs_price = state_.settings.ledger.on_unknown_price == config::OnUnknownPrice::refuse;
  TargetHealth& health = state_.health[target];
  if (health.held_until > at || (needs_price && state_.prices[target] == nullptr)) return false;
  return health.breaker.try_pass(at);
}

provider::OwnRequest SideCall::write() const {
  if (question_.embedder) return provider::write_own_embeddings(question_.texts, question_.dimensions);
  provider::OwnChat chat;
  chat.system = question_.system;
  chat.user = question_.user;
  chat.max_output_tokens = question_.max_output_tokens;
  chat.style = state_.own_styles[target_];
  return provider::write_own_request(chat);
}

std::size_t SideCall::largest_answer() const {
  return question_.embedder ? largest_chat + question_.texts.size() * largest_vector : largest_chat;
}

net::Task<void> SideCall::attempt(Try& current) {
  current.started = now();
  current.key = state_.key_rings[target_].take(current.started);
  const InFlight in_flight(state_, target_);
  state_.on_asked(asked(current));
  const config::Target& target = state_.settings.targets[target_];
  upstream::Pool& pool = *state_.pools[target.provider];
  const Deadline connected = question_.deadline.or_sooner(Deadline::in(target.clocks.connect, current.started));
  const auto use = current.fresh ? upstream::Pool::Use::fresh : upstream::Pool::Use::any;
  Result<upstream::Lease> lease = co_await pool.acquire(connected, use, wake_);
  if (!lease) {
    fail(current, nullptr, lease.error());
    co_return;
  }
  const provider::OwnRequest own = write();
  upstream::Exchange exchange_now(std::move(*lease));
  wake_ = [&exchange_now] { exchange_now.cancel(); };
  co_await exchange(current, exchange_now, own);
  wake_ = nullptr;
}

net::Task<void> SideCall::exchange(Try& current, upstream::Exchange& exchange, const provider::OwnRequest& own) {
  const config::Target& target = state_.settings.targets[target_];
  const wire::Headers none;  // nothing of the client's head
  const provider::Sending sending{own.request, own.body, none, target, current.key, state_.environment.clock->wall()};
  const Result<provider::Outgoing> outgoing = state_.providers[target.provider]->build(sending);
  if (!outgoing) {
    fail(current, &exchange, outgoing.error());
    co_return;
  }
  std::string bytes = outgoing->head;
  for (const std::string_view piece : outgoing->body) bytes.append(piece);
  const net::asio::const_buffer buffer = net::asio::buffer(bytes);
  const Deadline total = question_.deadline.or_sooner(Deadline::in(target.clocks.total, current.started));
  const Result<void> sent = co_await exchange.send(net::Buffers(&buffer, 1), total);
  if (!sent) {
    fail(current, &exchange, sent.error());
    co_return;
  }
  const Deadline head = total.or_sooner(Deadline::in(target.clocks.head, now()));
  const Result<void> answered = co_await exchange.read_head(head, ErrorKind::head_timeout);
  if (!answered) {
    fail(current, &exchange, answered.error());
    co_return;
  }
  co_await read(current, exchange);
}

net::Task<void> SideCall::read(Try& current, upstream::Exchange& exchange) {
  const config::Clocks& clocks = state_.settings.targets[target_].clocks;
  const Deadline total = question_.deadline.or_sooner(Deadline::in(clocks.total, current.started));
  current.status = exchange.status();
  std::string body;
  bool over = false;
  while (!over) {
    const Deadline deadline = total.or_sooner(Deadline::in(clocks.idle, now()));
    const Result<bool> got = co_await exchange.read_body(body, deadline, ErrorKind::idle_timeout);
    if (!got) {
      fail(current, &exchange, got.error());
      co_return;
    }
    over = *got;
    if (body.size() > largest_answer()) {
      fail(current, &exchange, upstream_error(ErrorKind::protocol, "the answer to a side call is too large"));
      co_return;
    }
  }
  current.first_content = now() - current.started;
  take(current, exchange, std::move(body));
  exchange.release();
}

void SideCall::take(Try& current, upstream::Exchange& exchange, std::string body) {
  const provider::Provider& provider = *state_.providers[state_.settings.targets[target_].provider];
  const WallTime wall = state_.environment.clock->wall();
  if (current.status < 200 || current.status > 299) {
    current.said = provider.read_failure(current.status, exchange.headers(), body, wall);
    Error error = upstream_error(ErrorKind::upstream_status, current.said->message);
    error.status = current.status;
    fail(current, &exchange, error);
    return;
  }
  const auto dialect = question_.embedder ? chat::Dialect::openai_embeddings : chat::Dialect::openai_chat;
  const Result<chat::Answer> answer = provider.codec(dialect).decode_answer(body);
  if (!answer) {
    fail(current, &exchange, answer.error());
    return;
  }
  current.usage = answer->usage;
  current.characters = answer->characters;
  current.answered_model = answer->model;
  current.text = question_.embedder ? std::move(body) : std::string(answer->text);  // the answer's views end here
}

void SideCall::fail(Try& current, const upstream::Exchange* exchange, const Error& error) {
  current.error = error;
  late_ = error.kind != ErrorKind::client_gone && question_.deadline.passed(now());
  note_failure(current.failure, error, exchange, current.said);
}

bool SideCall::after_failure(Try& current) {
  if (late_ || current.failure.kind == ErrorKind::client_gone) {
    state_.on_unjudged(asked(current));
    book(current, ledger::Outcome::cancelled);
    return false;
  }
  AttemptState where;
  where.other_target_left = true;  // who made the call goes on without its answer: nothing is waited for
  where.other_key_left = state_.key_rings[target_].other_left(current.key, now());
  where.resets_fresh = state_.health[target_].resets_fresh;
  where.left = question_.deadline.left(now());
  const Verdict verdict = dispatch::after_failure(current.failure, where, state_.settings.retry);
  state_.on_failed(asked(current), current.failure, verdict);
  if (verdict.next == Next::fresh_connection && !current.fresh) {
    current.fresh = true;
    return true;
  }
  book(current, ledger::Outcome::failed);
  if (verdict.next == Next::same_target) return !std::exchange(rekeyed_, true);
  if (question_.embedder) return false;
  provider::OwnStyle& style = state_.own_styles[target_];
  const provider::OwnStyle used = style;
  if (current.said) style = provider::style_after(used, *current.said);
  return style != used && !std::exchange(restyled_, true);
}

std::optional<NanoDollars> SideCall::book(const Try& current, ledger::Outcome outcome) {
  AttemptEnd end;
  end.target = target_;
  end.tier = question_.embedder ? state_.settings.tiers.size() : question_.tier;
  end.purpose = question_.purpose;
  end.outcome = outcome;
  end.answered_model = current.answered_model;
  end.first_content = current.first_content;
  end.duration = now() - current.started;
  if (current.error) {
    end.error = current.failure.failure_class ? name(*current.failure.failure_class) : name(current.failure.kind);
    if (current.status > 299) end.upstream_status = current.status;
  }
  const std::int64_t input = estimate_tokens(texts_, state_.settings.targets[target_].tokenizer);
  end.usage = usage_of(current.usage, current.error ? &current.failure : nullptr, input, current.characters);
  const ledger::Entry row = make_row(state_, question_.id, costs_.rows++, end);
  write_row(state_, row);
  if (row.cost)
    costs_.known_cost += *row.cost;
  else
    costs_.cost_known = false;
  return row.cost;
}

}  // namespace triaged::dispatch
