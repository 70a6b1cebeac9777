// An embedder's file of a few word pieces, each along an axis of its own, to be changed by tests.
#pragma once

#include "triaged/routing/embedder.hpp"

#include "routing/model_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <limits>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace triaged::routing::test {

struct SmallTable {
  std::uint32_t format = 1;
  std::uint32_t dimensions = 32;
  std::uint32_t claimed_tokens = 0;  // 0: as many as there are
  float threshold = 0.5F;
  std::string name = "small-1";
  std::vector<std::string> tokens = {"apple", "pear", "plum", "car", "##s", "?"};
  std::vector<float> scales = std::vector<float>(6, 1.0F / 127);
  std::string rest;  // behind the rows

  std::string encode() const {
    ModelWriter file("triaged embedder\n");
    file.put(format);
    file.put(claimed_tokens == 0 ? static_cast<std::uint32_t>(tokens.size()) : claimed_tokens);
    file.put(dimensions);
    file.put(threshold);
    file.put(static_cast<std::uint32_t>(name.size()));
    file.put_bytes(name);
    std::string text;
    for (const std::string& token : tokens) text += static_cast<char>(token.size()) + token;
    file.put(static_cast<std::uint32_t>(text.size()));
    file.put_bytes(text);
    for (const float scale : scales) file.put(scale);
    for (std::size_t row = 0; row < tokens.size(); ++row) {
      std::string steps(dimensions, '\0');
      if (row < steps.size()) steps[row] = 127;
      file.put_bytes(steps);
    }
    file.put_bytes(rest);
    return file.finish();
  }
};

// Owns its bytes for as long as the program runs, as a compiled-in table does.
inline std::shared_ptr<const Embedder> small_embedder() {
  static const std::string bytes = SmallTable().encode();
  static const auto embedder = decode_embedder(bytes, "small");
  return *embedder;
}

// A file that is gone with the test.
class TestFile {
 public:
  explicit TestFile(const std::string& bytes)
      : path_(testing::TempDir() + "/triaged." + std::to_string(::getpid()) + "." +
              testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~TestFile() { std::remove(path_.c_str()); }
  TestFile(const TestFile&) = delete;
  TestFile& operator=(const TestFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace triaged::routing::test
