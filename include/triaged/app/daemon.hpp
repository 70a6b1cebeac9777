// The whole gateway in one object: builds everything from Settings, runs it, drains it. The command `serve` and the
// integration tests use it alike.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace triaged::app {

// What a reload did: "routing.confidence: 0.5 -> 0.7".
struct Reloaded {
  std::string hash;
  std::vector<std::string> changed;
  std::vector<std::string> needs_restart;  // differs, but stays as it is until then
};

class Daemon {
 public:
  // Reads the configuration again, for a reload. Called on any thread that is no worker.
  using Read = std::function<Result<std::shared_ptr<const config::Settings>>()>;
  // Binds both listeners, opens the ledger (rows of a crashed run are recovered), starts the workers. Errors say what
  // to do. `read` may be called from then on, even before this returns.
  static Result<std::unique_ptr<Daemon>> start(std::shared_ptr<const config::Settings> settings, Read read);
  ~Daemon();  // stop(), if that was not done

  std::uint16_t api_port() const;
  std::uint16_t admin_port() const;
  std::size_t workers() const;
  std::size_t recovered() const;  // ledger rows of a crashed run that were stored at start-up

  // Reads, checks, and only then takes the new configuration for requests from now on; those that run keep theirs.
  // Errors change nothing. Any thread that is no worker; blocks for some ten milliseconds. `POST /admin/reload` does
  // the same.
  Result<Reloaded> reload();

  // Gives freed memory back when many connections have gone. To be called every few seconds, while it is not stopped.
  void tidy();

  // Not ready any more, no new connections, requests in flight end within server.drain. Blocks. `hurry` ends the
  // waiting at once when it says true; it is asked a few times a second.
  void drain(const std::function<bool()>& hurry);
  // Cuts what is left, writes the ledger's last rows, joins. Blocks.
  void stop();

 private:
  struct State;
  explicit Daemon(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct SimulatorOptions {
  config::Simulation simulation;
  std::size_t workers = 1;
  std::string log_file;  // of requests; "": none
};

// The simulated provider on its own.
class SimulatorDaemon {
 public:
  static Result<std::unique_ptr<SimulatorDaemon>> start(const config::Address& address,
                                                        const SimulatorOptions& options);
  ~SimulatorDaemon();
  std::uint16_t port() const;
  void stop();

 private:
  struct State;
  explicit SimulatorDaemon(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace triaged::app
