// What every answer says of its decision: response header fields, and the `triaged` object of the body.
#pragma once

#include "triaged/dispatch/reply.hpp"

#include <string>

namespace triaged::server {

// x-triaged-id -tier -model -task -complexity -reason -attempts -config, and -cost-usd -saved-usd where known.
void append_decision_fields(const dispatch::AnswerInfo& info, std::string& out);
// The provider's own header fields that may be passed on.
void append_upstream_fields(const dispatch::AnswerInfo& info, std::string& out);
// {"id":..,"tier":..,"model":..,...,"attempts":[..],"cost_usd":..,"saved_usd":..}: null where unknown. Costs only if
// `final`.
std::string decision_json(const dispatch::AnswerInfo& info, bool final);

}  // namespace triaged::server
