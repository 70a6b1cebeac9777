// What the name of one of Anthropic's models says, wherever it is served: it takes requests and counts tokens by that.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace triaged {

// "claude-opus-4-7-20260101" is opus 4.7, and so are "claude-4-7-opus" and "us.anthropic.claude-opus-4-7-v1:0".
struct ClaudeName {
  std::string family;  // "opus", "sonnet" ...
  int major = 0;       // 0: not told
  int minor = 0;
  bool at_least(int wanted_major, int wanted_minor) const {
    return major > wanted_major || (major == wanted_major && minor >= wanted_minor);
  }
};

// Nothing for a name without "claude" in it.
std::optional<ClaudeName> parse_claude(std::string_view model);

}  // namespace triaged
