#include "api/media.hpp"

#include "triaged/base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace triaged::api {
namespace {

constexpr std::string_view scheme = "data:";
constexpr std::string_view encoding = ";base64,";

int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

std::optional<std::string> base64_decoded(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const int value = value_of(c);
    if (value < 0) return std::nullopt;
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<char>(bits >> held & 0xFFU));
  }
  return bytes;
}

// What the ending of a file's name says; "" nothing.
std::string_view type_by_name(const JsonString& file_name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> types{{{".pdf", "application/pdf"},
                                                                                       {".txt", "text/plain"},
                                                                                       {".md", "text/markdown"},
                                                                                       {".csv", "text/csv"},
                                                                                       {".json", "application/json"}}};
  const std::string name = to_lower(file_name.raw);
  const auto* const known =
      std::find_if(types.begin(), types.end(), [&name](const auto& type) { return name.ends_with(type.first); });
  return known == types.end() ? std::string_view() : known->second;
}

// Without a copy where nothing is escaped, which is usual: base64 needs no escapes, only some writers escape "/".
JsonString plain(chat::Conversation& conversation, const JsonString& string) {
  return string.escaped ? conversation.keep(string.resolved()) : string;
}

// True after taking a data: URL apart.
bool split(const JsonString& url, chat::Media& media) {
  const std::string_view text = url.raw;
  if (!iequals(text.substr(0, scheme.size()), scheme)) return false;
  const std::size_t comma = text.find(',');
  const std::size_t mark = text.find(encoding);
  if (comma == std::string_view::npos || mark == std::string_view::npos || mark + encoding.size() - 1 != comma) {
    return false;
  }
  // Parameters ("charset=utf-8") say nothing that a provider is told.
  const std::string_view type = text.substr(scheme.size(), mark - scheme.size());
  const std::string_view bare = type.substr(0, type.find(';'));
  if (!bare.empty()) media.media_type.raw = bare;
  media.data.raw = text.substr(comma + 1);
  return true;
}

// Plain text is told as such: not every provider takes it as a file.
void unpack_text(chat::Conversation& conversation, chat::Media& media) {
  if (!media.media_type.raw.starts_with("text/")) return;
  const auto bytes = base64_decoded(media.data.raw);
  if (!bytes || !valid_utf8(*bytes)) return;
  media.text = conversation.keep(*bytes);
  media.data = {};
}

}  // namespace

void set_url(chat::Conversation& conversation, const JsonString& url, chat::Media& media) {
  const bool data = url.escaped || iequals(url.raw.substr(0, scheme.size()), scheme);
  if (data && split(plain(conversation, url), media)) return;
  media.url = url;
}

void set_file_data(chat::Conversation& conversation, const JsonString& data, chat::Media& media) {
  const JsonString text = plain(conversation, data);
  if (!split(text, media)) media.data = text;
  if (media.media_type.empty()) media.media_type.raw = type_by_name(media.title);
  unpack_text(conversation, media);
}

}  // namespace triaged::api
