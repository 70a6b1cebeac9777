// One message as a logfmt line: `time=... level=info msg="..." key=value`. Nothing that a client sent can end the line,
// forge a field or steer a terminal.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/log.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace triaged {

std::string_view name(LogLevel level);
// Without a newline. Values longer than 4 KB are cut and end in "...".
std::string format_logfmt(LogLevel level, WallTime now, std::string_view message, const std::vector<Field>& fields);

}  // namespace triaged
