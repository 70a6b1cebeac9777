#include "server/pass_paths.hpp"

#include <algorithm>
#include <array>

namespace triaged::server {
namespace {

using config::PassFamily;

struct Row {
  std::string_view pattern;  // "*" stands for an id
  PassPath meaning;
};

constexpr std::array<Row, 17> table{{
    {"/audio/speech", {PassFamily::audio, "audio_speech", "POST"}},
    {"/audio/transcriptions", {PassFamily::audio, "audio_transcriptions", "POST"}},
    {"/audio/translations", {PassFamily::audio, "audio_translations", "POST"}},
    {"/images/generations", {PassFamily::images, "images_generations", "POST"}},
    {"/images/edits", {PassFamily::images, "images_edits", "POST"}},
    {"/images/variations", {PassFamily::images, "images_variations", "POST"}},
    {"/files", {PassFamily::files, "files", "GET, POST"}},
    {"/files/*", {PassFamily::files, "file", "GET, DELETE"}},
    {"/files/*/content", {PassFamily::files, "file_content", "GET"}},
    {"/uploads", {PassFamily::uploads, "uploads", "POST"}},
    {"/uploads/*/parts", {PassFamily::uploads, "upload_parts", "POST"}},
    {"/uploads/*/complete", {PassFamily::uploads, "upload_complete", "POST"}},
    {"/uploads/*/cancel", {PassFamily::uploads, "upload_cancel", "POST"}},
    {"/batches", {PassFamily::batches, "batches", "GET, POST"}},
    {"/batches/*", {PassFamily::batches, "batch", "GET"}},
    {"/batches/*/cancel", {PassFamily::batches, "batch_cancel", "POST"}},
    {"/moderations", {PassFamily::moderations, "moderations", "POST"}},
}};

bool may_be_in_id(char c) {
  constexpr std::string_view marks = "._~-";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         marks.find(c) != std::string_view::npos;
}

bool is_id(std::string_view segment) {
  return !segment.empty() && segment != "." && segment != ".." &&
         std::all_of(segment.begin(), segment.end(), may_be_in_id);
}

// Both begin with a slash, or are empty.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

bool matches(std::string_view pattern, std::string_view path) {
  while (!pattern.empty() && path.starts_with('/')) {
    const std::string_view wanted = take_segment(pattern);
    const std::string_view segment = take_segment(path);
    if (wanted == "*" ? !is_id(segment) : wanted != segment) return false;
  }
  return pattern.empty() && path.empty();
}

}  // namespace

std::optional<PassPath> find_pass_path(std::string_view path) {
  const auto* const row =
      std::find_if(table.begin(), table.end(), [path](const Row& each) { return matches(each.pattern, path); });
  if (row == table.end()) return std::nullopt;
  return row->meaning;
}

}  // namespace triaged::server
