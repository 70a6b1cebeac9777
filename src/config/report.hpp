// Collects problems while a configuration is read. Knows where each key stands in the file, and which values came from
// the environment, so that no later message repeats them.
#pragma once

#include "triaged/config/load.hpp"

#include "config/yaml_tree.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::config {

// Text from the file made fit for one line of a message: control characters shown, long texts cut.
std::string printable(std::string_view text);

// The path of a list's element: "tiers", 2 -> "tiers[2]".
std::string element(std::string_view list, std::size_t index);

class Report {
 public:
  void place(const std::string& path, Mark mark) { marks_[path] = mark; }
  bool placed(const std::string& path) const { return marks_.count(path) > 0; }
  void mark_expanded(const std::string& path) { expanded_.insert(path); }
  bool expanded(const std::string& path) const { return expanded_.count(path) > 0; }

  // At the key's place in the file, or that of the nearest mapping around it.
  void error(const std::string& path, std::string message, std::string suggestion = {});
  void warning(const std::string& path, std::string message, std::string suggestion = {});
  void error_at(Mark mark, std::string key, std::string message, std::string suggestion = {});

  // "'text'", or a stand-in when the value came from the environment.
  std::string quoted(const std::string& path, std::string_view text) const;

  bool failed(const std::string& path) const { return failed_.count(path) > 0; }  // an error at exactly this key
  bool fatal() const { return fatal_; }
  std::vector<Problem> take();  // in file order

 private:
  Mark find_mark(std::string path) const;
  void add(Problem problem);

  std::map<std::string, Mark> marks_;
  std::set<std::string> expanded_;
  std::set<std::string> failed_;
  std::vector<Problem> problems_;
  bool fatal_ = false;
  std::size_t left_out_ = 0;
};

}  // namespace triaged::config
