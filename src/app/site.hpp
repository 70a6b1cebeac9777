// One listener with the sessions of every worker behind it.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/net/blocking.hpp"
#include "triaged/net/listener.hpp"
#include "triaged/net/runtime.hpp"
#include "triaged/server/session.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace triaged::app {

// Built and destroyed on the main thread while the workers do not run, or by post_and_wait(); sessions are only touched
// on their worker's thread.
class Site {
 public:
  // `handler(i)` serves worker i and outlives the site.
  Site(net::Runtime& runtime, const server::SessionOptions& options,
       const std::function<server::Handler&(std::size_t)>& handler);

  Result<void> bind(const config::Address& address, net::Listener::Load load);
  std::uint16_t port() const { return listener_->port(); }
  void start() { listener_->start(); }
  void finish_listening() { listener_->finish(); }  // who has connected is still served
  void stop_listening() { listener_->stop(); }

  // Not to be called on a worker's thread:
  void drain();      // blocks until every worker has been told
  void terminate();  // likewise, and until every session has ended
  std::size_t connections();

 private:
  net::Runtime& runtime_;
  std::vector<std::unique_ptr<server::Sessions>> sessions_;  // by worker
  std::unique_ptr<net::Listener> listener_;
};

}  // namespace triaged::app
