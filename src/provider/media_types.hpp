// Media types of files by their names.
#pragma once

#include <string_view>

namespace triaged::provider {

// By the ending of a URL's path; `otherwise` where that tells nothing.
std::string_view media_type_of(std::string_view url, std::string_view otherwise);
// "image/svg+xml" -> "svg+xml": what stands behind the slash, without parameters.
std::string_view subtype_of(std::string_view media_type);

}  // namespace triaged::provider
