// Reads the text of a price file (its form is told at the top of config/prices.yaml) into rows, strictly.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/ledger/prices.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::ledger {

struct PriceRow {
  Price price;
  std::vector<std::string> names;  // the model's own first
};

struct PriceProvider {
  std::vector<std::string> names;  // the provider's own first
  std::vector<PriceRow> rows;
};

// All problems in one message, a line each.
Result<std::vector<PriceProvider>> read_price_file(std::string_view yaml);

// "0.0375" -> 37'500'000: dollars to nano-dollars, digits only, at most six decimals, below ten million dollars.
std::optional<std::int64_t> parse_price(std::string_view text);

// A real calendar day as YYYY-MM-DD.
bool valid_date(std::string_view text);

}  // namespace triaged::ledger
