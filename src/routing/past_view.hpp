// Past prompts as a plan looks at them.
#pragma once

#include "triaged/routing/plan.hpp"

#include "routing/price_ceiling.hpp"
#include "routing/usable.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace triaged::routing {

// Their outcomes are those of texts alone: of a request with images, files or results of tools they say nothing.
PastView look_at_past(const PastPrompts& past, const Features& features);

// Of the tiers up to `ceiling`, for choose_by_past(). What is known of a tier is what is known of the target that would
// be asked first.
std::vector<PastOffer> past_offers(const PastView& view, const PastPrompts& past, const UsableTargets& usable,
                                   const PriceCeiling& price, std::size_t ceiling);

// Why a view with a choice leads to its tier.
std::string sentence_of(const PastView& view, const std::string& tier_name);

}  // namespace triaged::routing
