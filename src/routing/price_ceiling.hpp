// What a request may cost at the most: as much as the model that it names would.
#pragma once

#include "triaged/routing/brain.hpp"

#include "routing/usable.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace triaged::routing {

class PriceCeiling {
 public:
  PriceCeiling() = default;  // none: it excludes nothing
  // Excludes nothing where nobody knows the price of `model`.
  PriceCeiling(const Pricing& pricing, std::string_view model, std::int64_t input_tokens);

  // A target without a price is not excluded.
  bool excludes(std::size_t target) const;
  bool excludes_all(const std::vector<std::size_t>& targets) const;  // and there are some

 private:
  const Pricing* pricing_ = nullptr;
  ExpectedUsage usage_;
  std::optional<NanoDollars> most_;
};

// The first target of a tier that can take the request and costs no more.
std::optional<std::size_t> first_within(const PriceCeiling& price, const UsableTargets& usable, std::size_t tier);

}  // namespace triaged::routing
