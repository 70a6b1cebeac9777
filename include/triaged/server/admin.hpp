// The admin listener: GET /healthz, /readyz, /metrics; POST /admin/reload. The first two are open; the rest asks for
// the admin token where one is configured.
#pragma once

#include "triaged/config/settings.hpp"
#include "triaged/observe/metrics.hpp"
#include "triaged/server/session.hpp"

#include <atomic>
#include <functional>
#include <string>

namespace triaged::server {

// Given the outcome as JSON, or why nothing has changed. Called once, on any thread.
using ReloadDone = std::function<void(Result<std::string>)>;

// Everything outlives the handler.
struct AdminFacts {
  config::Secret token;
  const observe::Metrics& metrics;
  const std::atomic<bool>& ready;  // false before start-up has ended and while draining
  std::function<void(ReloadDone)> reload;
};

class Admin final : public Handler {
 public:
  explicit Admin(AdminFacts facts);
  net::Task<void> handle(Turn& turn) override;
  void refused(const Error& error) override;

 private:
  struct Answer;
  Answer look(std::string_view path) const;  // GET
  net::Task<Answer> reload();
  Result<void> allow(std::string_view path, const wire::Headers& headers) const;

  AdminFacts facts_;
};

}  // namespace triaged::server
