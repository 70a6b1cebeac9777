// A bearer token in a file that something else keeps fresh. Used by one worker.
#pragma once

#include <chrono>
#include <string>

namespace triaged::provider {

class TokenFile {
 public:
  explicit TokenFile(std::string path) : path_(std::move(path)) {}
  // The token, read anew when the last reading is a minute old. While the file cannot be read the last one stands; ""
  // where there never was one.
  const std::string& token();

 private:
  std::string path_;
  std::string token_;
  std::chrono::steady_clock::time_point read_at_{};
};

}  // namespace triaged::provider
