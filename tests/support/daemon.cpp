#include "support/daemon.hpp"

#include "triaged/base/text.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <stdexcept>
#include <utility>

namespace triaged::test {
namespace {

std::string list(const std::vector<std::string>& lines, const std::string& prefix) {
  std::string out;
  for (const std::string& line : lines) out.append("  ").append(prefix).append(line).append("\n");
  return out;
}

std::string config_text(const DaemonSetup& setup, const Folder& folder) {
  const std::string ledger =
      "path: " + folder.file("ledger.db") + ", flush: " + setup.ledger_flush + ", prices: prices.yaml";
  const auto more = [](const std::string& text) { return text.empty() ? std::string() : ", " + text; };
  return "version: 1\nserver: {listen: \"127.0.0.1:0\", admin: \"127.0.0.1:0\", workers: " + setup.workers +
         more(setup.server) + "}\nproviders:\n" + list(setup.providers, "") + "tiers:\n" + list(setup.tiers, "- ") +
         "routing: {" + setup.routing + "}\nretry: {" + setup.retry + "}\nbreaker: {" + setup.breaker + "}\n" +
         setup.more + "\nledger: {" + ledger + more(setup.ledger) + "}\nlog: {access: " + folder.file("access.log") +
         "}\n";
}

std::uint16_t port_in(const std::string& line) {
  const auto port = parse_uint(line.substr(line.rfind(':') + 1));
  if (!port) throw std::runtime_error("no port in: " + line);
  return static_cast<std::uint16_t>(*port);
}

}  // namespace

std::string usual_prices() {
  return R"(date: 2026-01-01
providers:
  low:
    source: https://prices.test/low
    models:
      small: {input: 1, cached_input: 0.1, output: 2}
  high:
    source: https://prices.test/high
    models:
      large: {input: 10, cached_input: 1, output: 20}
)";
}

std::string provider(const std::string& name, std::uint16_t port, const std::string& more) {
  return name + ": {base_url: \"http://127.0.0.1:" + std::to_string(port) + "/v1\", api_key: sk-of-" + name +
         (more.empty() ? "" : ", " + more) + "}";
}

Daemon::Daemon(DaemonSetup setup) {
  folder_.write("prices.yaml", setup.prices.empty() ? usual_prices() : setup.prices);
  config_ = folder_.write("triaged.yaml", config_text(setup, folder_));
  start();
}

Daemon::~Daemon() {
  if (process_ != nullptr) stop();
}

void Daemon::start() {
  process_ = std::make_unique<Process>(std::vector<std::string>{TRIAGED_BINARY, "serve", "--config", config_},
                                       folder_.file("errors"));
  start_up_.clear();
  try {
    for (std::string line; !line.starts_with("try:"); line = process_->read_line()) {
      start_up_ += line + "\n";
      if (line.starts_with("triaged: api on ")) api_port_ = port_in(line);
      if (line.starts_with("triaged: admin on ")) admin_port_ = port_in(line);
    }
  } catch (const std::runtime_error& problem) {
    throw std::runtime_error(std::string(problem.what()) + "; its errors:\n" + errors() + "\nits configuration:\n" +
                             read_file(config_));
  }
  ledger_ = std::make_unique<Ledger>(ledger_path());
}

void Daemon::stop() {
  ledger_.reset();
  if (!process_->ended()) signal(SIGTERM);
  const Exit exit = wait();
  process_.reset();
  EXPECT_EQ(exit.signal, 0);
  EXPECT_EQ(exit.code, 0) << errors();
  // What a sanitizer finds without ending the process.
  EXPECT_EQ(errors().find("runtime error"), std::string::npos) << errors();
}

void Daemon::rewrite(const std::string& from, const std::string& to) const {
  std::string text = read_file(config_);
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("the configuration has no \"" + from + "\":\n" + text);
  folder_.write("triaged.yaml", text.replace(at, from.size(), to));
}

void Daemon::kill() {
  ledger_.reset();
  signal(SIGKILL);
  static_cast<void>(wait());
  process_.reset();
}

}  // namespace triaged::test
