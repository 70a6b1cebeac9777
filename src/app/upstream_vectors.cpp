#include "app/upstream_vectors.hpp"

#include "triaged/dispatch/route_embedder.hpp"
#include "triaged/net/blocking.hpp"
#include "triaged/net/resolver.hpp"
#include "triaged/net/runtime.hpp"
#include "triaged/observe/metrics.hpp"

#include "app/decider.hpp"

#include <optional>
#include <utility>

namespace triaged::app {
namespace {

constexpr std::size_t failures_in_a_row = 6;

net::Task<void> ask_for_all(dispatch::RouteEmbedder& embedder, const std::vector<std::string>& texts,
                            routing::EmbeddedTexts& into, Result<void>& outcome) {
  outcome = co_await embedder.learn(texts, failures_in_a_row, into);
}

Error unusable(std::string why) { return gateway_error(ErrorKind::internal, 500, std::move(why)); }

}  // namespace

Result<std::shared_ptr<const routing::Embedder>> fetch_vectors(std::shared_ptr<const config::Settings> settings,
                                                               const std::vector<std::string>& texts) {
  const auto& upstream = settings->routing.semantic.upstream;
  if (!upstream) return unusable("the configuration has no `routing.semantic.upstream`");
  const config::Provider& provider = settings->providers[settings->targets[upstream->target].provider];
  if (provider.dialect == config::ProviderDialect::simulated) {
    return unusable("the vectors of the simulated provider mean nothing: there is nothing to measure");
  }
  const Result<ledger::PriceBook> prices = load_prices(settings->ledger);
  if (!prices) return prices.error();
  observe::Metrics metrics(1);
  net::Resolver resolver;
  net::Runtime runtime(1);
  dispatch::Environment environment(runtime.worker(0).executor());
  environment.settings = settings;
  environment.prices = &*prices;
  environment.resolver = &resolver;
  environment.clock = &system_clock();
  environment.metrics = &metrics.shard(0);
  dispatch::Dispatcher dispatcher(environment);
  routing::UpstreamRoutes none(nullptr);
  dispatch::RouteEmbedder embedder(dispatcher, none);
  const std::shared_ptr<routing::EmbeddedTexts> vectors = embedder.make_texts();
  Result<void> outcome;
  runtime.start();
  net::run_and_wait(runtime.worker(0), ask_for_all(embedder, texts, *vectors, outcome));
  net::post_and_wait(runtime.worker(0), [&dispatcher] { dispatcher.close_idle(); });
  net::run_and_wait(runtime.worker(0), dispatcher.stopped());
  runtime.stop();
  runtime.join();
  if (!outcome) return outcome.error();
  return std::shared_ptr<const routing::Embedder>(vectors);
}

}  // namespace triaged::app
