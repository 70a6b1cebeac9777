#include "app/token_commands.hpp"

#include "triaged/base/log.hpp"
#include "triaged/base/text.hpp"

#include "app/child_output.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <future>
#include <poll.h>
#include <string_view>
#include <sys/eventfd.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace triaged::app {
namespace {

constexpr Duration longest_run = std::chrono::seconds(30);
constexpr Duration first_wait = std::chrono::seconds(10);
constexpr Duration shortest_pause = std::chrono::seconds(5);  // after a failure

Error failure(std::string sentence) { return gateway_error(ErrorKind::storage, 500, std::move(sentence)); }

// At once or not at all: whoever reads has the old token or the new one.
Result<void> replace_file(const std::string& path, std::string_view text) {
  const std::string next = path + ".next";
  const int descriptor = ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written =
      descriptor >= 0 && ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int problem = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (written && ::rename(next.c_str(), path.c_str()) == 0) return {};
  return failure("its token cannot be kept in " + path + ": " +
                 std::generic_category().message(written ? errno : problem));
}

}  // namespace

class TokenCommands::Keeper {
 public:
  Keeper(std::vector<std::string> command, Duration refresh, std::string path)
      : command_(std::move(command)),
        refresh_(refresh),
        path_(std::move(path)),
        wake_(::eventfd(0, EFD_CLOEXEC)),
        thread_([this] { run(); }) {}
  ~Keeper() {
    static_cast<void>(::eventfd_write(wake_, 1));  // stays readable: every wait ends
    thread_.join();
    ::close(wake_);
  }
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  bool is_of(const std::vector<std::string>& command, Duration refresh) const {
    return command_ == command && refresh_ == refresh;
  }
  const std::string& path() const { return path_; }
  void wait_for_first() { static_cast<void>(first_ended_.wait_for(first_wait)); }

 private:
  void run() {
    bool first = true;
    Duration pause = std::min(shortest_pause, refresh_);
    for (;;) {
      const Result<void> kept = keep();
      if (std::exchange(first, false)) first_.set_value();
      if (kept) {
        pause = std::min(shortest_pause, refresh_);
        if (stopped_within(refresh_)) return;
        continue;
      }
      if (stopped_within(Duration(0))) return;
      log_warn("the command for a token failed; the last one stays",
               {{"command", command_.front()}, {"error", kept.error().detail}});
      if (stopped_within(pause)) return;
      pause = std::min(pause * 2, refresh_);
    }
  }

  Result<void> keep() const {
    const Result<std::string> printed = output_of(command_, longest_run, wake_);
    if (!printed) return printed.error();
    const std::string_view token = trim(*printed);
    if (token.empty() || token.find_first_of(" \t\r\n") != std::string_view::npos) {
      return failure("it prints no token, or more than that");
    }
    return replace_file(path_, token);
  }

  bool stopped_within(Duration pause) const {
    pollfd wait{wake_, POLLIN, 0};
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(pause).count();
    return ::poll(&wait, 1, static_cast<int>(milliseconds)) > 0;
  }

  const std::vector<std::string> command_;
  const Duration refresh_;
  const std::string path_;
  const int wake_;
  std::promise<void> first_;
  std::future<void> first_ended_ = first_.get_future();
  std::thread thread_;
};

TokenCommands::TokenCommands() = default;
TokenCommands::~TokenCommands() { stop(); }

Result<std::string> TokenCommands::file_of(const std::vector<std::string>& command, Duration refresh) {
  for (const std::unique_ptr<Keeper>& keeper : keepers_) {
    if (keeper->is_of(command, refresh)) return keeper->path();
  }
  if (folder_.empty()) {
    std::string pattern = (std::filesystem::temp_directory_path() / "triaged-tokens-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      return failure("no folder for tokens can be made at " + pattern + ": " + std::generic_category().message(errno));
    }
    folder_ = pattern;
  }
  std::string path = folder_ + "/" + std::to_string(keepers_.size());
  keepers_.push_back(std::make_unique<Keeper>(command, refresh, std::move(path)));
  keepers_.back()->wait_for_first();
  return keepers_.back()->path();
}

void TokenCommands::stop() {
  keepers_.clear();
  if (folder_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
  folder_.clear();
}

}  // namespace triaged::app
