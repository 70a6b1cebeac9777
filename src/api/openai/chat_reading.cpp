#include "api/openai/chat_reading.hpp"

#include "api/body_reader.hpp"

#include <algorithm>
#include <array>
#include <memory>

namespace triaged::api {
namespace {

constexpr std::size_t scratch_limit = 1U << 20U;

template <class T>
void shrink_one(T& memory, std::size_t unit) {
  if (memory.capacity() * unit <= scratch_limit) return;
  T().swap(memory);
}

}  // namespace

void Scratch::clear() {
  text.clear();
  messages.clear();
  models.clear();
  metadata.clear();
}

void Scratch::shrink() {
  shrink_one(text, 1);
  shrink_one(messages, sizeof(Span));
  shrink_one(models, sizeof(Span));
  shrink_one(metadata, 2 * sizeof(Span));
}

ChatReading::ChatReading(std::string_view body, Scratch& scratch) : body_(body), scratch_(scratch), reader_(body) {
  request_.body_bytes = body.size();
}

Result<chat::Request> ChatReading::read() {
  const JsonType root = reader_.peek();
  if (root == JsonType::object) {
    read_root();
  } else {
    reader_.skip();
  }
  if (!reader_.at_end()) return syntax_error();
  if (root != JsonType::object) {
    return client_error(ErrorKind::invalid_request, 400,
                        "The request body must be a JSON object, not " + std::string(name_of(root)) + ".",
                        "invalid_type");
  }
  if (!messages_seen_) {
    fault("messages", "Missing required parameter: 'messages'.", "missing_required_parameter");
  }
  if (fault_) return *fault_;

  request_.tools = tools_ + functions_;
  request_.tool_choice_forced = tool_choice_forced_ || function_call_forced_;
  request_.max_output_tokens = max_completion_tokens_ ? max_completion_tokens_ : max_tokens_;
  settle_text();
  return std::move(request_);
}

ChatReading::Handler ChatReading::find_handler(const JsonString& key) {
  static constexpr std::array<Member, 19> members{{
      {"model", &ChatReading::read_model},
      {"models", &ChatReading::read_models},
      {"messages", &ChatReading::read_messages},
      {"stream", &ChatReading::read_stream},
      {"stream_options", &ChatReading::read_stream_options},
      {"tools", &ChatReading::read_tools},
      {"functions", &ChatReading::read_functions},
      {"tool_choice", &ChatReading::read_tool_choice},
      {"function_call", &ChatReading::read_function_call},
      {"response_format", &ChatReading::read_response_format},
      {"max_tokens", &ChatReading::read_max_tokens},
      {"max_completion_tokens", &ChatReading::read_max_completion_tokens},
      {"n", &ChatReading::read_answers},
      {"logprobs", &ChatReading::read_logprobs},
      {"modalities", &ChatReading::read_modalities},
      {"reasoning_effort", &ChatReading::read_reasoning_effort},
      {"user", &ChatReading::read_user},
      {"prompt_cache_key", &ChatReading::read_prompt_cache_key},
      {"metadata", &ChatReading::read_metadata},
  }};
  const auto* const found =
      std::find_if(members.begin(), members.end(), [&key](const Member& member) { return key.equals(member.name); });
  return found == members.end() ? nullptr : found->handler;
}

void ChatReading::read_root() {
  reader_.enter_object();
  request_.object_begin = reader_.position();
  bool any_kept = false;
  bool cut_open = false;  // a cut first member still has to take the comma behind it
  JsonString key;
  while (reader_.next_member(key)) {
    if (cut_open) request_.models_members.back().end = reader_.comma_position() + 1;
    cut_open = false;
    const Handler handler = find_handler(key);
    if (handler == nullptr) {
      reader_.skip();
      any_kept = true;
      continue;
    }
    const std::size_t key_begin = reader_.key_position();
    const std::size_t comma = reader_.comma_position();
    (this->*handler)();
    if (handler != &ChatReading::read_models) {
      any_kept = true;
      continue;
    }
    request_.models_members.push_back({any_kept ? comma : key_begin, reader_.position()});
    cut_open = !any_kept;
  }
}

// The texts move to one block of exactly their size, and spans become views into it.
void ChatReading::settle_text() {
  request_.text_ = std::make_shared<const std::string>(scratch_.text);
  const std::string_view text = *request_.text_;
  const auto view = [text](const Span& span) { return text.substr(span.begin, span.size); };

  request_.model = view(model_);
  request_.reasoning_effort = view(effort_);
  request_.user = view(user_);
  request_.session = view(session_);
  for (std::size_t i = 0; i < request_.messages.size(); ++i) request_.messages[i].text = view(scratch_.messages[i]);
  for (const Span& span : scratch_.models) request_.models.push_back(view(span));
  for (const auto& [name, value] : scratch_.metadata) request_.metadata.emplace_back(view(name), view(value));
}

Error ChatReading::syntax_error() const { return json_error(body_, reader_.position(), reader_.problem()); }

bool ChatReading::is_null() {
  if (reader_.peek() != JsonType::null) return false;
  reader_.skip();
  return true;
}

// True after recording a fault and skipping the value.
bool ChatReading::wrong_type(std::initializer_list<JsonType> allowed, std::string_view param,
                             std::string_view expected) {
  const JsonType type = reader_.peek();
  if (std::find(allowed.begin(), allowed.end(), type) != allowed.end()) return false;
  std::string sentence = "Invalid type for '";
  sentence.append(param).append("': ").append(expected).append(" is expected, not ").append(name_of(type)).append(".");
  fault(param, std::move(sentence), "invalid_type");
  reader_.skip();
  return true;
}

bool ChatReading::read_flag(std::string_view param) {
  if (is_null() || wrong_type({JsonType::boolean}, param, "a boolean")) return false;
  return reader_.take_bool();
}

std::optional<std::int64_t> ChatReading::read_integer(std::string_view param) {
  if (is_null() || wrong_type({JsonType::number}, param, "an integer")) return {};
  const std::string_view number = reader_.take_number();
  const std::optional<std::int64_t> value = json_integer(number);
  if (!value && reader_.ok()) {
    std::string sentence = "Invalid value for '";
    sentence.append(param).append("': an integer is expected, not ").append(number.substr(0, 40)).append(".");
    fault(param, std::move(sentence), "invalid_type");
  }
  return value;
}

Span ChatReading::read_text(std::string_view param) {
  if (is_null() || wrong_type({JsonType::string}, param, "a string")) return {};
  return append(reader_.take_string());
}

Span ChatReading::append(const JsonString& string) {
  const std::size_t begin = scratch_.text.size();
  string.append_to(scratch_.text);
  return {begin, scratch_.text.size() - begin};
}

std::uint32_t ChatReading::count_elements(std::string_view param) {
  if (is_null() || wrong_type({JsonType::array}, param, "an array")) return 0;
  std::uint32_t count = 0;
  reader_.enter_array();
  while (reader_.next_element()) {
    reader_.skip();
    ++count;
  }
  return count;
}

void ChatReading::fault(std::string_view param, std::string sentence, std::string_view code) {
  if (fault_) return;
  fault_ = client_error(ErrorKind::invalid_request, 400, std::move(sentence), std::string(code), std::string(param));
}

}  // namespace triaged::api
