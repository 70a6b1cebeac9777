// Logging. Formatting happens on the caller's thread into a small buffer, writing on background threads (bounded, the
// oldest dropped and counted). A message is written at once, access lines together within 200 ms. Never keys; prompts
// only where `log.prompts` is on. The sources behind this header are the only ones that name spdlog.
#pragma once

#include "triaged/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged {

// Fields are written as logfmt: `level=info msg="..." key=value`. Called before start_logging(), lines go to standard
// error.
using Field = std::pair<std::string_view, std::string>;
void log_debug(std::string_view message, const std::vector<Field>& fields = {});
void log_info(std::string_view message, const std::vector<Field>& fields = {});
void log_warn(std::string_view message, const std::vector<Field>& fields = {});
void log_error(std::string_view message, const std::vector<Field>& fields = {});

// One JSON object per line, ready-made, without a newline.
void write_access_line(std::string_view json);
bool access_log_on();

enum class LogLevel : std::uint8_t { debug, info, warn, error };

struct LogOptions {
  LogLevel level = LogLevel::info;
  std::string access_file;  // "-" is standard output, "" none
};

Result<void> start_logging(const LogOptions& options);
void flush_logging();
void stop_logging();  // flushes; later lines go to standard error
std::uint64_t dropped_log_lines();

}  // namespace triaged
