// What a target cannot do at all for a request, whatever it costs.
#pragma once

#include "triaged/chat/request.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/routing/features.hpp"
#include "triaged/routing/plan.hpp"

#include <cstddef>
#include <optional>

namespace triaged::routing {

// The first constraint that the target breaks, if any.
std::optional<Removed> find_violation(std::size_t target, const chat::Request& request, const Features& features,
                                      const config::Settings& settings);

}  // namespace triaged::routing
