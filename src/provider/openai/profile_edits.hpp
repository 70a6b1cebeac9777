// A client's body brought into line with a profile, by edits of it.
#pragma once

#include "provider/openai/openai_profiles.hpp"
#include "provider/splice.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {

// Also cuts `models`, whose commas are in the way of those of its neighbours. Adds the names of what is lost to
// `dropped`.
void splice_profile(std::string_view body, const ProfileRules& rules, Splice& splice,
                    std::vector<std::string>& dropped);

}  // namespace triaged::provider
