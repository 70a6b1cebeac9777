// Files of JSON lines, and what makes their use reproducible: a hash of each text, a SHA-256 of each file.
#pragma once

#include "triaged/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace triaged::learn {

// Takes a line's value and its number in the file, from 1.
using TakeLine = std::function<Result<void>(const nlohmann::json&, std::size_t)>;
// Calls `each` for every line that is not empty and gives the SHA-256 of the file, in hexadecimal. An error of `each`
// ends it and is told with file and line. Values are nested 64 deep at most, so that they can be copied and destroyed.
Result<std::string> for_each_json_line(const std::string& path, const TakeLine& each);

// The same on every machine and in every run.
std::uint64_t stable_hash(std::string_view text, std::uint64_t seed);

}  // namespace triaged::learn
