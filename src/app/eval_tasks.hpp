#pragma once

#include "app/commands.hpp"

namespace triaged::app {

void add_eval_tasks(CLI::App& parser, Command& chosen);  // `parser` is the command `eval`

}  // namespace triaged::app
