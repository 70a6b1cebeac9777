// What the simulated provider answers to a request for embeddings.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/provider/simulated.hpp"

#include <string>

namespace triaged::provider {

// An answer as JSON: vectors of length 1, the same for the same model, text and number of dimensions; they mean
// nothing.
Result<std::string> simulated_embeddings(const config::Simulation& options, const std::string& body,
                                         std::string& model);

}  // namespace triaged::provider
