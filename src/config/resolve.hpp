// From a checked file to Settings: names become indices, URLs their parts, relative paths absolute ones.
#pragma once

#include "config/entries.hpp"

#include <string>

namespace triaged::config {

Settings resolve(Document document, const std::string& directory);

}  // namespace triaged::config
