// The JSON of the Responses API's answers: items, parts, and the object that holds them and repeats the request.
#pragma once

#include "triaged/chat/conversation.hpp"
#include "triaged/chat/usage.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::api {

// Texts are the inside of JSON strings.
struct ResponsesContent {
  bool refusal = false;
  std::uint32_t part = 0;
  std::string text;
  std::vector<std::string> annotations;  // JSON objects
  std::string logprobs;                  // elements of an array, joined by commas
};

struct ResponsesOutput {
  enum class Kind : std::uint8_t { message, reasoning, call, custom_call };
  Kind kind = Kind::message;
  std::uint32_t part = 0;  // of a call, or the last one of thoughts
  bool open = true;
  std::string id;
  std::vector<ResponsesContent> contents;  // of a message, or the summaries of thoughts
  std::string encrypted;                   // of thoughts: what only their maker can read
  std::string call_id, name, scope;
  std::string arguments;  // of a custom call: what it takes, once that is known
};

// An empty item, as it stands when it begins, has no contents.
void append_item(std::string& out, const ResponsesOutput& item, std::string_view status);
void append_content(std::string& out, const ResponsesContent& content);
void append_summary(std::string& out, const ResponsesContent& content);
void append_usage(std::string& out, const chat::Usage& usage);

// The members that repeat the request, with a comma behind each. On one line, whatever the client wrote.
std::string repeated_members(const chat::Conversation* conversation);

// A citation of any maker as an annotation of this dialect; `characters`: how long the text is so far.
std::string annotation_of(std::string_view citation, std::size_t characters);
// Of {"input": "..."}, the JSON text of a call's arguments escaped as a JSON string: the inside of that input. Other
// arguments are given as they are.
std::string free_text_of(const std::string& arguments);

// JSON may stand on several lines, which an event's data must not.
void append_on_one_line(std::string& out, std::string_view json);

}  // namespace triaged::api
