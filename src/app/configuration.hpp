// Reading the configuration for a command: a file, or the built-in one, with the process's environment for secrets.
#pragma once

#include "triaged/config/load.hpp"

#include <string>

namespace triaged::app {

struct Read {
  config::Loaded loaded;
  std::string name;      // for messages
  bool readable = true;  // false: the file could not be read, and `name` says why
};

// "" is the built-in configuration.
Read read_configuration(const std::string& file);
// Prints all problems to standard error; true when none is fatal.
bool told_problems(const Read& read);

}  // namespace triaged::app
