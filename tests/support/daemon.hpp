// The real daemon as a child process, from a configuration to its ports and its end.
#pragma once

#include "support/files.hpp"
#include "support/ledger.hpp"
#include "support/process.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace triaged::test {

// What of a configuration differs between tests; each text is the inside of a YAML flow mapping, without braces.
struct DaemonSetup {
  std::string server;                  // beside the listeners and `workers`
  std::string workers = "1";           // one, so that tests know which pool a connection is in
  std::vector<std::string> providers;  // "name: {...}"
  std::vector<std::string> tiers;      // "{name: light, targets: [...]}"
  std::string routing;
  std::string retry = "backoff: 1ms, backoff_max: 2ms";
  std::string breaker =
      "failures: 1000, failure_rate: 1";  // tests share a daemon: what one breaks must not change the next
  std::string more;                       // further sections, each a line: "hedge: {...}"
  std::string ledger;
  std::string ledger_flush = "10ms";
  std::string prices;  // a whole file; "": the usual one of the tests
};

// Dollars per million tokens, chosen for sums that are done in the head: at the provider `low` the model `small` costs
// 1 in and 2 out, at `high` the model `large` 10 and 20, cached input a tenth.
std::string usual_prices();
std::string provider(const std::string& name, std::uint16_t port, const std::string& more = "");

class Daemon {
 public:
  explicit Daemon(DaemonSetup setup);
  ~Daemon();  // ends it as stop() does, if that was not done; an unclean end fails the test

  std::uint16_t api() const { return api_port_; }
  std::uint16_t admin() const { return admin_port_; }
  Ledger& ledger() { return *ledger_; }
  const Process& process() const { return *process_; }
  const std::string& start_up() const { return start_up_; }  // what it said
  std::string access_log() const { return read_file(folder_.file("access.log")); }
  std::string errors() const { return read_file(folder_.file("errors")); }
  std::string ledger_path() const { return folder_.file("ledger.db"); }

  void signal(int number) const { process_->signal(number); }
  Exit wait() { return process_->wait(); }
  void stop();   // SIGTERM; fails the test unless the exit is clean
  void kill();   // SIGKILL
  void start();  // again, on the same ledger
  // Changes the text of the configuration file, once; what it says counts after the next start or reload.
  void rewrite(const std::string& from, const std::string& to) const;

 private:
  Folder folder_;
  std::string config_;
  std::string start_up_;
  std::unique_ptr<Process> process_;
  std::unique_ptr<Ledger> ledger_;
  std::uint16_t api_port_ = 0;
  std::uint16_t admin_port_ = 0;
};

}  // namespace triaged::test
