#include "wire/request_line.hpp"

#include "triaged/base/text.hpp"

#include "wire/characters.hpp"

#include <algorithm>

namespace triaged::wire {

namespace {

constexpr std::string_view version_prefix = "HTTP/";

Refusal check_version(std::string_view version) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return Refusal::none;
  const bool well_formed = version.size() == version_prefix.size() + 3 &&
                           version.substr(0, version_prefix.size()) == version_prefix && is_digit(version[5]) &&
                           version[6] == '.' && is_digit(version[7]);
  return well_formed ? Refusal::version : Refusal::start_line;
}

bool fits_a_target(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7F && c != '#';
}

bool is_name_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' ||
         c == '~';
}

bool is_port(std::string_view text) {
  return text.size() <= 5 && std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c); });
}

}  // namespace

Refusal check_request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  if (!is_token(line.substr(0, first))) return Refusal::method;
  if (first == std::string_view::npos) return Refusal::start_line;
  const std::size_t last = line.rfind(' ');
  if (first == last) return Refusal::start_line;  // HTTP/0.9, or no target

  const std::string_view target = line.substr(first + 1, last - first - 1);
  const Refusal version = check_version(line.substr(last + 1));
  if (version != Refusal::none) return version;
  if (target.empty() || !std::all_of(target.begin(), target.end(), [](char c) { return fits_a_target(c); }))
    return Refusal::target;
  return Refusal::none;
}

bool is_host(std::string_view text) {
  std::string_view port;
  std::string_view name = text;
  if (!text.empty() && text.front() == '[') {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return false;
    const std::string_view address = text.substr(1, close - 1);
    const auto fits = [](char c) { return is_hex_digit(c) || c == ':' || c == '.'; };
    if (address.size() < 2 || !std::all_of(address.begin(), address.end(), fits)) return false;
    const std::string_view rest = text.substr(close + 1);
    return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
  }
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    name = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return is_name_character(c); }) &&
         is_port(port);
}

bool reduce_target(std::string& target, std::optional<std::string>& authority) {
  authority.reset();
  if (!target.empty() && target.front() == '/') return true;
  std::size_t begin = 0;
  for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
    if (iequals(std::string_view(target).substr(0, scheme.size()), scheme)) begin = scheme.size();
  }
  if (begin == 0) return false;
  const std::size_t end = std::min(target.find_first_of("/?", begin), target.size());
  authority = target.substr(begin, end - begin);
  target.erase(0, end);
  if (target.empty() || target.front() == '?') target.insert(target.begin(), '/');
  return true;
}

}  // namespace triaged::wire
