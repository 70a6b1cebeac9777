// Images and documents as Anthropic's blocks.
#pragma once

#include "triaged/chat/conversation.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace triaged::provider {

// False, with nothing appended, for what has no such block. `own_files`: file ids are Anthropic's.
bool append_anthropic_media(const chat::Part& part, bool own_files, std::string& out);

// A "data:" URL taken apart; views into it.
struct DataUrl {
  std::string_view media_type;
  std::string_view data;  // base64
};
// Nothing for other URLs, and for data that is not in base64.
std::optional<DataUrl> read_data_url(std::string_view url);

}  // namespace triaged::provider
