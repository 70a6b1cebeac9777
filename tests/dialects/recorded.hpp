// One conversation in every dialect of clients, and one answer in every dialect of providers: what conformance is
// checked with. A tool was called and gave its result, thoughts were shown, an image was sent, and the answer calls two
// tools.
#pragma once

#include "triaged/chat/request.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace triaged::dialects {

// `streamed` asks for a stream.
std::string recorded_request(chat::Dialect client, bool streamed);

// What a provider of that dialect answers: a whole body, or the events of a stream as type and data.
struct Event {
  std::string type;
  std::string data;
};
std::string recorded_answer(chat::Dialect provider);
std::vector<Event> recorded_stream(chat::Dialect provider);

}  // namespace triaged::dialects
