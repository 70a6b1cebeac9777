#include "provider/retry_after.hpp"

#include "triaged/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace triaged::provider {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest = std::chrono::hours(24);

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

milliseconds bounded(double count) {
  return milliseconds(static_cast<std::int64_t>(std::clamp(count, 0.0, static_cast<double>(longest.count()))));
}

std::optional<unsigned> two_digits(std::string_view text, std::size_t at) {
  const auto value = parse_uint(text.substr(at, 2));
  if (!value) return {};
  return static_cast<unsigned>(*value);
}

std::optional<unsigned> month_number(std::string_view name) {
  static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto* const found = std::find(months.begin(), months.end(), name);
  if (found == months.end()) return {};
  return static_cast<unsigned>(found - months.begin()) + 1;
}

}  // namespace

std::optional<WallTime> parse_http_date(std::string_view text) {
  constexpr std::size_t size = 29;
  if (text.size() != size || text.substr(3, 2) != ", " || !text.ends_with(" GMT")) return {};
  if (text[7] != ' ' || text[11] != ' ' || text[16] != ' ' || text[19] != ':' || text[22] != ':') return {};
  const auto day = two_digits(text, 5);
  const auto month = month_number(text.substr(8, 3));
  const auto year = parse_uint(text.substr(12, 4));
  const auto hour = two_digits(text, 17);
  const auto minute = two_digits(text, 20);
  const auto second = two_digits(text, 23);
  if (!day || !month || !year || !hour || !minute || !second) return {};
  if (*hour > 23 || *minute > 59 || *second > 60) return {};
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                         std::chrono::day(*day));
  if (!date.ok()) return {};
  return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

std::optional<milliseconds> read_retry_after(const wire::Headers& headers, WallTime now) {
  if (const auto text = headers.find("retry-after-ms")) {
    if (const auto count = parse_number(trim(*text))) return bounded(*count);
  }
  const auto text = headers.find("retry-after");
  if (!text) return {};
  if (const auto seconds = parse_number(trim(*text))) return bounded(*seconds * 1000);
  const auto date = parse_http_date(trim(*text));
  if (!date) return {};
  return std::clamp(std::chrono::duration_cast<milliseconds>(*date - now), milliseconds(0), longest);
}

}  // namespace triaged::provider
