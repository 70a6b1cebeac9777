#include "support/golden/files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace triaged::test {
namespace {

std::filesystem::path golden_folder(std::string_view folder) {
  return std::filesystem::path(TRIAGED_TEST_DATA) / folder;
}

constexpr std::size_t line_width = 120;

// What stands before a member's value, or before an element: nothing.
std::string label_of(const Json& parent, const std::string& key) {
  return parent.is_object() ? Json(key).dump() + ": " : std::string();
}

std::string on_one_line(const Json& json) {
  if (!json.is_structured()) return json.dump();
  std::string inside;
  for (const auto& item : json.items()) {
    if (!inside.empty()) inside += ", ";
    inside += label_of(json, item.key()) + on_one_line(item.value());
  }
  return json.is_object() ? "{" + inside + "}" : "[" + inside + "]";
}

void append_lines(std::string& out, const Json& json, const std::string& indent) {
  out += json.is_object() ? "{" : "[";
  const std::string inner = indent + "  ";
  bool first = true;
  for (const auto& item : json.items()) {
    out += (first ? "\n" : ",\n") + inner + label_of(json, item.key());
    first = false;
    const std::string line = on_one_line(item.value());
    const bool fits = inner.size() + label_of(json, item.key()).size() + line.size() <= line_width;
    if (fits || item.value().empty() || !item.value().is_structured()) {
      out += line;
    } else {
      append_lines(out, item.value(), inner);
    }
  }
  out += "\n" + indent;
  out += json.is_object() ? "}" : "]";
}

}  // namespace

std::vector<std::string> golden_files(std::string_view folder, std::string_view ending) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(golden_folder(folder))) {
    const std::string file = entry.path().filename().string();
    if (file.ends_with(ending)) files.push_back(file);
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> golden_names(std::string_view folder, std::string_view ending) {
  std::vector<std::string> names;
  for (const std::string& file : golden_files(folder, ending)) {
    const std::size_t dot = file.find('.');
    if (file.size() - dot == ending.size()) names.push_back(file.substr(0, dot));
  }
  return names;
}

std::string golden_text(std::string_view folder, std::string_view file) {
  const std::filesystem::path path = golden_folder(folder) / file;
  std::ifstream stream(path, std::ios::binary);
  EXPECT_TRUE(stream) << path;
  return {std::istreambuf_iterator<char>(stream), {}};
}

Json golden_json(std::string_view folder, std::string_view file) { return Json::parse(golden_text(folder, file)); }

std::string pretty(const Json& json) {
  std::string out;
  if (json.empty() || !json.is_structured()) {
    out = on_one_line(json);
  } else {
    append_lines(out, json, "");
  }
  return out + "\n";
}

}  // namespace triaged::test
