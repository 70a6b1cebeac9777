// How what only the maker of a thought can read travels through clients of chat completions: as `reasoning_details` of
// the message, the form that OpenRouter began and many agents give back
// (https://openrouter.ai/docs/use-cases/reasoning-tokens). With it a model takes up its thought again where a tool was
// called in between.
#pragma once

#include "api/body_reader.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::api {

// One detail: a thought with its maker's proof, or one that is encrypted. All texts are the inside of JSON strings.
void append_proved_thought(std::string& out, std::size_t index, std::string_view text, std::string_view proof);
void append_hidden_thought(std::string& out, std::size_t index, std::string_view data);

// The thoughts of an assistant message that somebody can use again: proved and encrypted ones of Anthropic's and
// Google's models. Others are passed over: their makers take them back in no other dialect.
std::vector<chat::Part> read_reasoning_details(BodyReader& in);

}  // namespace triaged::api
