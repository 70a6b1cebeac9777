// Bearer tokens that programs print (`token_command`), kept fresh in files, from which providers read them as they read
// a `token_file`. A thread for each command: a program may take seconds.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/result.hpp"

#include <memory>
#include <string>
#include <vector>

namespace triaged::app {

class TokenCommands {
 public:
  TokenCommands();
  ~TokenCommands();
  TokenCommands(const TokenCommands&) = delete;
  TokenCommands& operator=(const TokenCommands&) = delete;

  // The file for the token of this command, which is run now and then every `refresh` until stop(); sooner when it
  // failed. Waits for the first run to end, a few seconds at the most: without a token the provider is asked without
  // one. Error: no place for files. One thread at a time.
  Result<std::string> file_of(const std::vector<std::string>& command, Duration refresh);
  // Ends programs that run. The files go.
  void stop();

 private:
  class Keeper;
  std::string folder_;  // "" until there is a command
  std::vector<std::unique_ptr<Keeper>> keepers_;
};

}  // namespace triaged::app
