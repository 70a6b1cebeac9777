#pragma once

#include "app/commands.hpp"

namespace triaged::app {

void add_eval_cost(CLI::App& parser, Command& chosen);  // `parser` is the command `eval`

}  // namespace triaged::app
