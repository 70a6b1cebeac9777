// A provider as the file has it, with everything filled in that follows from the rest.
#pragma once

#include "triaged/config/settings.hpp"

#include <string>

namespace triaged::config {

// `directory`: where relative paths begin.
Provider resolve_provider(Provider provider, const std::string& directory);

}  // namespace triaged::config
