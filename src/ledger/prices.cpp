#include "triaged/ledger/prices.hpp"

#include "triaged/base/embedded.hpp"
#include "triaged/base/model_name.hpp"

#include "ledger/price_file.hpp"

#include <array>
#include <limits>
#include <stdexcept>
#include <utility>

namespace triaged::ledger {
namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t per_million = 1'000'000;
constexpr char separator = '\x1f';         // in no name
constexpr std::size_t longest_name = 256;  // names come from clients: a longer one is not looked at
constexpr int most_versions = 3;
constexpr std::string_view anyone;  // the provider part of the keys that find_any() uses

std::string key_of(std::string_view provider, std::string_view model) {
  std::string key;
  key.reserve(provider.size() + model.size() + 1);
  key.append(provider).push_back(separator);
  key.append(model);
  return key;
}

bool is_long_context(const Price& price, const chat::Usage& usage) {
  if (price.long_context_above == 0) return false;
  const Wide input = static_cast<Wide>(usage.input) + usage.cached_input + usage.cache_write_5m + usage.cache_write_1h +
                     usage.audio_input;
  return input > price.long_context_above;
}

}  // namespace

Result<PriceBook> PriceBook::parse(std::string_view yaml) {
  auto providers = read_price_file(yaml);
  if (!providers) return providers.error();
  PriceBook book;
  for (PriceProvider& provider : *providers) {
    for (PriceRow& row : provider.rows) {
      const std::size_t index = book.rows_.size();
      for (const std::string& model : row.names) {
        for (const std::string& seller : provider.names) book.by_name_.emplace(key_of(seller, model), index);
        book.by_name_.emplace(key_of(anyone, model), index);  // the first seller stays
      }
      book.rows_.push_back(std::move(row.price));
    }
  }
  return book;
}

const PriceBook& PriceBook::built_in() {
  static const PriceBook book = [] {
    auto parsed = parse(embedded_prices());
    // Only a broken build gets here: a unit test reads the same text.
    if (!parsed) throw std::logic_error("built-in " + parsed.error().detail);
    return std::move(*parsed);
  }();
  return book;
}

const Price* PriceBook::find_versions(std::string_view provider, std::string_view model) const {
  if (model.size() > longest_name) return nullptr;
  for (int versions = 0; versions <= most_versions; ++versions) {
    const auto found = by_name_.find(key_of(provider, model));
    if (found != by_name_.end()) return &rows_[found->second];
    const std::string_view shorter = without_version(model);
    if (shorter.size() == model.size()) return nullptr;
    model = shorter;
  }
  return nullptr;
}

const Price* PriceBook::find(std::string_view provider, std::string_view model) const {
  if (const Price* price = find_versions(provider, model)) return price;
  const std::size_t slash = model.find('/');
  if (slash == std::string_view::npos || slash == 0) return nullptr;
  return find_versions(model.substr(0, slash), model.substr(slash + 1));
}

const Price* PriceBook::find_any(std::string_view model) const {
  const std::size_t slash = model.find('/');
  if (slash != std::string_view::npos && slash > 0) {
    if (const Price* price = find(model.substr(0, slash), model.substr(slash + 1))) return price;
  }
  return find_versions(anyone, model);
}

std::optional<NanoDollars> cost_of(const Price& price, const chat::Usage& usage) {
  if (usage.certainty == chat::Certainty::unknown) return std::nullopt;
  const Rates& rates = is_long_context(price, usage) ? price.long_context : price.rates;
  const std::array<std::pair<std::int64_t, std::int64_t>, 8> classes{{{usage.input, rates.input},
                                                                      {usage.cached_input, rates.cached_input},
                                                                      {usage.cache_write_5m, rates.cache_write_5m},
                                                                      {usage.cache_write_1h, rates.cache_write_1h},
                                                                      {usage.audio_input, rates.audio_input},
                                                                      {usage.output, rates.output},
                                                                      {usage.reasoning, rates.reasoning},
                                                                      {usage.audio_output, rates.audio_output}}};
  Wide sum = static_cast<Wide>(price.per_request) * per_million;
  for (const auto& [tokens, rate] : classes) {
    if (tokens < 0) return std::nullopt;  // no provider counts below zero: whatever this is, its price is not known
    sum += static_cast<Wide>(tokens) * rate;
  }
  const Wide nano_dollars = (sum + per_million / 2) / per_million;
  if (nano_dollars > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return NanoDollars(static_cast<std::int64_t>(nano_dollars));
}

}  // namespace triaged::ledger
