// From an answer to bytes and waits.
#pragma once

#include "triaged/provider/simulated.hpp"

#include "provider/simulated/simulated_answer.hpp"

namespace triaged::provider {

Script simulated_stream(const config::Simulation& options, const SimulatedRequest& request,
                        const SimulatedAnswer& answer);
Script simulated_body(const config::Simulation& options, const SimulatedRequest& request,
                      const SimulatedAnswer& answer);
Script simulated_json(int status, const std::string& body);  // a whole answer at once

}  // namespace triaged::provider
