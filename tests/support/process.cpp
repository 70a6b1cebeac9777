#include "support/process.hpp"

#include "support/files.hpp"
#include "support/signal.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace triaged::test {
namespace {

// In the child, between fork and exec: only what is safe there.
[[noreturn]] void become(const std::vector<char*>& arguments, int output, int errors) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // no daemon outlives a test that crashed
  ::dup2(output, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  ::execv(arguments[0], arguments.data());
  ::_Exit(127);
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const std::string& errors) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  const int error_file = ::open(errors.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  std::vector<std::string> copies = command;
  std::vector<char*> arguments;
  for (std::string& each : copies) arguments.push_back(each.data());
  arguments.push_back(nullptr);
  id_ = ::fork();
  if (id_ == 0) become(arguments, ends[1], error_file);
  ::close(ends[1]);
  ::close(error_file);
  output_ = ends[0];
  if (id_ < 0) throw std::runtime_error("fork failed");
}

Process::~Process() {
  if (!ended_) {
    signal(SIGKILL);
    int ignored = 0;
    ::waitpid(id_, &ignored, 0);
  }
  ::close(output_);
}

bool Process::fill() {
  pollfd watched{output_, POLLIN, 0};
  const int limit = static_cast<int>(std::chrono::milliseconds(patience).count());
  if (::poll(&watched, 1, limit) <= 0) throw std::runtime_error("a process said nothing within the time limit");
  std::array<char, 4096> buffer;
  const ssize_t size = ::read(output_, buffer.data(), buffer.size());
  if (size <= 0) return false;
  held_.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

std::string Process::read_line() {
  while (held_.find('\n') == std::string::npos) {
    if (!fill()) throw std::runtime_error("a process ended before it said what was expected");
  }
  std::string line = held_.substr(0, held_.find('\n'));
  held_.erase(0, line.size() + 1);
  return line;
}

std::string Process::read_output() {
  while (fill()) {
  }
  return std::move(held_);
}

void Process::signal(int number) const { ::kill(id_, number); }

Exit Process::wait() {
  int status = 0;
  const bool over = ended_ || eventually([&] { return ::waitpid(id_, &status, WNOHANG) == id_; });
  if (!over) throw std::runtime_error("a process did not end within the time limit");
  if (ended_) return exit_;
  ended_ = true;
  if (WIFEXITED(status)) exit_.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) exit_.signal = WTERMSIG(status);
  return exit_;
}

std::size_t Process::peak_memory() const {
  std::istringstream status(read_file("/proc/" + std::to_string(id_) + "/status"));
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with("VmHWM:")) continue;
    return std::stoull(line.substr(6)) * 1024;
  }
  throw std::runtime_error("the process's memory cannot be read");
}

Ran run(const std::vector<std::string>& command) {
  const Folder folder;
  Process process(command, folder.file("errors"));
  Ran ran;
  ran.output = process.read_output();
  ran.exit = process.wait();
  ran.errors = read_file(folder.file("errors"));
  return ran;
}

}  // namespace triaged::test
