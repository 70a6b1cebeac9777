#include "triaged/dispatch/route_embedder.hpp"

#include "triaged/base/log.hpp"
#include "triaged/base/text.hpp"
#include "triaged/provider/own_embeddings.hpp"

#include "dispatch/dispatcher_state.hpp"
#include "dispatch/side_call.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace triaged::dispatch {
namespace {

// Of one call: what every provider takes.
constexpr std::size_t most_texts = 16;
// Nobody waits for the examples.
constexpr Duration examples_timeout = std::chrono::seconds(30);
constexpr Duration shortest_pause = std::chrono::milliseconds(100);
constexpr Duration longest_pause = std::chrono::minutes(1);

std::vector<std::string> examples_of(const config::Semantic& semantic) {
  std::vector<std::string> examples;
  for (const config::SemanticRoute& route : semantic.routes) {
    examples.insert(examples.end(), route.examples.begin(), route.examples.end());
  }
  return examples;
}

}  // namespace

RouteEmbedder::RouteEmbedder(Dispatcher& dispatcher, routing::UpstreamRoutes& routes)
    : dispatcher_(dispatcher),
      semantic_(dispatcher.state().settings.routing.semantic),
      settings_(*semantic_.upstream),
      shared_(routes),
      vectors_(settings_.cache),
      calls_(dispatcher, "the upstream embedder"),
      tasks_(dispatcher.state().environment.executor),
      timer_(dispatcher.state().environment.executor) {}

void RouteEmbedder::start() {
  if (!semantic_.routes.empty() && shared_.claim()) tasks_.spawn("examples of routes", load());
}

net::Task<void> RouteEmbedder::stopped() {
  stopping_ = true;
  timer_.cancel();
  if (wake_) wake_();
  return tasks_.wait();
}

net::Task<routing::EmbeddingHint> RouteEmbedder::ask(std::string_view text, RequestId id, SideCosts& costs,
                                                     std::function<void()>& wake) {
  const Environment& environment = dispatcher_.state().environment;
  routing::EmbeddingHint hint;
  if (!routes_) routes_ = shared_.find();
  if (!routes_) {
    hint.result = "loading";
    environment.metrics->embedder_call("request", hint.result);
    co_return hint;
  }
  const std::vector<std::string> sent(1, routing::text_to_embed(text));
  if (const std::vector<float>* const known = vectors_.find(sent.front())) {
    hint.result = "cached";
    hint.routes = routes_;
    hint.vector = *known;
    environment.metrics->embedder_call("request", hint.result);
    co_return hint;
  }
  SideQuestion question;
  question.purpose = ledger::Purpose::embedder;
  question.id = id;
  question.deadline = Deadline::in(settings_.timeout, environment.clock->now());
  question.embedder = settings_.target;
  question.texts = sent;
  question.dimensions = settings_.dimensions;
  const OptionalCalls::Read read = [this, &hint](const SideAnswer& answer) -> Result<void> {
    Result<std::vector<std::vector<float>>> vectors = provider::read_own_embeddings(answer.text, 1);
    if (!vectors) return vectors.error();
    hint.vector = std::move(vectors->front());
    return routing::make_comparable(hint.vector, routes_->embedder().dimensions());
  };
  hint.result = co_await calls_.make(question, read, costs, wake);
  environment.metrics->embedder_call("request", hint.result);
  if (hint.result != "used") co_return hint;
  hint.routes = routes_;
  vectors_.remember(sent.front(), hint.vector);
  co_return hint;
}

std::shared_ptr<routing::EmbeddedTexts> RouteEmbedder::make_texts() const {
  return std::make_shared<routing::EmbeddedTexts>(settings_.name, semantic_.threshold.value_or(1),
                                                  static_cast<std::size_t>(settings_.dimensions));
}

// All in one call.
net::Task<Result<void>> RouteEmbedder::learn_some(std::span<const std::string> texts, routing::EmbeddedTexts& into) {
  Dispatcher::State& state = dispatcher_.state();
  std::vector<std::string> sent;
  for (const std::string& text : texts) sent.push_back(routing::text_to_embed(text));
  SideCosts costs;
  SideQuestion question;
  question.purpose = ledger::Purpose::embedder;
  question.id = RequestId::make(state.environment.clock->wall(), state.random.next(), state.random.next());
  question.deadline = Deadline::in(examples_timeout, state.environment.clock->now());
  question.embedder = settings_.target;
  question.texts = sent;
  question.dimensions = settings_.dimensions;
  SideCall call(state, question, costs, wake_);
  const Result<SideAnswer> answer = co_await call.run();
  wake_ = nullptr;
  if (!answer) {
    state.environment.metrics->embedder_call("examples", call.late() ? "late" : "failed");
    co_return answer.error();
  }
  Result<std::vector<std::vector<float>>> vectors = provider::read_own_embeddings(answer->text, texts.size());
  Result<void> learnt = vectors ? Result<void>() : Result<void>(vectors.error());
  for (std::size_t i = 0; learnt && i < texts.size(); ++i) learnt = into.add(texts[i], std::move((*vectors)[i]));
  state.environment.metrics->embedder_call("examples", learnt ? "used" : "invalid");
  co_return learnt;
}

net::Task<Result<void>> RouteEmbedder::learn(std::span<const std::string> texts, std::size_t patience,
                                             routing::EmbeddedTexts& into) {
  std::vector<std::string> missing;
  std::copy_if(texts.begin(), texts.end(), std::back_inserter(missing),
               [&into](const std::string& text) { return !into.knows(text) && !trim(text).empty(); });
  const Duration first_pause = std::max(shortest_pause, dispatcher_.state().settings.retry.backoff);
  Duration pause = first_pause;
  std::size_t failures = 0;
  bool told = false;
  for (std::size_t done = 0; done < missing.size();) {
    const std::size_t count = std::min(most_texts, missing.size() - done);
    const Result<void> learnt = co_await learn_some(std::span(missing).subspan(done, count), into);
    if (learnt) {
      done += count;
      failures = 0;
      pause = first_pause;
      continue;
    }
    if (stopping_ || ++failures == patience) co_return learnt;
    if (!std::exchange(told, true)) {
      log_warn("the upstream embedder has no vectors for texts that it is asked for in advance; it is asked again",
               {{"embedder", settings_.name}, {"error", learnt.error().detail}});
    }
    timer_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(pause));
    co_await timer_.async_wait(net::as_result);
    if (stopping_) co_return learnt;
    pause = std::min(pause * 2, longest_pause);
  }
  if (told) log_info("the upstream embedder has told its vectors after all", {{"embedder", settings_.name}});
  co_return Result<void>();
}

net::Task<void> RouteEmbedder::load() {
  const std::vector<std::string> examples = examples_of(semantic_);
  const std::shared_ptr<routing::EmbeddedTexts> texts = make_texts();
  if (shared_.earlier() != nullptr) texts->add_known(examples, shared_.earlier()->embedder());
  const Result<void> learnt = co_await learn(examples, std::numeric_limits<std::size_t>::max(), *texts);
  if (learnt) publish(texts);
}

void RouteEmbedder::publish(std::shared_ptr<const routing::EmbeddedTexts> texts) {
  auto routes = routing::SemanticRoutes::make(semantic_, std::move(texts));
  if (routes) return shared_.set(std::move(*routes));
  log_error("the routes cannot be compared by the upstream embedder", {{"error", routes.error().detail}});
}

}  // namespace triaged::dispatch
