// What of a Responses request is not sent to a provider that speaks it.
#pragma once

#include "triaged/chat/request.hpp"

#include <string_view>
#include <vector>

namespace triaged::provider {

// The items of `input` that hold thoughts of another provider's model, which an earlier answer of ours brought to the
// client: a provider refuses thoughts that it does not know. In order, each with one comma.
std::vector<chat::ByteRange> thoughts_of_others(std::string_view body);

}  // namespace triaged::provider
