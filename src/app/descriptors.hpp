// File descriptors: what the process may open, and whether that is enough for what its configuration allows.
#pragma once

#include "triaged/config/settings.hpp"

#include <cstddef>
#include <string>

namespace triaged::app {

// Raises the soft limit to the hard one, and says what it is now.
std::size_t raise_descriptor_limit();

// A sentence when the configured connections need more, "" otherwise. A connection of a client in use takes another one
// to a provider.
std::string descriptor_shortage(const config::Settings& settings, std::size_t workers, std::size_t limit);

}  // namespace triaged::app
