// What the stronger tier is told of the weaker one's answer.
#pragma once

#include "triaged/quality/checks.hpp"

#include <string>
#include <string_view>

namespace triaged::quality {

// A message for the conversation, in a sentence or two. `judge_reason` is what the judge wrote, where it found it.
std::string feedback(const Finding& finding, std::string_view judge_reason = {});

}  // namespace triaged::quality
