#include "triaged/base/claude_name.hpp"

#include "triaged/base/text.hpp"

#include <algorithm>

namespace triaged {

std::optional<ClaudeName> parse_claude(std::string_view model) {
  std::string words = to_lower(model);
  const std::size_t at = words.find("claude");
  if (at == std::string::npos) return std::nullopt;
  words.erase(0, at);
  std::replace(words.begin(), words.end(), '@', '-');
  std::replace(words.begin(), words.end(), '.', '-');
  ClaudeName parsed;
  int numbers = 0;
  for (const std::string_view word : split(words, '-')) {
    const auto number = parse_uint(word);
    if (!number) {
      const bool family = word == "opus" || word == "sonnet" || word == "haiku" || word == "instant";
      if (family || (parsed.family.empty() && numbers == 0 && word != "claude")) parsed.family = word;
      continue;
    }
    if (word.size() > 2) break;  // a date
    if (numbers == 0) parsed.major = static_cast<int>(*number);
    if (numbers == 1) parsed.minor = static_cast<int>(*number);
    ++numbers;
  }
  return parsed;
}

}  // namespace triaged
