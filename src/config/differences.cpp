#include "triaged/config/load.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace triaged::config {

namespace {

using nlohmann::json;
using Lines = std::map<std::string, std::string>;

// Lists of sections are written as [name, section] pairs (see fingerprint.cpp).
bool is_named(const json& element) {
  return element.is_array() && element.size() == 2 && element[0].is_string() && element[1].is_object();
}

std::string joined(std::string path, std::string_view mark, std::string_view name) {
  return path.append(mark).append(name);
}

void flatten(const json& value, const std::string& path, Lines& lines) {
  if (value.is_object()) {
    for (const auto& [name, member] : value.items())
      flatten(member, joined(path, path.empty() ? "" : ".", name), lines);
    return;
  }
  if (value.is_array() && !value.empty() && is_named(value[0])) {
    for (const json& element : value) {
      const auto& name = element[0].get_ref<const std::string&>();
      flatten(element[1], joined(path, name.empty() || name[0] == '[' ? "" : ".", name), lines);
    }
    return;
  }
  lines[path] = value.is_null() ? "" : value.dump(-1, ' ', false, json::error_handler_t::replace);
}

Lines lines_of(const Settings& settings) {
  Lines lines;
  if (!settings.effective.empty()) flatten(json::parse(settings.effective, nullptr, false), "", lines);
  return lines;
}

// Header fields and query parameters often carry keys.
bool may_be_secret(const std::string& key) {
  const std::string_view last = std::string_view(key).substr(key.rfind('.') + 1);
  return last == "headers" || last == "query";
}

}  // namespace

std::vector<Difference> differences(const Settings& before, const Settings& after) {
  const Lines old_lines = lines_of(before);
  const Lines new_lines = lines_of(after);
  std::map<std::string, Difference> found;
  const auto value_in = [](const Lines& lines, const std::string& key) {
    const auto at = lines.find(key);
    return at == lines.end() || at->second.empty() ? std::string("nothing") : at->second;
  };
  for (const Lines* lines : {&old_lines, &new_lines}) {
    for (const auto& [key, value] : *lines) {
      Difference difference{key, value_in(old_lines, key), value_in(new_lines, key)};
      if (difference.before == difference.after) continue;
      if (may_be_secret(key)) difference.before = difference.after = "...";
      found.insert_or_assign(key, std::move(difference));
    }
  }
  std::vector<Difference> result;
  result.reserve(found.size());
  for (auto& [key, difference] : found) result.push_back(std::move(difference));
  return result;
}

}  // namespace triaged::config
