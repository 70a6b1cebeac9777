// From a checked file to Settings: names become indices, URLs their parts, relative paths absolute ones.
#pragma once

#include "config/entries.hpp"

#include <string>

namespace triaged::config {

Settings resolve(Document document, const std::string& directory);

// The parts: resolve_quality.cpp, passthrough.cpp. The tiers are in `settings` already.
Passthrough resolve_passthrough(const PassthroughEntry& entry, const Settings& settings);
Quality resolve_quality(const QualityEntry& entry, const Settings& settings);
// The gate of that name; `otherwise` where none is named, nothing for `none`.
std::optional<std::size_t> resolve_gate_name(std::string_view name, const Settings& settings,
                                             std::optional<std::size_t> otherwise);

}  // namespace triaged::config
