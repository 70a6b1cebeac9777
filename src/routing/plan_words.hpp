// Numbers and names as the texts about a plan write them.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace triaged::routing {

// Fixed decimals, always with a point, whatever the locale.
inline void append_fixed(std::string& out, double value, int decimals) {
  char buffer[64];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, decimals);
  out.append(buffer, result.ptr);
}

inline void append_integer(std::string& out, std::int64_t value) {
  char buffer[24];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
  out.append(buffer, result.ptr);
}

}  // namespace triaged::routing
