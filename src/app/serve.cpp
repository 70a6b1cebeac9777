// triaged serve: the daemon.
#include "triaged/app/daemon.hpp"
#include "triaged/base/log.hpp"
#include "triaged/base/text.hpp"

#include "app/allocator.hpp"
#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/descriptors.hpp"
#include "app/listen_option.hpp"
#include "app/reload_thread.hpp"
#include "app/signals.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>

namespace triaged::app {
namespace {

struct Options {
  std::string config;
  std::string listen;
};

// What is running, in a screen: where it listens, which tiers lead where, what was left out, and a line to try.
void print_summary(const config::Settings& settings, const Daemon& daemon, std::chrono::steady_clock::duration took) {
  const std::string api = http_url(settings.server.listen.host, daemon.api_port(), settings.server.tls.enabled());
  std::cout << "triaged: api on " << api << '\n'
            << "triaged: admin on " << http_url(settings.server.admin.host, daemon.admin_port()) << '\n';
  for (const config::Tier& tier : settings.tiers) {
    std::cout << "triaged: tier " << tier.name << ':';
    for (const std::size_t target : tier.targets) std::cout << ' ' << settings.targets[target].name;
    std::cout << '\n';
  }
  for (const std::string& note : settings.notes) std::cout << "triaged: note: " << note << '\n';
  const bool simulated = std::any_of(settings.providers.begin(), settings.providers.end(), [](const auto& provider) {
    return provider.dialect == config::ProviderDialect::simulated;
  });
  if (simulated)
    std::cout
        << "triaged: SIMULATED provider in use: its answers are made up, and so is what they are booked to cost\n";
  if (settings.ledger.enabled) std::cout << "triaged: ledger in " << settings.ledger.path << '\n';
  if (daemon.recovered() > 0) {
    std::cout << "triaged: recovered " << daemon.recovered() << " ledger rows of an earlier run\n";
  }
  const std::string key = settings.server.api_keys.empty() ? "" : " -H 'Authorization: Bearer YOUR_KEY'";
  std::cout
      << "triaged: ready in " << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms, "
      << daemon.workers() << " workers, configuration " << settings.hash << "\ntry:\n  curl -i " << api
      << "/v1/chat/completions -H 'Content-Type: application/json'" << key
      << " -d '{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"What are your opening hours?\"}]}'"
      << std::endl;
}

// All problems of a configuration in one sentence.
Error problems_of(const Read& read) {
  if (!read.readable) return gateway_error(ErrorKind::storage, 500, read.name);
  std::string all;
  for (const config::Problem& problem : read.loaded.problems) {
    if (problem.fatal) all += (all.empty() ? "" : "; ") + config::format(problem, read.name);
  }
  return client_error(ErrorKind::invalid_request, 400, all, "invalid_configuration");
}

int serve(const Options& options) {
  block_signals();  // first: one that comes while the configuration is read waits until somebody listens
  const auto started = std::chrono::steady_clock::now();
  const Read read = read_configuration(options.config);
  if (!told_problems(read)) return 1;
  std::shared_ptr<const config::Settings> settings = read.loaded.settings;
  if (!options.listen.empty()) {
    const Result<config::Address> address = parse_listen(options.listen);
    if (!address) {
      std::cerr << "triaged serve: " << address.error().detail << '\n';
      return 2;
    }
    auto changed = std::make_shared<config::Settings>(*settings);
    changed->server.listen = *address;
    settings = std::move(changed);
  }
  limit_kept_memory();
  const std::size_t descriptors = raise_descriptor_limit();
  LogOptions log;
  log.level = settings->log.level;
  log.access_file = settings->log.access_file;
  if (const Result<void> logging = start_logging(log); !logging) {
    std::cerr << "triaged serve: " << logging.error().detail << '\n';
    return 1;
  }
  Result<std::unique_ptr<Daemon>> daemon =
      Daemon::start(settings, [&options]() -> Result<std::shared_ptr<const config::Settings>> {
        const Read again = read_configuration(options.config);
        if (again.loaded.settings == nullptr) return problems_of(again);
        return again.loaded.settings;
      });
  if (!daemon) {
    stop_logging();
    std::cerr << "triaged serve: " << daemon.error().detail << '\n';
    return 1;
  }
  print_summary(*settings, **daemon, std::chrono::steady_clock::now() - started);
  const std::string shortage = descriptor_shortage(*settings, (*daemon)->workers(), descriptors);
  if (!shortage.empty()) log_warn(shortage);
  wait_for_end([&daemon] { log_reload((*daemon)->reload()); }, [&daemon] { (*daemon)->tidy(); });
  log_info("draining; a second signal ends at once", {{"limit", format_duration(settings->server.drain)}});
  (*daemon)->drain(signal_pending);
  (*daemon)->stop();
  log_info("stopped");
  stop_logging();
  return 0;
}

}  // namespace

void add_serve(CLI::App& parser, Command& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = parser.add_subcommand("serve", "run the gateway");
  command->add_option("-c,--config", options->config,
                      "configuration file (default: built in, see config/triaged.yaml)");
  command->add_option("--listen", options->listen, "HOST:PORT instead of server.listen");
  command->callback([options, &chosen] { chosen = [options] { return serve(*options); }; });
}

}  // namespace triaged::app
