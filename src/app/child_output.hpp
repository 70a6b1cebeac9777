// What another program prints.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/result.hpp"

#include <string>
#include <vector>

namespace triaged::app {

// Runs a program, the first of `command`, with the others as its arguments and nothing to read, and returns what it
// wrote to its standard output once it has ended well. Blocks: for threads that nobody waits for. Ended by force, with
// all that it started in its process group, after `timeout` or as soon as `wake`, a descriptor, can be read (-1:
// never). Errors say what became of it, and nothing of what it printed.
Result<std::string> output_of(const std::vector<std::string>& command, Duration timeout, int wake);

}  // namespace triaged::app
