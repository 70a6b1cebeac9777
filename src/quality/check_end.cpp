// What the end of an answer says: empty, cut off.
#include "quality/check.hpp"

#include <string_view>

namespace triaged::quality {

namespace {

// Spaces of ASCII and the invisible ones that models are known to send.
bool is_blank(std::string_view text) {
  constexpr std::string_view invisible[] = {"\u00A0", "\u200B", "\u200C", "\u200D", "\u3000", "\uFEFF"};
  while (!text.empty()) {
    const char c = text.front();
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      text.remove_prefix(1);
      continue;
    }
    bool found = false;
    for (const std::string_view one : invisible) {
      if (!text.starts_with(one)) continue;
      text.remove_prefix(one.size());
      found = true;
      break;
    }
    if (!found) return false;
  }
  return true;
}

}  // namespace

bool ended_by_client_limit(const Asked& asked, const Given& given) {
  const auto limit = asked.request().max_output_tokens;
  if (given.finish != chat::Finish::length || !limit) return false;
  return given.output_tokens == 0 || given.output_tokens >= *limit;
}

std::string check_empty(const Asked& asked, const Given& given) {
  if (!given.whole || given.refusal || !given.tool_calls.empty()) return {};
  if (asked.request().wants_audio || ended_by_client_limit(asked, given) || !is_blank(given.text)) return {};
  return "neither text nor tool call";
}

std::string check_cut_off(const Asked& asked, const Given& given) {
  if (given.finish != chat::Finish::length || ended_by_client_limit(asked, given)) return {};
  return "ended by length, below the client's limit";
}

}  // namespace triaged::quality
