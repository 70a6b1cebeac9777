// Files inside of requests: data: URLs, and what a file's name says of its type.
#pragma once

#include "triaged/chat/conversation.hpp"

namespace triaged::api {

// A URL to be fetched, or a data: URL, whose type and base64 text are told apart.
void set_url(chat::Conversation& conversation, const JsonString& url, chat::Media& media);
// A data: URL, or base64 text alone, whose type the file's name has to tell.
void set_file_data(chat::Conversation& conversation, const JsonString& data, const JsonString& file_name,
                   chat::Media& media);

}  // namespace triaged::api
