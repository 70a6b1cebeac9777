// The top-level members of a chat request, except its messages. Of a member that stands there twice the last one
// counts, as with the JSON parsers of the providers; every occurrence that a route replaces is remembered.
#include "api/openai/chat_reading.hpp"

namespace triaged::api {

void ChatReading::read_model() {
  const std::size_t begin = reader_.value_position();
  model_ = read_text("model");
  request_.model_values.push_back({begin, reader_.position()});
}

void ChatReading::read_models() {
  scratch_.models.clear();
  if (is_null() || wrong_type({JsonType::array}, "models", "an array of model names")) return;
  reader_.enter_array();
  for (std::size_t i = 0; reader_.next_element(); ++i) {
    if (reader_.peek() == JsonType::string) {
      scratch_.models.push_back(append(reader_.take_string()));
      continue;
    }
    wrong_type({}, "models[" + std::to_string(i) + "]", "a string");
  }
}

void ChatReading::read_stream() { request_.stream = read_flag("stream"); }

void ChatReading::read_stream_options() {
  request_.include_usage = false;
  const std::size_t begin = reader_.value_position();
  if (!is_null() && !wrong_type({JsonType::object}, "stream_options", "an object")) {
    JsonString key;
    reader_.enter_object();
    while (reader_.next_member(key)) {
      if (key.equals("include_usage")) {
        request_.include_usage = read_flag("stream_options.include_usage");
      } else {
        reader_.skip();
      }
    }
  }
  request_.stream_options_values.push_back({begin, reader_.position()});
}

void ChatReading::read_tools() { tools_ = count_elements("tools"); }

void ChatReading::read_functions() { functions_ = count_elements("functions"); }

// "required" and a named tool force a call. {"type": "allowed_tools"} only does with mode "required".
void ChatReading::read_tool_choice() {
  tool_choice_forced_ = false;
  if (is_null() || wrong_type({JsonType::string, JsonType::object}, "tool_choice", "a string or an object")) return;
  if (reader_.peek() == JsonType::string) {
    tool_choice_forced_ = reader_.take_string().equals("required");
    return;
  }
  tool_choice_forced_ = true;
  JsonString key;
  reader_.enter_object();
  while (reader_.next_member(key)) {
    if (!key.equals("allowed_tools") || reader_.peek() != JsonType::object) {
      reader_.skip();
      continue;
    }
    JsonString inner;
    tool_choice_forced_ = false;
    reader_.enter_object();
    while (reader_.next_member(inner)) {
      if (inner.equals("mode") && reader_.peek() == JsonType::string) {
        tool_choice_forced_ = reader_.take_string().equals("required");
      } else {
        reader_.skip();
      }
    }
  }
}

void ChatReading::read_function_call() {
  function_call_forced_ = false;
  if (is_null() || wrong_type({JsonType::string, JsonType::object}, "function_call", "a string or an object")) return;
  function_call_forced_ = reader_.peek() == JsonType::object;
  reader_.skip();
}

void ChatReading::read_response_format() {
  request_.format = chat::OutputFormat::text;
  if (is_null() || wrong_type({JsonType::object}, "response_format", "an object")) return;
  JsonString key;
  reader_.enter_object();
  while (reader_.next_member(key)) {
    if (!key.equals("type")) {
      reader_.skip();
      continue;
    }
    if (wrong_type({JsonType::string}, "response_format.type", "a string")) continue;
    const JsonString type = reader_.take_string();
    if (type.equals("json_object")) request_.format = chat::OutputFormat::json_object;
    if (type.equals("json_schema")) request_.format = chat::OutputFormat::json_schema;
  }
}

// Some servers take -1 for "no limit"; that is theirs to judge, and no bound for us.
void ChatReading::read_max_tokens() {
  max_tokens_ = read_integer("max_tokens");
  if (max_tokens_ && *max_tokens_ <= 0) max_tokens_.reset();
}

void ChatReading::read_max_completion_tokens() {
  max_completion_tokens_ = read_integer("max_completion_tokens");
  if (max_completion_tokens_ && *max_completion_tokens_ <= 0) max_completion_tokens_.reset();
}

void ChatReading::read_answers() {
  request_.answers = read_integer("n").value_or(1);
  if (request_.answers < 1) fault("n", "Invalid value for 'n': it must be at least 1.", "invalid_value");
}

void ChatReading::read_logprobs() { request_.wants_logprobs = read_flag("logprobs"); }

void ChatReading::read_modalities() {
  request_.wants_audio = false;
  if (is_null() || wrong_type({JsonType::array}, "modalities", "an array")) return;
  reader_.enter_array();
  while (reader_.next_element()) {
    if (reader_.peek() != JsonType::string) {
      reader_.skip();
    } else if (reader_.take_string().equals("audio")) {
      request_.wants_audio = true;
    }
  }
}

void ChatReading::read_reasoning_effort() { effort_ = read_text("reasoning_effort"); }

void ChatReading::read_user() { user_ = read_text("user"); }

void ChatReading::read_prompt_cache_key() { session_ = read_text("prompt_cache_key"); }

void ChatReading::read_metadata() {
  scratch_.metadata.clear();
  if (is_null() || wrong_type({JsonType::object}, "metadata", "an object")) return;
  JsonString key;
  reader_.enter_object();
  while (reader_.next_member(key)) {
    if (reader_.peek() != JsonType::string) {
      reader_.skip();
      continue;
    }
    const Span name = append(key);
    scratch_.metadata.emplace_back(name, append(reader_.take_string()));
  }
}

}  // namespace triaged::api
