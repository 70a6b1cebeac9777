// The access log's lines on their way to the file. Whoever writes a line copies it into a block; a thread of its own
// writes blocks when they are full or after a moment, so that lines under load cost no wake-up and no write each. When
// the file is too slow, the oldest block is dropped and its lines are counted.
#pragma once

#include "base/log_output.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace triaged {

class AccessLog {
 public:
  explicit AccessLog(std::unique_ptr<LogOutput> output);
  ~AccessLog();  // writes what is left
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  // Any thread.
  void write(std::string_view line);
  void flush();  // returns when all lines written before were given to the system
  std::uint64_t dropped();

 private:
  struct Block {
    std::string text;
    std::uint64_t lines = 0;
  };

  void run();
  void write_blocks(std::unique_lock<std::mutex>& lock);

  std::unique_ptr<LogOutput> output_;
  std::mutex mutex_;
  std::condition_variable wake_;     // of the thread: there is something to do
  std::condition_variable written_;  // of those who wait for a flush
  std::deque<Block> full_;
  Block open_;
  std::string spare_;          // memory of a block that was written
  std::uint64_t dropped_ = 0;  // because the file was too slow
  std::uint64_t flushes_asked_ = 0;
  std::uint64_t flushes_done_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace triaged
