#include "base/logfmt.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace triaged {
namespace {

constexpr std::size_t longest_value = 4096;

bool plain_in_key(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

void append_key(std::string& out, std::string_view key) {
  for (const char c : key) out += plain_in_key(c) ? c : '_';
}

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  return std::any_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte >= 0x7F || c == '"' || c == '\\' || c == '=';
  });
}

// The control characters U+0080 to U+009F: some terminals obey them like escape sequences.
bool is_c1(std::string_view character) {
  return character.size() == 2 && character[0] == '\xC2' && static_cast<std::uint8_t>(character[1]) < 0xA0;
}

void append_character(std::string& out, std::string_view character) {
  if (character.size() > 1) {
    if (is_c1(character)) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<std::uint8_t>(character[1]));
    } else {
      out += character;
    }
    return;
  }
  const char c = character.front();
  const auto byte = static_cast<std::uint8_t>(c);
  switch (c) {
    case '"':
    case '\\':
      out += '\\';
      out += c;
      return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (byte < 0x20 || byte == 0x7F) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
  } else if (byte >= 0x80) {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);  // not UTF-8
  } else {
    out += c;
  }
}

void append_value(std::string& out, std::string_view value) {
  const bool cut = value.size() > longest_value;
  if (cut) value = value.substr(0, longest_value);
  if (!cut && !needs_quotes(value)) {
    out += value;
    return;
  }
  out += '"';
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t length = std::max<std::size_t>(utf8_length(value, at), 1);
    append_character(out, value.substr(at, length));
    at += length;
  }
  out += cut ? "...\"" : "\"";
}

}  // namespace

std::string_view name(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warn: return "warn";
    case LogLevel::error: return "error";
  }
  return "error";
}

std::string format_logfmt(LogLevel level, WallTime now, std::string_view message, const std::vector<Field>& fields) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  const std::time_t time = std::chrono::system_clock::to_time_t(second);
  std::string out = fmt::format("time={:%Y-%m-%dT%H:%M:%S}.{:03}Z level={} msg=", fmt::gmtime(time),
                                (now - second).count(), name(level));
  append_value(out, message);
  for (const auto& [key, value] : fields) {
    out += ' ';
    append_key(out, key);
    out += '=';
    append_value(out, value);
  }
  return out;
}

}  // namespace triaged
