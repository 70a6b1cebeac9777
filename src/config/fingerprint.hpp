// Names an effective configuration: 12 hexadecimal digits that change when anything that matters does. Secrets do not
// enter.
#pragma once

#include "config/entries.hpp"
#include "config/report.hpp"

#include <string>

namespace triaged::config {

// `document` as it is after leave_out; `report` knows which values came from the environment.
std::string fingerprint(const Document& document, const Report& report);

}  // namespace triaged::config
