// The words of the simulated provider.
#pragma once

#include "triaged/base/ids.hpp"

#include "provider/simulated/simulated_request.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {

inline constexpr std::string_view simulated_label = "[simulated]";

// A plausible answer, which begins with the label; its length goes by the tier and the question.
std::string simulated_text(const SimulatedRequest& request, Random& random);
std::string simulated_refusal();

// Pieces of four characters: what the simulated provider counts and streams as tokens.
std::vector<std::string_view> simulated_tokens(std::string_view text);
std::uint64_t simulated_token_count(std::string_view text);

}  // namespace triaged::provider
