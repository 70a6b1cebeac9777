// Numbers as reports write them. What is not reached is "never".
#pragma once

#include <optional>
#include <string>

namespace triaged::learn {

double rounded(double value);                     // to four decimals, for JSON
std::string fixed(double value, int digits = 3);  // with so many decimals
std::string fixed(const std::optional<double>& value, int digits);
std::string percent(double number);  // "12.3 %" for 12.3
std::string percent(const std::optional<double>& number);

}  // namespace triaged::learn
