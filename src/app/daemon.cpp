#include "triaged/app/daemon.hpp"

#include "triaged/base/log.hpp"
#include "triaged/net/descriptor_memory.hpp"
#include "triaged/net/resolver.hpp"
#include "triaged/net/tls_context.hpp"
#include "triaged/observe/metrics.hpp"
#include "triaged/server/admin.hpp"
#include "triaged/server/gateway_switch.hpp"

#include "app/generation.hpp"
#include "app/ledger_keeper.hpp"
#include "app/reload.hpp"
#include "app/reload_thread.hpp"
#include "app/simulated_provider.hpp"
#include "app/site.hpp"
#include "app/token_commands.hpp"
#include "app/trim_rule.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <malloc.h>
#include <mutex>
#include <thread>
#include <utility>

namespace triaged::app {
namespace {

std::size_t worker_count(std::uint32_t configured) {
  if (configured > 0) return configured;
  return std::max(1U, std::thread::hardware_concurrency());
}

void tell_of_past(const Past& past) {
  if (!past.note.empty()) log_info("past prompts", {{"read", past.note}});
  if (!past.warning.empty()) log_warn("past prompts", {{"problem", past.warning}});
}

server::SessionOptions session_options(const config::Settings& settings, std::size_t workers) {
  server::SessionOptions options;
  options.limits = settings.server.limits;
  options.clocks = settings.server.clocks;
  options.connections = std::max<std::size_t>(1, settings.server.limits.connections / workers);
  return options;
}

std::size_t no_load(std::size_t) { return 0; }

}  // namespace

// Order matters: what is declared first is destroyed last, and frames that still hang in an io_context die with it.
struct Daemon::State {
  State(std::shared_ptr<const config::Settings> given, Daemon::Read reader)
      : settings(std::move(given)),
        drain_limit(settings->server.drain),
        metrics(worker_count(settings->server.workers)),
        read(std::move(reader)),
        runtime(std::make_unique<net::Runtime>(worker_count(settings->server.workers))) {}

  Result<void> build();
  Result<std::shared_ptr<Generation>> make_generation(std::shared_ptr<const config::Settings> wanted);
  Result<std::uint16_t> simulator_port(const config::Provider& provider);
  std::unique_ptr<server::Gateway> make_gateway(const Generation& generation, std::size_t worker);
  Result<Reloaded> reload();
  Result<Reloaded> replace_generation();
  void stop();

  std::shared_ptr<const config::Settings> settings;  // of the latest generation
  const Duration drain_limit;                        // only a restart changes it, so no reload need be waited for
  std::shared_ptr<const Generation> latest;          // null: there is none yet
  observe::Metrics metrics;
  std::mutex reloading;
  const Daemon::Read read;
  std::atomic<bool> last_reload_worked{true};
  std::atomic<bool> ready{false};
  net::SslContext tls;
  net::Resolver resolver;
  std::unique_ptr<LedgerKeeper> keeper;                          // null: no ledger
  std::vector<std::unique_ptr<ledger::JournalWriter>> journals;  // by worker
  std::unique_ptr<net::Runtime> runtime;
  std::vector<std::unique_ptr<server::GatewaySwitch>> gateways;  // by worker
  TokenCommands tokens;
  std::unique_ptr<ReloadThread> reload_thread;
  std::unique_ptr<server::Admin> admin;
  std::vector<std::unique_ptr<SimulatedProvider>> simulated;
  std::unique_ptr<Site> admin_site;
  std::unique_ptr<Site> api_site;
  TrimRule trim_rule;
  bool stopped = false;
};

Result<void> Daemon::State::build() {
  if (settings->server.tls.enabled()) {
    Result<net::SslContext> context =
        net::make_server_context(settings->server.tls.certificate_file, settings->server.tls.key_file);
    if (!context) return context.error();
    tls = std::move(*context);
  }
  if (settings->ledger.enabled) {
    Result<std::unique_ptr<LedgerKeeper>> opened = LedgerKeeper::open(settings->ledger);
    if (!opened) return opened.error();
    keeper = std::move(*opened);
    for (std::size_t i = 0; i < runtime->size(); ++i) journals.push_back(keeper->journal().make_writer(i));
  }
  for (std::size_t i = 0; i < runtime->size(); ++i) {
    gateways.push_back(std::make_unique<server::GatewaySwitch>(runtime->worker(i).executor()));
  }
  const Result<std::shared_ptr<Generation>> first = make_generation(settings);
  if (!first) return first.error();
  latest = *first;
  settings = latest->settings;
  for (std::size_t i = 0; i < gateways.size(); ++i) gateways[i]->replace(make_gateway(**first, i), *first);

  server::SessionOptions options = session_options(*settings, runtime->size());
  options.tls = tls.get();
  api_site =
      std::make_unique<Site>(*runtime, options, [this](std::size_t i) -> server::Handler& { return *gateways[i]; });
  Result<void> bound =
      api_site->bind(settings->server.listen, [this](std::size_t i) { return metrics.connections(i); });
  if (!bound) return bound;
  reload_thread = std::make_unique<ReloadThread>([this] { return reload(); });
  server::AdminFacts facts{settings->server.admin_token, metrics, ready,
                           [this](auto done) { reload_thread->ask(std::move(done)); }};
  admin = std::make_unique<server::Admin>(std::move(facts));
  admin_site = std::make_unique<Site>(*runtime, session_options(*settings, runtime->size()),
                                      [this](std::size_t) -> server::Handler& { return *admin; });
  bound = admin_site->bind(settings->server.admin, no_load);
  if (!bound) return bound;
  metrics.add_gauge("triaged_config_last_reload_successful",
                    "0 when the last reload of the configuration changed nothing because of an error.",
                    [this] { return last_reload_worked.load(std::memory_order_relaxed) ? 1.0 : 0.0; });
  metrics.add_gauge("triaged_ready", "1 when requests are taken, 0 while starting or draining.",
                    [this] { return ready.load(std::memory_order_relaxed) ? 1.0 : 0.0; });
  return {};
}

Result<std::shared_ptr<Generation>> Daemon::State::make_generation(std::shared_ptr<const config::Settings> wanted) {
  auto changed = std::make_shared<config::Settings>(*wanted);
  for (config::Provider& provider : changed->providers) {
    if (!provider.token_command.empty()) {
      Result<std::string> file = tokens.file_of(provider.token_command, provider.token_refresh);
      if (!file) return file.error();
      provider.token_file = std::move(*file);
    }
    if (provider.dialect != config::ProviderDialect::simulated) continue;
    const Result<std::uint16_t> port = simulator_port(provider);
    if (!port) return port.error();
    provider.scheme = "http";
    provider.host = "127.0.0.1";
    provider.port = *port;
    provider.base_path = "/v1";
  }
  auto generation = Generation::load(std::move(changed), latest.get());
  if (generation) tell_of_past((*generation)->decider->past());
  return generation;
}

// Those of earlier generations go on until the daemon stops, and are used again where nothing of them changed.
Result<std::uint16_t> Daemon::State::simulator_port(const config::Provider& provider) {
  for (const auto& each : simulated) {
    if (each->options() == provider.simulation) return each->port();
  }
  auto made = SimulatedProvider::bind(*runtime, session_options(*settings, runtime->size()), provider.simulation);
  if (!made) return made.error();
  simulated.push_back(std::move(*made));
  return simulated.back()->port();
}

std::unique_ptr<server::Gateway> Daemon::State::make_gateway(const Generation& generation, std::size_t worker) {
  dispatch::Environment environment(runtime->worker(worker).executor());
  environment.settings = generation.settings;
  environment.prices = &generation.prices;
  environment.resolver = &resolver;
  environment.clock = &system_clock();
  environment.metrics = &metrics.shard(worker);
  environment.journal = journals.empty() ? nullptr : journals[worker].get();
  environment.workers = runtime->size();
  return std::make_unique<server::Gateway>(std::move(environment), generation.decider->brain(),
                                           generation.conversations.get(), generation.upstream_routes.get());
}

Result<Reloaded> Daemon::State::reload() {
  const std::scoped_lock lock(reloading);
  Result<Reloaded> outcome = replace_generation();
  last_reload_worked = outcome.has_value();
  return outcome;
}

Result<Reloaded> Daemon::State::replace_generation() {
  if (stopped) return gateway_error(ErrorKind::internal, 503, "the daemon is stopping");
  const auto wanted = read();
  if (!wanted) return wanted.error();
  Merged merged = merge(*settings, **wanted);
  const std::size_t simulators_before = simulated.size();
  const Result<std::shared_ptr<Generation>> next = make_generation(merged.settings);
  if (!next) {
    simulated.resize(simulators_before);  // one that never starts must not be found by the next reload
    return next.error();
  }
  for (std::size_t i = simulators_before; i < simulated.size(); ++i) {
    net::post_and_wait(runtime->worker(0), [this, i] { simulated[i]->start(); });
  }
  latest = *next;
  settings = latest->settings;
  for (std::size_t i = 0; i < gateways.size(); ++i) {
    net::post_and_wait(runtime->worker(i), [this, i, &next] {
      gateways[i]->replace(make_gateway(**next, i), *next);
      gateways[i]->start();
    });
  }
  return std::move(merged.report);
}

Result<std::unique_ptr<Daemon>> Daemon::start(std::shared_ptr<const config::Settings> settings, Read read) {
  auto state = std::make_unique<State>(std::move(settings), std::move(read));
  if (Result<void> built = state->build(); !built) return built.error();
  if (state->keeper) state->keeper->start();
  state->runtime->start();
  for (const auto& each : state->simulated) each->start();
  for (std::size_t i = 0; i < state->gateways.size(); ++i) {
    net::post_and_wait(state->runtime->worker(i), [&gateway = *state->gateways[i]] { gateway.start(); });
  }
  state->admin_site->start();
  state->api_site->start();
  state->ready = true;
  return std::unique_ptr<Daemon>(new Daemon(std::move(state)));
}

Daemon::Daemon(std::unique_ptr<State> state) : state_(std::move(state)) {}
Daemon::~Daemon() { stop(); }

std::uint16_t Daemon::api_port() const { return state_->api_site->port(); }
std::uint16_t Daemon::admin_port() const { return state_->admin_site->port(); }
std::size_t Daemon::workers() const { return state_->runtime->size(); }
std::size_t Daemon::recovered() const { return state_->keeper ? state_->keeper->recovered() : 0; }

Result<Reloaded> Daemon::reload() { return state_->reload(); }

void Daemon::tidy() {
  std::size_t open = 0;
  for (std::size_t i = 0; i < state_->runtime->size(); ++i) open += state_->metrics.connections(i);
  if (!state_->trim_rule.trim(open)) return;
  for (std::size_t i = 0; i < state_->runtime->size(); ++i) {
    net::Worker& worker = state_->runtime->worker(i);
    net::post_and_wait(worker, [&worker] { net::free_closed_descriptors(worker.context()); });
    net::post_and_wait(worker, [] {});  // it is done in the loop's next turn
  }
  malloc_trim(0);
}

void Daemon::drain(const std::function<bool()>& hurry) {
  state_->api_site->finish_listening();
  state_->api_site->drain();
  state_->ready = false;  // last: who reads 503 may rely on every connection having been told
  const Clock& clock = system_clock();
  const Deadline deadline = Deadline::in(state_->drain_limit, clock.now());
  TimePoint told = clock.now();
  while (!deadline.passed(clock.now()) && !hurry()) {
    const std::size_t left = state_->api_site->connections();
    if (left == 0) return;
    if (clock.now() - told >= std::chrono::seconds(5)) {
      told = clock.now();
      log_info("draining", {{"connections", std::to_string(left)}});
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void Daemon::stop() { state_->stop(); }

void Daemon::State::stop() {
  if (reload_thread) reload_thread->stop();
  {
    const std::scoped_lock lock(reloading);
    if (stopped) return;
    stopped = true;
  }
  ready = false;
  api_site->stop_listening();
  admin_site->stop_listening();
  for (const auto& each : simulated) each->stop_listening();
  api_site->terminate();
  admin_site->terminate();
  for (std::size_t i = 0; i < gateways.size(); ++i) net::run_and_wait(runtime->worker(i), gateways[i]->stop());
  for (const auto& each : simulated) each->terminate();
  api_site.reset();
  admin_site.reset();
  simulated.clear();
  runtime->release();
  runtime->stop();
  runtime->join();
  gateways.clear();
  runtime.reset();
  if (keeper) keeper->stop();
  tokens.stop();
}

}  // namespace triaged::app
