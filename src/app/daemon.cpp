#include "triaged/app/daemon.hpp"

#include "triaged/base/log.hpp"
#include "triaged/ledger/prices.hpp"
#include "triaged/net/resolver.hpp"
#include "triaged/net/tls_context.hpp"
#include "triaged/observe/metrics.hpp"
#include "triaged/routing/conversations.hpp"
#include "triaged/server/admin.hpp"
#include "triaged/server/gateway.hpp"
#include "triaged/server/simulator.hpp"

#include "app/decider.hpp"
#include "app/ledger_keeper.hpp"
#include "app/site.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace triaged::app {
namespace {

std::size_t worker_count(std::uint32_t configured) {
  if (configured > 0) return configured;
  return std::max(1U, std::thread::hardware_concurrency());
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
  explicit State(std::shared_ptr<const config::Settings> given)
      : settings(std::move(given)),
        metrics(worker_count(settings->server.workers)),
        runtime(std::make_unique<net::Runtime>(worker_count(settings->server.workers))) {}

  Result<void> build();
  Result<void> start_simulators();
  void build_gateways();
  void stop();

  std::shared_ptr<const config::Settings> settings;
  ledger::PriceBook prices;
  std::unique_ptr<Decider> decider;
  std::unique_ptr<routing::Conversations> conversations;  // null: they are not kept where they are
  observe::Metrics metrics;
  std::atomic<bool> ready{false};
  net::SslContext tls;
  net::Resolver resolver;
  std::unique_ptr<LedgerKeeper> keeper;                          // null: no ledger
  std::vector<std::unique_ptr<ledger::JournalWriter>> journals;  // by worker
  std::unique_ptr<net::Runtime> runtime;
  std::vector<std::unique_ptr<server::Gateway>> gateways;  // by worker
  std::unique_ptr<server::Admin> admin;
  std::vector<std::unique_ptr<server::Simulator>> simulators;  // by worker, provider after provider
  std::vector<std::unique_ptr<Site>> simulator_sites;          // one per provider of dialect `simulated`
  std::unique_ptr<Site> admin_site;
  std::unique_ptr<Site> api_site;
  bool stopped = false;
};

Result<void> Daemon::State::build() {
  Result<ledger::PriceBook> book = load_prices(settings->ledger);
  if (!book) return book.error();
  prices = std::move(*book);
  Result<std::unique_ptr<Decider>> loaded = Decider::load(*settings, prices);
  if (!loaded) return loaded.error();
  decider = std::move(*loaded);
  if (settings->routing.conversations.sticky) {
    conversations = std::make_unique<routing::Conversations>(settings->routing.conversations.memory);
  }
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
  if (Result<void> simulated = start_simulators(); !simulated) return simulated;
  build_gateways();

  server::SessionOptions options = session_options(*settings, runtime->size());
  options.tls = tls.get();
  api_site =
      std::make_unique<Site>(*runtime, options, [this](std::size_t i) -> server::Handler& { return *gateways[i]; });
  Result<void> bound =
      api_site->bind(settings->server.listen, [this](std::size_t i) { return metrics.connections(i); });
  if (!bound) return bound;
  admin = std::make_unique<server::Admin>(*settings, metrics, ready);
  admin_site = std::make_unique<Site>(*runtime, session_options(*settings, runtime->size()),
                                      [this](std::size_t) -> server::Handler& { return *admin; });
  bound = admin_site->bind(settings->server.admin, no_load);
  if (!bound) return bound;
  metrics.add_gauge("triaged_ready", "1 when requests are taken, 0 while starting or draining.",
                    [this] { return ready.load(std::memory_order_relaxed) ? 1.0 : 0.0; });
  return {};
}

// A simulated provider is an HTTP server on a port of its own within the process, so that nothing behind the provider's
// codec needs to know that it is not real.
Result<void> Daemon::State::start_simulators() {
  auto changed = std::make_shared<config::Settings>(*settings);
  for (config::Provider& provider : changed->providers) {
    if (provider.dialect != config::ProviderDialect::simulated) continue;
    const std::size_t first = simulators.size();
    for (std::size_t i = 0; i < runtime->size(); ++i) {
      simulators.push_back(std::make_unique<server::Simulator>(runtime->worker(i).executor(), provider.simulation));
    }
    auto site =
        std::make_unique<Site>(*runtime, session_options(*settings, runtime->size()),
                               [this, first](std::size_t i) -> server::Handler& { return *simulators[first + i]; });
    const config::Address address{"127.0.0.1", 0};
    if (Result<void> bound = site->bind(address, no_load); !bound) return bound;
    provider.scheme = "http";
    provider.host = "127.0.0.1";
    provider.port = site->port();
    provider.base_path = "/v1";
    simulator_sites.push_back(std::move(site));
  }
  settings = std::move(changed);
  return {};
}

void Daemon::State::build_gateways() {
  for (std::size_t i = 0; i < runtime->size(); ++i) {
    dispatch::Environment environment(runtime->worker(i).executor());
    environment.settings = settings;
    environment.prices = &prices;
    environment.resolver = &resolver;
    environment.clock = &system_clock();
    environment.metrics = &metrics.shard(i);
    environment.journal = journals.empty() ? nullptr : journals[i].get();
    gateways.push_back(
        std::make_unique<server::Gateway>(std::move(environment), decider->brain(), conversations.get()));
  }
}

Result<std::unique_ptr<Daemon>> Daemon::start(std::shared_ptr<const config::Settings> settings) {
  auto state = std::make_unique<State>(std::move(settings));
  if (Result<void> built = state->build(); !built) return built.error();
  if (state->keeper) state->keeper->start();
  state->runtime->start();
  for (const auto& site : state->simulator_sites) site->start();
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

void Daemon::drain(const std::function<bool()>& hurry) {
  state_->ready = false;
  state_->api_site->finish_listening();
  state_->api_site->drain();
  const Clock& clock = system_clock();
  const Deadline deadline = Deadline::in(state_->settings->server.drain, clock.now());
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
  if (stopped) return;
  stopped = true;
  ready = false;
  api_site->stop_listening();
  admin_site->stop_listening();
  for (const auto& site : simulator_sites) site->stop_listening();
  api_site->terminate();
  admin_site->terminate();
  for (std::size_t i = 0; i < gateways.size(); ++i) {
    dispatch::Dispatcher& dispatcher = gateways[i]->dispatcher();
    net::post_and_wait(runtime->worker(i), [&dispatcher] { dispatcher.close_idle(); });
    net::run_and_wait(runtime->worker(i), dispatcher.stopped());
  }
  for (const auto& site : simulator_sites) site->terminate();
  api_site.reset();
  admin_site.reset();
  simulator_sites.clear();
  runtime->release();
  runtime->stop();
  runtime->join();
  gateways.clear();
  runtime.reset();
  if (keeper) keeper->stop();
}

}  // namespace triaged::app
