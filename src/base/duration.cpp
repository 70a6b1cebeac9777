// The durations of the configuration: reading and writing "1.5s".
#include "triaged/base/text.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace triaged {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};

constexpr std::array<Unit, 7> units{{{"d", 86'400'000'000'000},
                                     {"h", 3'600'000'000'000},
                                     {"m", 60'000'000'000},
                                     {"s", 1'000'000'000},
                                     {"ms", 1'000'000},
                                     {"us", 1'000},
                                     {"ns", 1}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

// A fraction of a unit (the "5" of "1.5s") in nanoseconds; nothing if it has over 15 digits or is no whole number of
// them.
std::optional<std::uint64_t> fraction_of(std::string_view fraction, std::uint64_t unit) {
  while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
  if (fraction.size() > 15) return std::nullopt;
  std::uint64_t numerator = 0;
  std::uint64_t denominator = 1;
  for (const char digit : fraction) {
    numerator = numerator * 10 + static_cast<std::uint64_t>(digit - '0');
    denominator *= 10;
  }
  // Shortened by their common tens, so that the product below stays under 1e18 even for days.
  while (denominator > 1 && unit % 10 == 0) {
    denominator /= 10;
    unit /= 10;
  }
  if (numerator * unit % denominator != 0) return std::nullopt;
  return numerator * unit / denominator;
}

// `value` in `unit` as a decimal number, if that is at least 1 and ends.
std::optional<std::string> write_in(std::uint64_t value, const Unit& unit) {
  if (value < unit.nanoseconds) return std::nullopt;
  std::string out = std::to_string(value / unit.nanoseconds);
  std::uint64_t rest = value % unit.nanoseconds;
  if (rest != 0) out += '.';
  for (int digits = 0; rest != 0; ++digits) {
    if (digits == 14) return std::nullopt;
    rest *= 10;
    out += static_cast<char>('0' + static_cast<char>(rest / unit.nanoseconds));
    rest %= unit.nanoseconds;
  }
  out += unit.name;
  return out;
}

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  const std::string_view whole_digits = take_digits(text);
  const std::optional<std::uint64_t> whole = parse_uint(whole_digits);
  if (!whole) return std::nullopt;
  std::string_view fraction;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (fraction.empty()) return std::nullopt;
  }
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  for (const Unit& unit : units) {
    if (unit.name != text) continue;
    if (*whole > most / unit.nanoseconds) return std::nullopt;
    const std::optional<std::uint64_t> part = fraction_of(fraction, unit.nanoseconds);
    if (!part || *part > most - *whole * unit.nanoseconds) return std::nullopt;
    return std::chrono::nanoseconds(static_cast<std::int64_t>(*whole * unit.nanoseconds + *part));
  }
  return std::nullopt;
}

std::string format_duration(std::chrono::nanoseconds duration) {
  const std::int64_t count = duration.count();
  if (count == 0) return "0s";
  // Negated as unsigned: the most negative value has no positive twin.
  const std::uint64_t value = count < 0 ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
  std::string best;
  for (const Unit& unit : units) {
    const std::optional<std::string> written = write_in(value, unit);
    if (written && (best.empty() || written->size() < best.size())) best = *written;
  }
  return count < 0 ? "-" + best : best;
}

}  // namespace triaged
