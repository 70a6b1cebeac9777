// A simulated provider within the process: an HTTP server on a port of its own, so that nothing behind the provider's
// codec needs to know that it is not real.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/server/simulator.hpp"

#include "app/site.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace triaged::app {

class SimulatedProvider {
 public:
  // On a free port of the loopback.
  static Result<std::unique_ptr<SimulatedProvider>> bind(net::Runtime& runtime, const server::SessionOptions& sessions,
                                                         const config::Simulation& options);
  const config::Simulation& options() const { return options_; }
  std::uint16_t port() const { return site_->port(); }
  void start() { site_->start(); }
  void stop_listening() { site_->stop_listening(); }
  void terminate() { site_->terminate(); }

 private:
  explicit SimulatedProvider(const config::Simulation& options) : options_(options), desk_(system_clock()) {}

  config::Simulation options_;
  server::SimulatorDesk desk_;
  std::vector<std::unique_ptr<server::Simulator>> simulators_;  // by worker
  std::unique_ptr<Site> site_;
};

}  // namespace triaged::app
