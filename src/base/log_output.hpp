// Where log lines end: a file descriptor with a buffer. Used by one thread at a time, but for lost_lines().
#pragma once

#include "triaged/base/result.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace triaged {

// Writes all of `bytes`; waits up to a second when a pipe is full. Returns how many bytes could not be written.
std::size_t write_all(int descriptor, std::string_view bytes);

class LogOutput {
 public:
  static std::unique_ptr<LogOutput> to_standard_error();
  // A file (appended to) or "-" for standard output. An error says what to do.
  static Result<std::unique_ptr<LogOutput>> open(const std::string& path);

  LogOutput(int descriptor, bool owned);  // an owned descriptor is closed at the end
  ~LogOutput();                           // flushes
  LogOutput(const LogOutput&) = delete;
  LogOutput& operator=(const LogOutput&) = delete;

  void append_line(std::string_view line);
  void flush();
  void write_lines(std::string_view lines);  // whole ones with their ends, at once
  // Lines that the system refused (disk full, reader gone). Any thread.
  std::uint64_t lost_lines() const { return lost_.load(std::memory_order_relaxed); }

 private:
  int descriptor_;
  bool owned_;
  std::string buffer_;
  std::atomic<std::uint64_t> lost_{0};
};

}  // namespace triaged
