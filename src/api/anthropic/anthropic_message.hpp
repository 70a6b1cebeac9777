// The members that Anthropic's whole messages and the events of its streams have in common.
#pragma once

#include "triaged/chat/event.hpp"
#include "triaged/chat/usage.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace triaged::api {

// Why an answer ended.
struct AnthropicEnd {
  chat::Finish finish = chat::Finish::none;
  std::string sequence;  // escaped; the stop sequence that ended it
  bool refusal = false;  // it refused in words
  bool calls = false;
};

// {"input_tokens":...}; of a message all members, of message_delta those it has.
void append_anthropic_usage(std::string& out, const std::optional<chat::Usage>& usage, bool of_message);
// "stop_reason":...,"stop_sequence":...,"stop_details":...,"container":null
void append_anthropic_end(std::string& out, const AnthropicEnd& end);
// The id of a message, or of a call ("toolu_"): the provider's as far as its characters are allowed, else made of
// `own`.
std::string anthropic_id(std::string_view prefix, std::string_view id, std::string_view own);
// A citation as Anthropic has them, made of another maker's where it can be; "" where it cannot.
std::string anthropic_citation(std::string_view json);
// What a model wrote as the arguments of a call, as an object.
std::string anthropic_input(std::string_view arguments);

}  // namespace triaged::api
