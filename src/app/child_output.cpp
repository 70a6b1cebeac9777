#include "app/child_output.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace triaged::app {
namespace {

constexpr std::size_t most_output = 64U << 10U;

Error failure(std::string sentence) { return gateway_error(ErrorKind::internal, 500, std::move(sentence)); }

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

// A process of ours, in a group of its own; what is left of the group goes with this. Its number is nobody else's until
// it is reaped.
class Child {
 public:
  explicit Child(pid_t id) : id_(id), ended_(descriptor_of(id)) {}
  ~Child() {
    if (!reaped_) static_cast<void>(reap());
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  int ended() const { return ended_.number(); }  // can be read once it has
  Result<void> reap() {
    ::kill(-id_, SIGKILL);
    reaped_ = ::waitpid(id_, &status_, 0) == id_;
    if (reaped_ && WIFEXITED(status_) && WEXITSTATUS(status_) == 0) return {};
    if (WIFSIGNALED(status_)) return failure("it was ended by signal " + std::to_string(WTERMSIG(status_)));
    return failure("it ended with code " + std::to_string(WEXITSTATUS(status_)));
  }

 private:
  // The library's own function cannot be linked from C++ in glibc 2.36.
  static int descriptor_of(pid_t id) { return static_cast<int>(::syscall(SYS_pidfd_open, id, 0)); }

  pid_t id_;
  Descriptor ended_;
  int status_ = 0;
  bool reaped_ = false;
};

// Our sockets and files stay ours, and our blocked signals too.
class Spawning {
 public:
  explicit Spawning(int output) {
    ::posix_spawn_file_actions_init(&files_);
    ::posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
    ::posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Spawning() {
    ::posix_spawn_file_actions_destroy(&files_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;

  Result<pid_t> start(std::vector<std::string> command) const {
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (std::string& argument : command) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    pid_t id = 0;
    const int code = ::posix_spawnp(&id, arguments.front(), &files_, &attributes_, arguments.data(), environ);
    if (code != 0) return failure(std::string("it cannot be started: ") + std::generic_category().message(code));
    return id;
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

// Until the program has ended and all that it wrote is read: what it started may hold its output open.
Result<std::string> read_all(Child& child, int output, TimePoint until, int wake) {
  enum : std::size_t { ended, written, woken };
  std::array<pollfd, 3> waits{
      {{child.ended(), POLLIN, 0}, {output, POLLIN, 0}, {wake, POLLIN, 0}}};  // of a negative number nothing is told
  std::string text;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - system_clock().now()).count();
    if (left <= 0) return failure("it did not end in time");
    const int ready = ::poll(waits.data(), waits.size(), static_cast<int>(std::min<std::int64_t>(left, 60'000)));
    if (ready < 0 && errno != EINTR)
      return failure(std::string("it cannot be waited for: ") + std::generic_category().message(errno));
    if (ready <= 0) continue;
    if (waits[woken].revents != 0) return failure("it was not waited for any more");
    if (waits[written].revents != 0) {
      std::array<char, 4096> piece;
      const ssize_t got = ::read(output, piece.data(), piece.size());
      if (got > 0) text.append(piece.data(), static_cast<std::size_t>(got));
      if (text.size() > most_output) return failure("it prints more than 64 KiB");
      if (got > 0) continue;
      waits[written].fd = -1;
    }
    if (waits[ended].revents == 0) continue;
    if (Result<void> well = child.reap(); !well) return well.error();
    return text;
  }
}

}  // namespace

Result<std::string> output_of(const std::vector<std::string>& command, Duration timeout, int wake) {
  if (command.empty() || command.front().empty()) return failure("there is no program to start");
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return failure(std::string("no pipe can be made: ") + std::generic_category().message(errno));
  const Descriptor output(ends[0]);
  Descriptor input(ends[1]);
  const TimePoint until = system_clock().now() + timeout;
  const Result<pid_t> id = Spawning(ends[1]).start(command);
  if (!id) return id.error();
  Child child(*id);
  input.close();
  return read_all(child, output.number(), until, wake);
}

}  // namespace triaged::app
