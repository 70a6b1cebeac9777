// Asks an embedding model at a provider for the vectors of requests, through a side call or from memory, and in the
// background for those of the routes' examples. One per worker and configuration.
#pragma once

#include "triaged/dispatch/dispatcher.hpp"
#include "triaged/dispatch/optional_calls.hpp"
#include "triaged/net/task_group.hpp"
#include "triaged/routing/prompt_memory.hpp"
#include "triaged/routing/upstream_routes.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::dispatch {

class RouteEmbedder {
 public:
  // The settings of `dispatcher`, which outlives it, have `routing.semantic.upstream`. `routes` are shared by workers.
  RouteEmbedder(Dispatcher& dispatcher, routing::UpstreamRoutes& routes);

  // Begins to ask for the vectors of the examples, unless another worker has; goes on until they are there. On the
  // worker's thread.
  void start();
  net::Task<void> stopped();

  // Takes no longer than the timeout. `wake` is given a function that ends the wait; valid until ask() returns.
  net::Task<routing::EmbeddingHint> ask(std::string_view text, RequestId id, SideCosts& costs,
                                        std::function<void()>& wake);

  std::shared_ptr<routing::EmbeddedTexts> make_texts() const;  // without a text
  // Adds the vectors of all texts that are not there yet, with ever longer pauses after failures. Error: the last of
  // `patience` in a row, or client_gone after stopped().
  net::Task<Result<void>> learn(std::span<const std::string> texts, std::size_t patience, routing::EmbeddedTexts& into);

 private:
  using Timer = net::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                net::asio::wait_traits<std::chrono::steady_clock>, net::Executor>;

  net::Task<void> load();
  net::Task<Result<void>> learn_some(std::span<const std::string> texts, routing::EmbeddedTexts& into);
  void publish(std::shared_ptr<const routing::EmbeddedTexts> texts);

  Dispatcher& dispatcher_;
  const config::Semantic& semantic_;
  const config::UpstreamEmbedder& settings_;
  routing::UpstreamRoutes& shared_;
  std::shared_ptr<const routing::SemanticRoutes> routes_;  // null: not there when last looked for
  routing::PromptMemory<std::vector<float>> vectors_;
  OptionalCalls calls_;

  net::TaskGroup tasks_;
  Timer timer_;                 // until the examples are asked for again
  std::function<void()> wake_;  // ends a call for them
  bool stopping_ = false;
};

}  // namespace triaged::dispatch
