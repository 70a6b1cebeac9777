// Labelled prompts, from JSON lines: {"text": ".."} or {"messages": [{"role", "content"}, ..]}, with "label", and
// optionally "alt" (labels that are right too), "sub", "lang", "tools" (names), "response_format".
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/chat/request.hpp"
#include "triaged/routing/task_type.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::learn {

struct TaskExample {
  chat::Request request;
  routing::TaskType label = routing::TaskType::chat;
  std::vector<routing::TaskType> alternatives;
  std::string language;
  std::size_t file = 0;    // index into TaskData::files
  std::uint64_t hash = 0;  // of the text: decides sampling and folds, whatever the order of the rows
  float weight = 1;        // in training
  bool own = false;        // of a file of real traffic

  bool accepts(routing::TaskType task) const;
};

struct TaskFile {
  std::string path;
  std::size_t rows = 0;  // in the file
  std::size_t used = 0;  // after sampling
  std::string sha256;
};

struct TaskData {
  std::vector<TaskFile> files;
  std::vector<TaskExample> examples;
};

struct TaskSources {
  std::vector<std::string> own;   // real traffic, or written like it: every row counts, and counts for more
  std::vector<std::string> bulk;  // large sets, easy and repetitive: sampled
  std::uint64_t seed = 1;
  std::size_t small = 1000;          // rows of a bulk file that is used whole: the small ones are the varied ones
  std::size_t most_per_label = 120;  // of any other bulk file, shared by the label's sub-labels
};

// Rows that stand in several files stay once. Bulk sets mark actions that an application would take with tools as
// `agent` without naming tools: every second of these gets some. Errors name file and line.
Result<TaskData> read_task_data(const TaskSources& sources);

}  // namespace triaged::learn
