// What other people's readers of a dialect would see: requests as lines of a history, answers as lines of what was
// said. Independent of the code under test: plain JSON, by the published formats.
#pragma once

#include "triaged/chat/request.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace triaged::dialects {

using Lines = std::vector<std::string>;

// Of a body that a provider of that dialect gets: "system: ...", "user: ...", "call: NAME ARGS", "result: ...",
// "image: TYPE BASE64", "tool: NAME", "limit: 500", "temperature: 0.5".
Lines history_of(chat::Dialect provider, const nlohmann::json& body);

// Of an answer that a client of that dialect gets: "thought: ...", "text: ...", "call: NAME ARGS", "finish: ...",
// "usage: INPUT CACHED OUTPUT".
Lines answer_of(chat::Dialect client, const nlohmann::json& body);
// Of a stream's events, type and data. Throws where the dialect's grammar is broken.
Lines stream_of(chat::Dialect client, const std::vector<std::pair<std::string, std::string>>& events);

}  // namespace triaged::dialects
