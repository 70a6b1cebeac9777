// "1 row", "2 rows": a number with its noun, for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace triaged {

// For nouns whose plural ends in "s".
inline std::string counted(std::uint64_t count, std::string_view noun) {
  return std::to_string(count).append(" ").append(noun).append(count == 1 ? "" : "s");
}

}  // namespace triaged
