#include "triaged/base/text.hpp"

#include "ledger/price_file.hpp"

#include <chrono>

namespace triaged::ledger {
namespace {

constexpr std::size_t max_decimals = 6;
constexpr std::size_t max_whole_digits = 7;
constexpr std::int64_t nano = 1'000'000'000;

}  // namespace

std::optional<std::int64_t> parse_price(std::string_view text) {
  const std::size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  if (whole.size() > max_whole_digits) return std::nullopt;
  const auto dollars = parse_uint(whole);
  if (!dollars) return std::nullopt;
  std::int64_t value = static_cast<std::int64_t>(*dollars) * nano;
  if (dot == std::string_view::npos) return value;

  const std::string_view decimals = text.substr(dot + 1);
  if (decimals.size() > max_decimals) return std::nullopt;
  const auto fraction = parse_uint(decimals);
  if (!fraction) return std::nullopt;
  std::int64_t scale = nano;
  for (std::size_t i = 0; i < decimals.size(); ++i) scale /= 10;
  return value + static_cast<std::int64_t>(*fraction) * scale;
}

bool valid_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto year = parse_uint(text.substr(0, 4));
  const auto month = parse_uint(text.substr(5, 2));
  const auto day = parse_uint(text.substr(8, 2));
  if (!year || !month || !day) return false;
  return std::chrono::year_month_day{std::chrono::year(static_cast<int>(*year)),
                                     std::chrono::month(static_cast<unsigned>(*month)),
                                     std::chrono::day(static_cast<unsigned>(*day))}
      .ok();
}

}  // namespace triaged::ledger
