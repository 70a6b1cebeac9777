// Any text gives settings or a fatal problem, in bounded time and memory.
#include "triaged/config/load.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace triaged::config;
  const Sources sources{
      [](const std::string& name) { return name.size() % 2 == 0 ? std::optional<std::string>("value") : std::nullopt; },
      [](const std::string& path) {
        return path.size() % 2 == 0 ? std::optional<std::string>("content\n") : std::nullopt;
      }};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Loaded loaded = load(text, sources, "/etc/triaged");
  const bool fatal =
      std::any_of(loaded.problems.begin(), loaded.problems.end(), [](const Problem& problem) { return problem.fatal; });
  if (fatal == (loaded.settings != nullptr)) std::abort();
  for (const Problem& problem : loaded.problems) {
    if (format(problem, "f").find('\n') != std::string::npos) std::abort();
  }
  return 0;
}
