// Who makes embeddings. There is no choice of quality in it: vectors of different models do not compare, so that a
// request gets the model it names, from whichever target has it.
#pragma once

#include "triaged/routing/plan.hpp"

namespace triaged::routing {

// `model`: "provider/model", or the bare name: then all targets of Settings::embeddings that have it, in their order.
// Error: 404.
Result<Plan> plan_embeddings(const chat::Request& request, const config::Settings& settings);

}  // namespace triaged::routing
