// Images and files as OpenAI's dialects write them: data: URLs and base64.
#pragma once

#include "triaged/chat/conversation.hpp"

namespace triaged::api {

// A URL to be fetched, or a data: URL, which is taken apart without copying what it holds.
void set_url(chat::Conversation& conversation, const JsonString& url, chat::Media& media);
// A data: URL, or bare base64 of `media_type`, or of the type that the ending of `title` says.
void set_file_data(chat::Conversation& conversation, const JsonString& data, chat::Media& media);

}  // namespace triaged::api
