// Options that the commands about outcomes share.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/learn/outcome_data.hpp"
#include "triaged/routing/classifier.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::app {

struct PairOptions {
  std::vector<std::string> strong;
  std::vector<std::string> weak;
  std::string classifier;  // file; empty: built in
};
void add_pair(CLI::App& command, PairOptions& options);

Result<std::unique_ptr<routing::Classifier>> load_classifier_file(const std::string& path);

struct Labels {
  std::string path;
  std::size_t count = 0;
};
Result<Labels> parse_labels(const std::string& text);  // FILE=N

// Lines on standard error, with the time since it was made.
class Stopwatch {
 public:
  void operator()(std::string_view line) const;

 private:
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace triaged::app
