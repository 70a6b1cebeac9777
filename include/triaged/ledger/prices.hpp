// The price book. Prices are integers: nano-dollars per million tokens. A model without a row is unknown, never free;
// a free model has a row that says 0.
#pragma once

#include "triaged/base/money.hpp"
#include "triaged/base/result.hpp"
#include "triaged/chat/usage.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace triaged::ledger {

// Nano-dollars per million tokens; what a provider does not price apart has the price of its plain class.
struct Rates {
  std::int64_t input = 0;
  std::int64_t cached_input = 0;
  std::int64_t cache_write_5m = 0;
  std::int64_t cache_write_1h = 0;
  std::int64_t audio_input = 0;
  std::int64_t output = 0;
  std::int64_t reasoning = 0;
  std::int64_t audio_output = 0;
};

struct Price {
  std::string provider;
  std::string model;
  Rates rates;
  std::int64_t long_context_above = 0;  // input tokens; 0: one price for all sizes
  Rates long_context;                   // for the whole request once it is above
  std::int64_t per_request = 0;         // nano-dollars
  std::int64_t context_window = 0;      // tokens; 0: not known
  std::string source;                   // URL
  std::string date;                     // when the row was checked, YYYY-MM-DD
};

class PriceBook {
 public:
  // All problems in one message: line, key, what to do.
  static Result<PriceBook> parse(std::string_view yaml);
  static const PriceBook& built_in();  // config/prices.yaml as compiled in

  // Exact name first; then the name without a trailing date or version (without_version()), and, where the model names
  // its maker ("anthropic/claude-x" at OpenRouter), the maker's row.
  const Price* find(std::string_view provider, std::string_view model) const;
  // Whoever sells it: "provider/model" at that provider, else the first provider in the file that lists it (makers
  // stand before resellers).
  const Price* find_any(std::string_view model) const;
  const std::vector<Price>& rows() const { return rows_; }

 private:
  const Price* find_versions(std::string_view provider, std::string_view model) const;

  std::vector<Price> rows_;
  std::unordered_map<std::string, std::size_t> by_name_;
};

// Exact integer arithmetic in 128 bits, rounded half up once, at the sum. Unknown usage has no cost; neither has one
// with a count below zero or a cost beyond 64 bits.
std::optional<NanoDollars> cost_of(const Price& price, const chat::Usage& usage);

}  // namespace triaged::ledger
