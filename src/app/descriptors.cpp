#include "app/descriptors.hpp"

#include <algorithm>
#include <limits>
#include <sys/resource.h>

namespace triaged::app {
namespace {

// Listeners, ledger, journals, logs, event loops, and some to spare.
constexpr std::size_t own = 64;
constexpr std::size_t own_per_worker = 8;

}  // namespace

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::numeric_limits<std::size_t>::max();
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
  return limit.rlim_cur == RLIM_INFINITY ? std::numeric_limits<std::size_t>::max() : limit.rlim_cur;
}

std::string descriptor_shortage(const config::Settings& settings, std::size_t workers, std::size_t limit) {
  const std::size_t clients = settings.server.limits.connections;
  std::size_t upstream = 0;
  for (const config::Provider& provider : settings.providers) upstream += provider.connections * workers;
  const std::size_t needed = clients + std::min(clients, upstream) + own + own_per_worker * workers;
  if (needed <= limit) return {};
  return "the process may open " + std::to_string(limit) + " files, but the connections that server.limits and the " +
         "providers allow come to " + std::to_string(needed) +
         ": raise the limit (ulimit -n, LimitNOFILE=) or lower server.limits.connections";
}

}  // namespace triaged::app
