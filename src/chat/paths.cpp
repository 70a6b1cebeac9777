#include "triaged/chat/paths.hpp"

#include <algorithm>

namespace triaged::chat {

std::string_view without_version(std::string_view path) {
  constexpr std::string_view version = "/v1";
  return path.starts_with("/v1/") ? path.substr(version.size()) : path;
}

const RoutedPath* find_routed_path(std::string_view path) {
  const std::string_view wanted = without_version(path);
  const auto* const found = std::find_if(routed_paths.begin(), routed_paths.end(), [wanted](const RoutedPath& each) {
    return without_version(each.path) == wanted;
  });
  return found == routed_paths.end() ? nullptr : found;
}

}  // namespace triaged::chat
