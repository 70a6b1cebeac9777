// The subcommands. Each adds itself to the parser and leaves what is to be run behind.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace triaged::app {

using Command = std::function<int()>;  // returns the exit code

void add_serve(CLI::App& parser, Command& chosen);
void add_check(CLI::App& parser, Command& chosen);
void add_explain(CLI::App& parser, Command& chosen);
void add_report(CLI::App& parser, Command& chosen);
void add_simulate(CLI::App& parser, Command& chosen);
void add_train(CLI::App& parser, Command& chosen);
void add_eval(CLI::App& parser, Command& chosen);
void add_calibrate(CLI::App& parser, Command& chosen);
void add_eval_semantic(CLI::App& eval, Command& chosen);

}  // namespace triaged::app
