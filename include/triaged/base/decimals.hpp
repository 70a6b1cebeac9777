// Numbers as texts for people write them.
#pragma once

#include <string>

namespace triaged {

// With exactly two decimals, always with a point, rounded as printf does.
void append_two_decimals(std::string& out, double value);

}  // namespace triaged
