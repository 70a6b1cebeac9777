// Names of models: providers sell the same one under its name and under that with a date or a version.
#pragma once

#include <string_view>

namespace triaged {

// The name without what its end says of its version ("-2024-08-06", "-20250219", "-latest", "@001", "-001", "+fault");
// as it is where there is none. A view into `model`.
std::string_view without_version(std::string_view model);

}  // namespace triaged
