// triaged simulate: the simulated provider as a server of its own.
#include "triaged/app/daemon.hpp"

#include "app/commands.hpp"
#include "app/descriptors.hpp"
#include "app/listen_option.hpp"
#include "app/signals.hpp"

#include <iostream>
#include <memory>
#include <string>

namespace triaged::app {
namespace {

struct Options {
  std::string listen = "127.0.0.1:9090";
  SimulatorOptions simulator;
};

int simulate(const Options& options) {
  const Result<config::Address> address = parse_listen(options.listen);
  if (!address) {
    std::cerr << "triaged simulate: " << address.error().detail << '\n';
    return 2;
  }
  block_signals();
  raise_descriptor_limit();
  Result<std::unique_ptr<SimulatorDaemon>> daemon = SimulatorDaemon::start(*address, options.simulator);
  if (!daemon) {
    std::cerr << "triaged simulate: " << daemon.error().detail << '\n';
    return 1;
  }
  std::cout << "triaged simulate: listening on " << http_url(address->host, (*daemon)->port()) << std::endl;
  wait_for_end([] {}, [] {});
  (*daemon)->stop();
  return 0;
}

}  // namespace

void add_simulate(CLI::App& parser, Command& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = parser.add_subcommand(
      "simulate", "run a simulated provider that speaks the OpenAI dialect; its answers are made up");
  command->add_option("--listen", options->listen, "HOST:PORT; port 0 takes a free one")->capture_default_str();
  command->add_option("--seed", options->simulator.simulation.seed, "answers are a function of seed, model and prompt")
      ->capture_default_str();
  command->add_option("--time-scale", options->simulator.simulation.time_scale, "1 is real pace, 0 answers at once")
      ->check(CLI::Range(0.0, 1000.0))
      ->capture_default_str();
  command->add_option("--tokens-per-second", options->simulator.simulation.tokens_per_second, "pace of a stream")
      ->check(CLI::Range(0.1, 1e6))
      ->capture_default_str();
  command->add_option("--workers", options->simulator.workers, "threads")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_option("--log", options->simulator.log_file, "append a JSON line there for every request");
  command->callback([options, &chosen] { chosen = [options] { return simulate(*options); }; });
}

}  // namespace triaged::app
