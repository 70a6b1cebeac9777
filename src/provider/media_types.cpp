#include "provider/media_types.hpp"

#include "triaged/base/text.hpp"

#include <array>
#include <utility>

namespace triaged::provider {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> types{{
    {"png", "image/png"},         {"jpg", "image/jpeg"},   {"jpeg", "image/jpeg"}, {"gif", "image/gif"},
    {"webp", "image/webp"},       {"heic", "image/heic"},  {"heif", "image/heif"}, {"pdf", "application/pdf"},
    {"txt", "text/plain"},        {"md", "text/markdown"}, {"html", "text/html"},  {"csv", "text/csv"},
    {"json", "application/json"}, {"mp3", "audio/mpeg"},   {"wav", "audio/wav"},   {"ogg", "audio/ogg"},
    {"flac", "audio/flac"},       {"aac", "audio/aac"},    {"m4a", "audio/mp4"},   {"mp4", "video/mp4"},
    {"mov", "video/quicktime"},   {"webm", "video/webm"},
}};

}  // namespace

std::string_view media_type_of(std::string_view url, std::string_view otherwise) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t dot = url.rfind('.');
  if (dot == std::string_view::npos) return otherwise;
  const std::string_view ending = url.substr(dot + 1);
  for (const auto& [known, type] : types) {
    if (iequals(ending, known)) return type;
  }
  return otherwise;
}

std::string_view subtype_of(std::string_view media_type) {
  media_type = media_type.substr(0, media_type.find(';'));
  return trim(media_type.substr(media_type.find('/') + 1));
}

}  // namespace triaged::provider
