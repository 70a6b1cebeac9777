// The blocks of which Anthropic's messages consist.
#pragma once

#include "api/body_reader.hpp"

#include <vector>

namespace triaged::api {

// The value of a `content` or of `system`: a string, or an array of blocks. Nothing for null.
void read_anthropic_content(BodyReader& reader, const Path& path, std::vector<chat::Part>& parts);
// The value of a `cache_control`.
chat::CacheLife read_cache_control(BodyReader& reader, const Path& path);

}  // namespace triaged::api
