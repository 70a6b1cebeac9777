// The admin listener: GET /healthz, /readyz, /metrics. The first two are open; the rest asks for the admin token where
// one is configured.
#pragma once

#include "triaged/config/settings.hpp"
#include "triaged/observe/metrics.hpp"
#include "triaged/server/session.hpp"

#include <atomic>

namespace triaged::server {

class Admin final : public Handler {
 public:
  // Everything outlives the handler. `ready` is false before start-up has ended and while draining.
  Admin(const config::Settings& settings, const observe::Metrics& metrics, const std::atomic<bool>& ready);
  net::Task<void> handle(Turn& turn) override;
  void refused(const Error& error) override;

 private:
  const config::Settings& settings_;
  const observe::Metrics& metrics_;
  const std::atomic<bool>& ready_;
};

}  // namespace triaged::server
