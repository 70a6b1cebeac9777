#include "config/values.hpp"

#include "triaged/base/text.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <netinet/in.h>
#include <system_error>
#include <utility>

namespace triaged::config {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z'); }

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

// A plain or decimal number followed by a unit; the result must be whole.
template <std::size_t N>
std::optional<std::int64_t> parse_quantity(std::string_view text, const std::array<Unit, N>& units) {
  const auto end = std::find_if_not(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
  const auto digits = static_cast<std::size_t>(end - text.begin());
  const std::optional<double> number = parse_number(text.substr(0, digits));
  if (!number) return std::nullopt;
  const std::string_view unit = trim(text.substr(digits));
  for (const Unit& known : units) {
    if (!iequals(unit, known.name)) continue;
    const double value = *number * static_cast<double>(known.factor);
    constexpr double exact_limit = 9007199254740992.0;  // 2^53: whole numbers are exact in a double up to here
    if (value > exact_limit || std::abs(value - std::round(value)) > 1e-6) return std::nullopt;
    return static_cast<std::int64_t>(std::llround(value));
  }
  return std::nullopt;
}

constexpr std::array<Unit, 8> byte_units{{{"", 1},
                                          {"B", 1},
                                          {"kB", 1'000},
                                          {"MB", 1'000'000},
                                          {"GB", 1'000'000'000},
                                          {"KiB", std::int64_t{1} << 10},
                                          {"MiB", std::int64_t{1} << 20},
                                          {"GiB", std::int64_t{1} << 30}}};
constexpr std::array<Unit, 3> token_units{{{"", 1}, {"k", 1'000}, {"M", 1'000'000}}};

std::optional<std::uint16_t> parse_port(std::string_view text) {
  const std::optional<std::uint64_t> port = text.size() <= 5 ? parse_uint(text) : std::nullopt;
  if (!port || *port > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
  return static_cast<std::uint16_t>(*port);
}

bool is_ipv4(const std::string& host) {
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1;
}

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

// "host:port" or "[v6]:port"; the port may be missing.
struct HostPort {
  std::string host;
  std::optional<std::string_view> port;
  bool bracketed = false;
};

std::optional<HostPort> split_host_port(std::string_view text) {
  HostPort out;
  if (!text.empty() && text.front() == '[') {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    out.host = text.substr(1, close - 1);
    out.bracketed = true;
    text.remove_prefix(close + 1);
    if (text.empty()) return out;
    if (text.front() != ':') return std::nullopt;
    out.port = text.substr(1);
    return out;
  }
  const std::size_t colon = text.find(':');
  out.host = text.substr(0, colon);
  if (colon != std::string_view::npos) out.port = text.substr(colon + 1);
  return out;
}

bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > 253 || host.front() == '.' || host.front() == '-') return false;
  return std::all_of(host.begin(), host.end(), [](char c) { return is_alnum(c) || c == '.' || c == '-' || c == '_'; });
}

bool is_url_path(std::string_view path) {
  return std::all_of(path.begin(), path.end(), [](char c) {
    return is_alnum(c) || std::string_view("/-._~!$&'()*+,;=:@%").find(c) != std::string_view::npos;
  });
}

std::optional<double> parse_unit_interval(std::string_view text) {
  const std::optional<double> value = parse_number(trim(text));
  return value && *value <= 1.0 ? value : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_bytes(std::string_view text) { return parse_quantity(text, byte_units); }
std::optional<std::int64_t> parse_tokens(std::string_view text) { return parse_quantity(text, token_units); }

std::string format_bytes(std::int64_t bytes) {
  for (const auto& [unit, shift] : {std::pair{"GiB", 30U}, std::pair{"MiB", 20U}, std::pair{"KiB", 10U}}) {
    const std::int64_t factor = std::int64_t{1} << shift;
    if (bytes >= factor && bytes % factor == 0) return std::to_string(bytes / factor) + unit;
  }
  return std::to_string(bytes);
}

std::string format_tokens(std::int64_t tokens) {
  if (tokens >= 1'000'000 && tokens % 1'000'000 == 0) return std::to_string(tokens / 1'000'000) + "M";
  if (tokens >= 1'000 && tokens % 1'000 == 0) return std::to_string(tokens / 1'000) + "k";
  return std::to_string(tokens);
}

std::string format_number(double value) {
  std::array<char, 64> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return error == std::errc{} ? std::string(buffer.data(), end) : std::string("0");
}

std::optional<Address> parse_address(std::string_view text) {
  const std::optional<HostPort> parts = split_host_port(text);
  if (!parts || !parts->port) return std::nullopt;
  const std::optional<std::uint16_t> port = parse_port(*parts->port);
  if (!port) return std::nullopt;
  if (parts->bracketed) {
    if (!is_ipv6(parts->host)) return std::nullopt;
    return Address{parts->host, *port};
  }
  if (parts->host.empty() || parts->host == "*") return Address{"0.0.0.0", *port};
  if (iequals(parts->host, "localhost")) return Address{"127.0.0.1", *port};
  if (!is_ipv4(parts->host)) return std::nullopt;
  return Address{parts->host, *port};
}

std::string format_address(const Address& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

bool is_loopback(std::string_view host) {
  if (iequals(host, "localhost")) return true;
  const std::string text(host);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24U) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, text.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

UrlResult parse_url(std::string_view text) {
  UrlResult out;
  const auto fail = [&out](std::string_view fault) {
    out.fault = fault;
    return out;
  };
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return fail("must begin with http:// or https://");
  out.url.scheme = to_lower(text.substr(0, colon));
  if (out.url.scheme != "http" && out.url.scheme != "https") return fail("must begin with http:// or https://");
  text.remove_prefix(colon + 3);

  const std::size_t authority_end = text.find_first_of("/?#");
  const std::string_view authority = text.substr(0, authority_end);
  std::string_view path = authority_end == std::string_view::npos ? std::string_view{} : text.substr(authority_end);
  if (path.find_first_of("?#") != std::string_view::npos) return fail("must not hold '?' or '#': use `query`");
  if (authority.find('@') != std::string_view::npos) return fail("must not hold a user or password: use `api_key`");

  const std::optional<HostPort> parts = split_host_port(authority);
  if (!parts) return fail("has a host that cannot be read");
  const bool host_good = parts->bracketed ? is_ipv6(parts->host) : is_host_name(parts->host);
  if (!host_good) return fail(parts->host.empty() ? "has no host" : "has a host that cannot be read");
  out.url.host = to_lower(parts->host);
  out.url.port = out.url.scheme == "https" ? 443 : 80;
  if (parts->port) {
    const std::optional<std::uint16_t> port = parse_port(*parts->port);
    if (!port || *port == 0) return fail("has a port that is not a number from 1 to 65535");
    out.url.port = *port;
  }
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  if (!is_url_path(path)) return fail("has a path with characters that must be percent-encoded");
  out.url.path = path;
  return out;
}

namespace {

// "<b", ">=a" or "a..b"; `value` reads a bound and gives nothing for what is none.
template <class Range, class Value>
std::optional<Range> parse_range(std::string_view text, Value&& value) {
  text = trim(text);
  Range out;
  if (const std::size_t dots = text.find(".."); dots != std::string_view::npos) {
    const auto min = value(text.substr(0, dots));
    const auto max = value(text.substr(dots + 2));
    if (!min || !max || *min < 0 || *min >= *max) return std::nullopt;
    out.min = *min;
    out.max = *max;
    return out;
  }
  if (text.substr(0, 2) == ">=") {
    const auto min = value(text.substr(2));
    if (!min || *min < 0) return std::nullopt;
    out.min = *min;
    return out;
  }
  if (!text.empty() && text.front() == '<') {
    const auto max = value(text.substr(1));
    if (!max || *max <= 0) return std::nullopt;
    out.max = *max;
    return out;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ComplexityRange> parse_complexity(std::string_view text) {
  return parse_range<ComplexityRange>(text, parse_unit_interval);
}

std::optional<TokenRange> parse_token_range(std::string_view text) {
  return parse_range<TokenRange>(text, [](std::string_view bound) { return parse_tokens(trim(bound)); });
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

bool is_header_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && is_alnum(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; });
}

}  // namespace triaged::config
