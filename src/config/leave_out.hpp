// Takes providers out that have no key, and those for an emergency that has not come; then whatever depended on them.
// What is left refers only to what is left.
#pragma once

#include "config/entries.hpp"
#include "config/reader.hpp"

#include <string>
#include <vector>

namespace triaged::config {

// Changes `document`, which passed the checks; tells each decision in `notes`. False when no provider is left.
bool leave_out(Document& document, const MissingSecrets& missing, std::vector<std::string>& notes);
// The part that is in passthrough.cpp. `left`: the providers that stay.
void note_left_out(const PassthroughEntry& entry, const std::vector<Provider>& left, std::vector<std::string>& notes);

}  // namespace triaged::config
