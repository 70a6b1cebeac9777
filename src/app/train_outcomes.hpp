#pragma once

#include "app/commands.hpp"

namespace triaged::app {

void add_train_outcomes(CLI::App& parser, Command& chosen);  // `parser` is the command `train`

}  // namespace triaged::app
