// Names an effective configuration: 12 hexadecimal digits that change when anything that matters does. Secrets do not
// enter.
#pragma once

#include "config/entries.hpp"
#include "config/report.hpp"

#include <string>

namespace triaged::config {

// Every key with its value as JSON, defaults included; of secrets only whether they are set.
std::string effective_json(const Document& document, const Report& report);
std::string fingerprint(const std::string& effective);  // 12 hexadecimal digits

}  // namespace triaged::config
