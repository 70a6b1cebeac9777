// Reads a tree into a Document by the definition table, and reports what does not fit it.
#pragma once

#include "triaged/config/load.hpp"

#include "config/entries.hpp"
#include "config/report.hpp"
#include "config/schema.hpp"
#include "config/yaml_tree.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::config {

// Paths of secrets marked `may_be_missing` that are not there, and why, as a phrase for a message.
using MissingSecrets = std::map<std::string, std::string>;

class Reader {
 public:
  Reader(Report& report, const Sources& sources, const std::string& directory)
      : report_(report), sources_(sources), directory_(directory) {}

  void read(const Node& root, Document& document);
  const MissingSecrets& missing() const { return missing_; }

 private:
  struct Text {
    std::string value;
    bool absent = false;  // a secret that may be missing, and is
  };

  void read_section(const Node& node, const Section& section, void* object, const std::string& path);
  void read_key(const Node& node, const Key& key, void* object, const std::string& path);
  void read_elements(const Node& node, const Key& key, void* object, const std::string& path);
  void read_named(const Node& node, const Key& key, void* object, const std::string& path);
  bool too_many(const Node& node, const Key& key, const std::string& path);
  void report_unknown(const KeyText& key, const Section& section, const std::string& path);

  std::optional<Text> read_text(const Node& node, const std::string& path, bool may_be_missing = false);
  std::optional<Text> read_secret(const Node& node, const Key& key, const std::string& path);
  std::optional<Value> convert(const Node& node, const Key& key, const std::string& path);
  std::optional<Value> convert_list(const Node& node, const Key& key, const std::string& path);
  std::optional<Value> convert_pairs(const Node& node, const std::string& path);

  Report& report_;
  const Sources& sources_;
  const std::string& directory_;
  MissingSecrets missing_;
};

// Below `directory` unless it is absolute; unchanged when empty.
std::string resolve_path(const std::string& directory, const std::string& path);

}  // namespace triaged::config
