// Endpoints whose requests are handed to one provider unread. Part of Settings.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace triaged::config {

// Endpoints that go together: what one of them makes, the others refer to.
enum class PassFamily : std::uint8_t { audio, images, files, uploads, batches, moderations };
constexpr std::size_t pass_family_count = 6;
std::string_view name(PassFamily family);

struct Passthrough {
  struct Way {
    bool open = true;                     // false: not for any provider
    std::optional<std::size_t> provider;  // index into Settings::providers; empty: a request has to name one
  };
  std::array<Way, pass_family_count> ways;  // by family
  bool by_request = false;                  // may a request name the provider itself?
  std::size_t body = 1U << 30U;             // a request body, bytes

  const Way& way(PassFamily family) const { return ways[static_cast<std::size_t>(family)]; }
};

}  // namespace triaged::config
