#include "triaged/routing/prompt_memory.hpp"

#include "triaged/base/crc32c.hpp"

#include <functional>

namespace triaged::routing {

TextKey key_of(std::string_view text) {
  return {std::hash<std::string_view>()(text),
          (static_cast<std::uint64_t>(crc32c(text)) << 32U) ^ static_cast<std::uint64_t>(text.size())};
}

}  // namespace triaged::routing
