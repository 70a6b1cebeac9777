// The small languages inside scalars: sizes, token counts, addresses, URLs, complexity ranges. Pure.
#pragma once

#include "triaged/config/settings.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::config {

std::optional<std::int64_t> parse_integer(std::string_view text);
std::optional<double> parse_number(std::string_view text);        // decimal, finite
std::optional<std::int64_t> parse_bytes(std::string_view text);   // "32MiB", "10MB", "4096"
std::optional<std::int64_t> parse_tokens(std::string_view text);  // "128k", "1.05M", "8192"
std::string format_bytes(std::int64_t bytes);                     // "32MiB"
std::string format_tokens(std::int64_t tokens);                   // "128k"
std::string format_number(double value);                          // shortest exact form

// "127.0.0.1:8080", "[::1]:8080", "localhost:8080", ":8080" (every IPv4 interface). Host names are not resolved.
std::optional<Address> parse_address(std::string_view text);
std::string format_address(const Address& address);
bool is_loopback(std::string_view host);  // 127.0.0.0/8, ::1, localhost

struct Url {
  std::string scheme;
  std::string host;  // lower case, IPv6 without brackets
  std::uint16_t port = 0;
  std::string path;  // "" or "/v1", no slash at the end
};
// What is wrong is a phrase for a message ("must begin with http:// or https://"); it never repeats the text.
struct UrlResult {
  Url url;
  std::string_view fault;  // "" when good
};
UrlResult parse_url(std::string_view text);

// "<0.35", ">=0.6", "0.2..0.5".
struct ComplexityRange {
  double min = 0.0;
  double max = 1.0;
};
std::optional<ComplexityRange> parse_complexity(std::string_view text);

// "<2000", ">=8k", "1k..4k".
struct TokenRange {
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int64_t>::max();  // excluded
};
std::optional<TokenRange> parse_token_range(std::string_view text);

bool has_control(std::string_view text);     // CR, LF, NUL and their kin: never in a header
bool is_header_name(std::string_view text);  // an RFC 9110 token
bool is_name(std::string_view text);         // of a provider or tier: letters, digits, '-', '_', '.'

}  // namespace triaged::config
