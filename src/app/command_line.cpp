#include "triaged/app/command_line.hpp"

#include "app/commands.hpp"

#include <exception>
#include <iostream>

namespace triaged::app {

int run(int argc, char** argv) {
  CLI::App parser{"triaged: routes each LLM request to the cheapest tier of models that answers it well enough"};
  parser.set_version_flag("--version", "triaged " TRIAGED_VERSION);
  parser.require_subcommand(1);
  Command chosen;
  add_serve(parser, chosen);
  add_check(parser, chosen);
  add_explain(parser, chosen);
  add_report(parser, chosen);
  add_simulate(parser, chosen);
  add_train(parser, chosen);
  add_eval(parser, chosen);
  add_calibrate(parser, chosen);
  try {
    parser.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    const int code = parser.exit(problem);
    return code == 0 ? 0 : 2;
  }
  try {
    return chosen();
  } catch (const std::exception& problem) {
    std::cerr << "triaged: " << problem.what() << '\n';
    return 1;
  }
}

}  // namespace triaged::app
