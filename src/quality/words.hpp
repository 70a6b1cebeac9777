// Small texts for findings.
#pragma once

#include <string>
#include <string_view>

namespace triaged::quality {

// The first characters of `text` (at most 40) in quotation marks, as printable ASCII: what is not is written \uXXXX,
// and
// "..." says that there is more.
std::string in_quotes(std::string_view text);
// With two decimals.
std::string two_decimals(double value);

}  // namespace triaged::quality
