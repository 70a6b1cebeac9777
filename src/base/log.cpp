#include "triaged/base/log.hpp"

#include "triaged/base/clock.hpp"

#include "base/access_log.hpp"
#include "base/log_output.hpp"
#include "base/logfmt.hpp"

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/sink.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unistd.h>

namespace triaged {
namespace {

constexpr std::size_t queue_length = 8192;

// What the background thread writes messages to. It collects lines while more are waiting and writes when the queue is
// empty: one write per burst under load, no delay without.
class Backend {
 public:
  explicit Backend(std::unique_ptr<LogOutput> messages) : messages_(std::move(messages)) {}

  void append(std::string_view line) { messages_->append_line(line); }
  void flush() { messages_->flush(); }
  std::uint64_t lost_lines() const { return messages_->lost_lines(); }

  // One flush that was asked for has been done.
  void flushed() {
    flush();
    const std::lock_guard lock(mutex_);
    ++flushes_;
    done_.notify_all();
  }
  std::uint64_t flushes() {
    const std::lock_guard lock(mutex_);
    return flushes_;
  }
  bool wait_for_flush_after(std::uint64_t count, std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    return done_.wait_for(lock, limit, [&] { return flushes_ > count; });
  }

 private:
  std::unique_ptr<LogOutput> messages_;
  std::mutex mutex_;
  std::condition_variable done_;
  std::uint64_t flushes_ = 0;
};

class Sink final : public spdlog::sinks::sink {
 public:
  Sink(Backend& backend, spdlog::details::thread_pool& pool) : backend_(backend), pool_(pool) {}

  void log(const spdlog::details::log_msg& message) override {
    backend_.append(std::string_view(message.payload.data(), message.payload.size()));
    if (pool_.queue_size() == 0) backend_.flush();
  }
  void flush() override { backend_.flushed(); }
  // Lines arrive formatted.
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

 private:
  Backend& backend_;
  spdlog::details::thread_pool& pool_;
};

// Everything between start_logging() and stop_logging(). The destructor writes what is queued and joins the thread; the
// pool is declared last so that it goes first.
class Running {
 public:
  Running(std::unique_ptr<LogOutput> messages, std::unique_ptr<LogOutput> access)
      : backend_(std::move(messages)), pool_(std::make_shared<spdlog::details::thread_pool>(queue_length, 1)) {
    if (access) access_ = std::make_unique<AccessLog>(std::move(access));
    auto sink = std::make_shared<Sink>(backend_, *pool_);
    messages_ = std::make_shared<spdlog::async_logger>("messages", std::move(sink), pool_,
                                                       spdlog::async_overflow_policy::overrun_oldest);
    messages_->set_level(spdlog::level::trace);
  }

  void write_message(std::string_view line) {
    messages_->log(spdlog::level::critical, spdlog::string_view_t(line.data(), line.size()));
  }
  void write_access(std::string_view line) {
    if (access_) access_->write(line);
  }
  bool has_access() const { return access_ != nullptr; }
  std::uint64_t dropped() {
    return pool_->overrun_counter() + backend_.lost_lines() + (access_ ? access_->dropped() : 0);
  }

  void flush() {
    if (access_) access_->flush();
    // One at a time, so that the flush that is waited for is the one asked for here.
    const std::lock_guard lock(flushing_);
    const std::uint64_t before = backend_.flushes();
    // The request itself may be overrun when the queue is full: ask again.
    for (int attempt = 0; attempt < 20; ++attempt) {
      messages_->flush();
      if (backend_.wait_for_flush_after(before, std::chrono::milliseconds(100))) return;
    }
  }

  // Writes what is queued and ends the threads; returns how many lines were dropped in all.
  std::uint64_t finish() {
    if (access_) access_->flush();
    const std::uint64_t access_dropped = access_ ? access_->dropped() : 0;
    access_.reset();
    const std::uint64_t overrun = pool_->overrun_counter();
    pool_.reset();
    backend_.flush();
    return overrun + backend_.lost_lines() + access_dropped;
  }

 private:
  Backend backend_;
  std::mutex flushing_;
  std::unique_ptr<AccessLog> access_;
  std::shared_ptr<spdlog::async_logger> messages_;
  std::shared_ptr<spdlog::details::thread_pool> pool_;
};

// Start and stop take the lock alone, lines share it.
struct Logging {
  std::shared_mutex mutex;
  std::unique_ptr<Running> running;
  std::uint64_t dropped_before = 0;  // by what ran earlier
  std::atomic<LogLevel> level{LogLevel::info};
  std::atomic<bool> access_on{false};

  void stop() {
    access_on = false;
    if (!running) return;
    dropped_before += running->finish();
    running.reset();
  }
};

Logging& logging() {
  static Logging the_only;
  return the_only;
}

void log_line(LogLevel level, std::string_view message, const std::vector<Field>& fields) {
  Logging& log = logging();
  if (level < log.level.load(std::memory_order_relaxed)) return;
  std::string line = format_logfmt(level, system_clock().wall(), message, fields);
  const std::shared_lock lock(log.mutex);
  if (log.running) {
    log.running->write_message(line);
    return;
  }
  line += '\n';
  write_all(STDERR_FILENO, line);
}

}  // namespace

void log_debug(std::string_view message, const std::vector<Field>& fields) {
  log_line(LogLevel::debug, message, fields);
}
void log_info(std::string_view message, const std::vector<Field>& fields) { log_line(LogLevel::info, message, fields); }
void log_warn(std::string_view message, const std::vector<Field>& fields) { log_line(LogLevel::warn, message, fields); }
void log_error(std::string_view message, const std::vector<Field>& fields) {
  log_line(LogLevel::error, message, fields);
}

void write_access_line(std::string_view json) {
  if (!access_log_on()) return;
  Logging& log = logging();
  const std::shared_lock lock(log.mutex);
  if (log.running) log.running->write_access(json);
}

bool access_log_on() { return logging().access_on.load(std::memory_order_relaxed); }

Result<void> start_logging(const LogOptions& options) {
  std::unique_ptr<LogOutput> access;
  if (!options.access_file.empty()) {
    auto opened = LogOutput::open(options.access_file);
    if (!opened) return opened.error();
    access = std::move(*opened);
  }
  Logging& log = logging();
  const std::unique_lock lock(log.mutex);
  log.stop();
  log.running = std::make_unique<Running>(LogOutput::to_standard_error(), std::move(access));
  log.level = options.level;
  log.access_on = log.running->has_access();
  return {};
}

void flush_logging() {
  Logging& log = logging();
  const std::shared_lock lock(log.mutex);
  if (log.running) log.running->flush();
}

void stop_logging() {
  Logging& log = logging();
  const std::unique_lock lock(log.mutex);
  log.stop();
}

std::uint64_t dropped_log_lines() {
  Logging& log = logging();
  const std::shared_lock lock(log.mutex);
  return log.dropped_before + (log.running ? log.running->dropped() : 0);
}

}  // namespace triaged
