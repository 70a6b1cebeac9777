// What commands that read and write files share.
#pragma once

#include "triaged/base/result.hpp"

#include <string>
#include <string_view>

namespace triaged::app {

Result<std::string> read_file(const std::string& path);
// Whole or not at all: written beside it first, then renamed.
Result<void> write_file(const std::string& path, std::string_view bytes);
int failed(std::string_view command, const Error& error);  // tells it on standard error; exit code 1

}  // namespace triaged::app
