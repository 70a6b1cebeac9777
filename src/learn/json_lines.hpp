// Files of JSON lines, and what makes their use reproducible: a hash of each text, a SHA-256 of each file.
#pragma once

#include "triaged/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace triaged::learn {

// Calls `each` for every line that is not empty and gives the SHA-256 of the file, in hexadecimal. An error of `each`
// ends it and is told with file and line.
Result<std::string> for_each_json_line(const std::string& path,
                                       const std::function<Result<void>(const nlohmann::json&)>& each);

// The same on every machine and in every run.
std::uint64_t stable_hash(std::string_view text, std::uint64_t seed);

}  // namespace triaged::learn
