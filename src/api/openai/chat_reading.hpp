// One pass over the body of a chat request: what it says, and where it says what a route replaces. Lives for one
// decode(); the scratch memory belongs to the decoder and is reused.
#pragma once

#include "triaged/api/codec.hpp"
#include "triaged/base/json.hpp"

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::api {

// A piece of Scratch::text; becomes a view once that has its final place.
struct Span {
  std::size_t begin = 0;
  std::size_t size = 0;
};

struct Scratch {
  std::string text;  // all texts of the request, one after the other
  std::vector<Span> messages;
  std::vector<Span> models;
  std::vector<std::pair<Span, Span>> metadata;

  void clear();
  void shrink();  // back to a small size after a large request
};

class ChatReading {
 public:
  ChatReading(std::string_view body, Scratch& scratch);
  Result<chat::Request> read();

 private:
  using Handler = void (ChatReading::*)();
  struct Member {
    std::string_view name;
    Handler handler;
  };
  static Handler find_handler(const JsonString& key);

  void read_root();
  void settle_text();
  Error syntax_error() const;

  // Top-level members.
  void read_model();
  void read_models();
  void read_messages();
  void read_stream();
  void read_stream_options();
  void read_tools();
  void read_functions();
  void read_tool_choice();
  void read_function_call();
  void read_response_format();
  void read_max_tokens();
  void read_max_completion_tokens();
  void read_answers();
  void read_logprobs();
  void read_modalities();
  void read_reasoning_effort();
  void read_user();
  void read_prompt_cache_key();
  void read_metadata();

  void read_message(std::size_t index);
  void read_role(std::size_t index, chat::Message& message);
  void read_content(std::size_t index, chat::Message& message);
  void read_part(std::size_t index, std::size_t part, chat::Message& message);
  void read_tool_calls(chat::Message& message);

  // Value readers that record a fault for a wrong type. `null` counts as absent.
  bool is_null();
  bool wrong_type(std::initializer_list<JsonType> allowed, std::string_view param, std::string_view expected);
  bool read_flag(std::string_view param);
  std::optional<std::int64_t> read_integer(std::string_view param);
  Span read_text(std::string_view param);
  std::uint32_t count_elements(std::string_view param);
  Span append(const JsonString& string);
  void fault(std::string_view param, std::string sentence, std::string_view code);

  std::string_view body_;
  Scratch& scratch_;
  JsonReader reader_;
  chat::Request request_;
  std::optional<Error> fault_;  // the first one
  bool messages_seen_ = false;
  std::uint32_t tools_ = 0;
  std::uint32_t functions_ = 0;
  bool tool_choice_forced_ = false;
  bool function_call_forced_ = false;
  std::optional<std::int64_t> max_tokens_;
  std::optional<std::int64_t> max_completion_tokens_;
  Span model_, effort_, user_, session_;
};

}  // namespace triaged::api
