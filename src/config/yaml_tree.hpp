// YAML text as a plain tree with positions. The only place that knows yaml-cpp. Size, depth and the number of values
// are bounded here, so that whatever walks the tree need not care; aliases are already written out.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::config {

class Report;

constexpr std::size_t max_text_bytes = 1U << 20U;
constexpr std::size_t max_depth = 24;
constexpr std::size_t max_nodes = 50'000;

struct Mark {
  int line = 0;  // 1-based; 0: none
  int column = 0;
};

struct KeyText {
  std::string text;
  Mark mark;
};

struct Node {
  enum class Kind : unsigned char { null, scalar, sequence, mapping };
  Kind kind = Kind::null;
  Mark mark;
  std::string text;           // of a scalar
  std::vector<KeyText> keys;  // of a mapping, one for each of `items`
  std::vector<Node> items;    // of a sequence or mapping

  const Node* find(std::string_view key) const;
};

// Nothing when the text is no YAML at all or too large; duplicate and odd keys are reported and left out.
std::optional<Node> parse_yaml(std::string_view text, Report& report);

}  // namespace triaged::config
