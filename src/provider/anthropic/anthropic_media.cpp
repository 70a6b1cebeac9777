#include "provider/anthropic/anthropic_media.hpp"

#include "triaged/base/text.hpp"

#include "provider/anthropic/anthropic_turns.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace triaged::provider {
namespace {

// By the first bytes, in base64, where nobody says what it is.
std::string_view type_by_content(std::string_view data) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> signs{{
      {"iVBORw0KGgo", "image/png"},
      {"/9j/", "image/jpeg"},
      {"R0lGOD", "image/gif"},
      {"UklGR", "image/webp"},
      {"JVBERi", "application/pdf"},
  }};
  for (const auto& [sign, type] : signs) {
    if (data.starts_with(sign)) return type;
  }
  return {};
}

bool is_image_type(std::string_view type) {
  static constexpr std::array<std::string_view, 4> types{"image/jpeg", "image/png", "image/gif", "image/webp"};
  return std::find(types.begin(), types.end(), type) != types.end();
}

void append_base64(std::string& out, std::string_view type, std::string_view data) {
  out.append(R"({"type":"base64","media_type":)");
  append_json_string(out, type);
  out.append(R"(,"data":")");
  if (plain_string_length(data) == data.size()) {
    out.append(data);
  } else {
    append_json_escaped(out, data);
  }
  out.append(R"("})");
}

bool append_data(std::string& out, bool image, std::string type, std::string_view data) {
  type = to_lower(type);
  if (type == "image/jpg") type = "image/jpeg";
  const bool known = image ? is_image_type(type) : type == "application/pdf";
  if (!known) type = type_by_content(data);
  if (image ? !is_image_type(type) : type != "application/pdf") return false;
  append_base64(out, type, data);
  return true;
}

bool append_source(const chat::Media& media, bool image, bool own_files, std::string& out) {
  if (!media.url.empty()) {
    // Only a URL with escapes has to be copied to be looked into.
    const std::string resolved = media.url.escaped ? media.url.resolved() : std::string();
    const std::string_view url = media.url.escaped ? std::string_view(resolved) : media.url.raw;
    if (const auto data = read_data_url(url)) return append_data(out, image, std::string(data->media_type), data->data);
    if (!iequals(url.substr(0, 4), "http")) return false;
    out.append(R"({"type":"url","url":)");
    chat::append_string(out, media.url);
    out.push_back('}');
    return true;
  }
  if (!media.data.empty()) {
    const std::string resolved = media.data.escaped ? media.data.resolved() : std::string();
    const std::string_view data = media.data.escaped ? std::string_view(resolved) : media.data.raw;
    if (const auto url = read_data_url(data)) return append_data(out, image, std::string(url->media_type), url->data);
    return append_data(out, image, media.media_type.resolved(), data);
  }
  if (!media.text.empty() && !image) {
    out.append(R"({"type":"text","media_type":"text/plain","data":)");
    chat::append_string(out, media.text);
    out.push_back('}');
    return true;
  }
  if (media.file_id.empty() || !own_files) return false;
  out.append(R"({"type":"file","file_id":)");
  chat::append_string(out, media.file_id);
  out.push_back('}');
  return true;
}

}  // namespace

std::optional<DataUrl> read_data_url(std::string_view url) {
  constexpr std::string_view scheme = "data:";
  if (!iequals(url.substr(0, scheme.size()), scheme)) return std::nullopt;
  const std::size_t comma = url.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const std::string_view head = url.substr(scheme.size(), comma - scheme.size());
  constexpr std::string_view base64 = ";base64";
  if (head.size() < base64.size() || !iequals(head.substr(head.size() - base64.size()), base64)) return std::nullopt;
  return DataUrl{head.substr(0, head.find(';')), url.substr(comma + 1)};
}

bool append_anthropic_media(const chat::Part& part, bool own_files, std::string& out) {
  const bool image = part.kind == chat::PartKind::image;
  if (!image && part.kind != chat::PartKind::document) return false;
  std::string block = image ? R"({"type":"image","source":)" : R"({"type":"document","source":)";
  if (!append_source(part.media, image, own_files, block)) return false;
  if (!image) {
    const auto append = [&block](std::string_view name, const JsonString& value) {
      if (value.empty()) return;
      block.append(name);
      chat::append_string(block, value);
    };
    append(R"(,"title":)", part.media.title);
    append(R"(,"context":)", part.media.context);
    if (part.media.citations) block.append(R"(,"citations":{"enabled":true})");
  }
  append_cache_mark(block, part.cache);
  out.append(block).append("}");
  return true;
}

}  // namespace triaged::provider
