#include "triaged/app/daemon.hpp"
#include "triaged/server/simulator.hpp"

#include "app/site.hpp"

#include <utility>
#include <vector>

namespace triaged::app {

struct SimulatorDaemon::State {
  explicit State(std::size_t workers) : desk(system_clock()), runtime(std::make_unique<net::Runtime>(workers)) {}
  server::SimulatorDesk desk;
  std::unique_ptr<net::Runtime> runtime;
  std::vector<std::unique_ptr<server::Simulator>> simulators;  // by worker
  std::unique_ptr<Site> site;
};

Result<std::unique_ptr<SimulatorDaemon>> SimulatorDaemon::start(const config::Address& address,
                                                                const SimulatorOptions& options) {
  auto state = std::make_unique<State>(options.workers);
  if (!options.log_file.empty()) {
    if (Result<void> logging = state->desk.log_to(options.log_file); !logging) return logging.error();
  }
  state->desk.open();
  for (std::size_t i = 0; i < options.workers; ++i) {
    state->simulators.push_back(
        std::make_unique<server::Simulator>(state->runtime->worker(i).executor(), options.simulation, state->desk));
  }
  State& built = *state;
  const server::SessionOptions sessions;
  state->site = std::make_unique<Site>(*state->runtime, sessions,
                                       [&built](std::size_t i) -> server::Handler& { return *built.simulators[i]; });
  Result<void> bound = state->site->bind(address, [](std::size_t) -> std::size_t { return 0; });
  if (!bound) return bound.error();
  state->runtime->start();
  state->site->start();
  return std::unique_ptr<SimulatorDaemon>(new SimulatorDaemon(std::move(state)));
}

SimulatorDaemon::SimulatorDaemon(std::unique_ptr<State> state) : state_(std::move(state)) {}
SimulatorDaemon::~SimulatorDaemon() { stop(); }

std::uint16_t SimulatorDaemon::port() const { return state_->site->port(); }

void SimulatorDaemon::stop() {
  if (state_->site == nullptr) return;
  state_->site->stop_listening();
  state_->site->terminate();
  state_->site.reset();
  state_->runtime->release();
  state_->runtime->stop();
  state_->runtime->join();
}

}  // namespace triaged::app
