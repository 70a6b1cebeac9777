#include "base/access_log.hpp"

#include <chrono>
#include <utility>

namespace triaged {
namespace {

constexpr std::size_t block_bytes = 64 * 1024;
constexpr std::size_t most_blocks = 16;
constexpr std::chrono::milliseconds longest_wait{200};  // of a line for others to be written with

}  // namespace

AccessLog::AccessLog(std::unique_ptr<LogOutput> output) : output_(std::move(output)) {
  open_.text.reserve(block_bytes);
  spare_.reserve(block_bytes);
  thread_ = std::thread([this] { run(); });
}

AccessLog::~AccessLog() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void AccessLog::write(std::string_view line) {
  bool first = false;
  bool filled = false;
  {
    const std::lock_guard lock(mutex_);
    first = open_.lines == 0 && full_.empty();
    if (open_.lines > 0 && open_.text.size() + line.size() + 1 > block_bytes) {
      if (full_.size() == most_blocks) {
        dropped_ += full_.front().lines;
        full_.pop_front();
      }
      full_.push_back(std::exchange(open_, Block{std::exchange(spare_, std::string()), 0}));
      filled = true;
    }
    open_.text.append(line).push_back('\n');
    ++open_.lines;
  }
  if (first || filled) wake_.notify_one();
}

void AccessLog::flush() {
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = ++flushes_asked_;
  wake_.notify_one();
  written_.wait(lock, [this, mine] { return flushes_done_ >= mine; });
}

std::uint64_t AccessLog::dropped() {
  const std::lock_guard lock(mutex_);
  return dropped_ + output_->lost_lines();
}

void AccessLog::run() {
  std::unique_lock lock(mutex_);
  const auto urgent = [this] { return stopping_ || flushes_asked_ != flushes_done_ || !full_.empty(); };
  while (!stopping_) {
    wake_.wait(lock, [&] { return urgent() || open_.lines > 0; });
    wake_.wait_for(lock, longest_wait, urgent);
    write_blocks(lock);
  }
  write_blocks(lock);
}

// All that is there, without holding the lock while writing.
void AccessLog::write_blocks(std::unique_lock<std::mutex>& lock) {
  const std::uint64_t asked = flushes_asked_;
  while (!full_.empty() || open_.lines > 0) {
    Block block;
    if (!full_.empty()) {
      block = std::move(full_.front());
      full_.pop_front();
    } else {
      block = std::exchange(open_, Block{std::exchange(spare_, std::string()), 0});
    }
    lock.unlock();
    output_->write_lines(block.text);
    block.text.clear();
    lock.lock();
    spare_ = std::move(block.text);
  }
  if (flushes_done_ == asked) return;
  flushes_done_ = asked;
  written_.notify_all();
}

}  // namespace triaged
