#include "app/simulated_provider.hpp"

namespace triaged::app {

namespace {

std::size_t no_load(std::size_t) { return 0; }

}  // namespace

Result<std::unique_ptr<SimulatedProvider>> SimulatedProvider::bind(net::Runtime& runtime,
                                                                   const server::SessionOptions& sessions,
                                                                   const config::Simulation& options) {
  std::unique_ptr<SimulatedProvider> made(new SimulatedProvider(options));
  for (std::size_t i = 0; i < runtime.size(); ++i) {
    made->simulators_.push_back(
        std::make_unique<server::Simulator>(runtime.worker(i).executor(), options, made->desk_));
  }
  const auto& simulators = made->simulators_;
  made->site_ = std::make_unique<Site>(runtime, sessions,
                                       [&simulators](std::size_t i) -> server::Handler& { return *simulators[i]; });
  const config::Address address{"127.0.0.1", 0};
  if (Result<void> bound = made->site_->bind(address, no_load); !bound) return bound.error();
  return made;
}

}  // namespace triaged::app
