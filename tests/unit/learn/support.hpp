// What the tests of outcomes share: files that are gone with the test, and made-up rows.
#pragma once

#include "triaged/base/embedded.hpp"
#include "triaged/learn/outcome_data.hpp"
#include "triaged/routing/task_model.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <unistd.h>

namespace triaged::learn::test {

class TestFile {
 public:
  explicit TestFile(const std::string& text, const std::string& name = "rows.jsonl")
      : path_(testing::TempDir() + "/triaged." + std::to_string(::getpid()) + "." +
              testing::UnitTest::GetInstance()->current_test_info()->name() + "." + name) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TestFile() { std::remove(path_.c_str()); }
  TestFile(const TestFile&) = delete;
  TestFile& operator=(const TestFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline const routing::Classifier& classifier() {
  static const std::unique_ptr<routing::Classifier> made =
      routing::make_trained_classifier(*routing::TaskModel::decode(embedded_task_model(), "built in"));
  return *made;
}

// Two kinds of made-up prompts: the weak model fails where there is a "zanter", whatever the length.
inline std::string made_up_outcomes(int count, const std::string& task = "a") {
  std::string rows;
  for (int i = 0; i < count; ++i) {
    const bool hard = i % 2 == 0;
    std::string prompt = hard ? "Explain the zanter of unit " : "Explain the snorp with unit ";
    prompt += std::to_string(i);
    for (int k = 0; k < i % 7; ++k) prompt += " and more";
    rows += R"({"task": ")" + task + R"(", "prompt": ")" + prompt + R"(", "scores": {"big": 1, "small": )" +
            (hard ? "0" : "1") + R"(}, "output_chars": {"big": 800, "small": 200}})" + "\n";
  }
  return rows;
}

}  // namespace triaged::learn::test
