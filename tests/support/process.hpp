// A child process: started, watched and ended by its own id.
#pragma once

#include <chrono>
#include <string>
#include <sys/types.h>
#include <vector>

namespace triaged::test {

// How a process ended.
struct Exit {
  int code = -1;   // -1: by a signal
  int signal = 0;  // 0: by itself
};

class Process {
 public:
  // Standard output becomes a pipe to read from, standard error the file `errors`.
  Process(const std::vector<std::string>& command, const std::string& errors);
  ~Process();  // kills it, if it still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  std::string read_line();    // of its standard output; throws after `patience` and at the end
  std::string read_output();  // all that is left of it, until it is closed
  void signal(int number) const;
  Exit wait();                           // throws after `patience`
  bool ended() const { return ended_; }  // as far as wait() saw
  pid_t id() const { return id_; }
  std::size_t peak_memory() const;  // bytes resident at most, so far

 private:
  bool fill();  // false at the end

  pid_t id_ = -1;
  int output_ = -1;
  std::string held_;
  bool ended_ = false;
  Exit exit_;
};

// What a command says and how it ends.
struct Ran {
  Exit exit;
  std::string output;
  std::string errors;
};
Ran run(const std::vector<std::string>& command);

}  // namespace triaged::test
