// The simulated provider as an HTTP server: plays the scripts of provider::simulate() with their waits. Used by
// `triaged simulate` and, inside the daemon, by providers of dialect `simulated`.
#pragma once

#include "triaged/config/settings.hpp"
#include "triaged/provider/simulated.hpp"
#include "triaged/server/session.hpp"
#include "triaged/server/simulator_desk.hpp"

#include <cstdint>

namespace triaged::server {

class Simulator final : public Handler {
 public:
  Simulator(net::Executor executor, config::Simulation options, SimulatorDesk& desk);  // the desk outlives it
  net::Task<void> handle(Turn& turn) override;
  void refused(const Error& error) override;

 private:
  net::Task<bool> wait(Turn& turn, Duration time);                   // false: the client left
  net::Task<bool> play(Turn& turn, const provider::Script& script);  // false: the client left before its end

  net::Executor executor_;
  config::Simulation options_;
  SimulatorDesk& desk_;
};

}  // namespace triaged::server
