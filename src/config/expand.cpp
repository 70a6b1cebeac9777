#include "config/expand.hpp"

#include "triaged/base/text.hpp"

#include <algorithm>
#include <utility>

namespace triaged::config {

namespace {

bool is_variable_name(std::string_view name) {
  if (name.empty() || (name.front() >= '0' && name.front() <= '9')) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return c == '_' || (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z'); });
}

// `inner` is what stands between the braces.
void substitute(std::string_view inner, const FindVariable& find, Expanded& out) {
  const std::size_t dash = inner.find(":-");
  const std::string name(inner.substr(0, dash));
  if (!is_variable_name(name)) {
    out.fault = "'${' must be followed by the name of an environment variable and '}'";
    return;
  }
  out.substituted = true;
  const std::optional<std::string> value = find ? find(name) : std::nullopt;
  if (dash != std::string_view::npos) {
    out.text += value && !value->empty() ? std::string_view(*value) : inner.substr(dash + 2);
  } else if (value) {
    out.text += *value;
  } else if (out.missing.empty()) {
    out.missing = name;
  }
}

}  // namespace

Expanded expand(std::string_view text, const FindVariable& find) {
  Expanded out;
  while (!text.empty()) {
    const std::size_t dollar = text.find('$');
    out.text += text.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    text.remove_prefix(dollar);
    if (text.substr(0, 2) == "$$") {
      out.text += '$';
      text.remove_prefix(2);
      continue;
    }
    if (text.substr(0, 2) != "${") {
      out.text += '$';
      text.remove_prefix(1);
      continue;
    }
    const std::size_t close = text.find('}');
    if (close == std::string_view::npos) {
      out.fault = "'${' without '}'; write '$$' for a plain dollar sign";
      break;
    }
    substitute(text.substr(2, close - 2), find, out);
    text.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace triaged::config
