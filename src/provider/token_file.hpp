// A bearer token in a file that something else keeps fresh. Used by one worker.
#pragma once

#include "triaged/base/clock.hpp"

#include <optional>
#include <string>
#include <utility>

namespace triaged::provider {

class TokenFile {
 public:
  explicit TokenFile(std::string path) : path_(std::move(path)) {}
  // The token, read anew when the last reading is a minute old, or when no time is given. While the file cannot be read
  // the last one stands; "" where there never was one.
  const std::string& token(std::optional<WallTime> now);

 private:
  std::string path_;
  std::string token_;
  WallTime read_at_{};
};

}  // namespace triaged::provider
