#include "base/log_output.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <system_error>
#include <unistd.h>

namespace triaged {
namespace {

constexpr std::size_t buffer_limit = 64 * 1024;

}  // namespace

std::size_t write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      pollfd waited{descriptor, POLLOUT, 0};
      if (::poll(&waited, 1, 1000) > 0 || errno == EINTR) continue;
    }
    break;
  }
  return bytes.size();
}

LogOutput::LogOutput(int descriptor, bool owned) : descriptor_(descriptor), owned_(owned) {
  buffer_.reserve(buffer_limit);
}

LogOutput::~LogOutput() {
  flush();
  if (owned_) ::close(descriptor_);
}

std::unique_ptr<LogOutput> LogOutput::to_standard_error() { return std::make_unique<LogOutput>(STDERR_FILENO, false); }

Result<std::unique_ptr<LogOutput>> LogOutput::open(const std::string& path) {
  if (path == "-") return std::make_unique<LogOutput>(STDOUT_FILENO, false);
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (descriptor < 0) {
    const std::string why = std::generic_category().message(errno);
    return gateway_error(ErrorKind::storage, 500,
                         "cannot open the access log '" + path + "': " + why +
                             "; name a file in a directory that exists and that this user may write to, or \"-\"");
  }
  return std::make_unique<LogOutput>(descriptor, true);
}

void LogOutput::append_line(std::string_view line) {
  if (buffer_.size() + line.size() + 1 > buffer_limit) flush();
  buffer_ += line;
  buffer_ += '\n';
}

void LogOutput::flush() {
  write_lines(buffer_);
  buffer_.clear();
}

void LogOutput::write_lines(std::string_view lines) {
  if (lines.empty()) return;
  const std::size_t unwritten = write_all(descriptor_, lines);
  if (unwritten == 0) return;
  const std::string_view lost = lines.substr(lines.size() - unwritten);
  lost_.fetch_add(static_cast<std::uint64_t>(std::count(lost.begin(), lost.end(), '\n')), std::memory_order_relaxed);
}

}  // namespace triaged
