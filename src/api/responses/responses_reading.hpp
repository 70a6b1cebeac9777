// One pass over the body of a request to OpenAI's Responses API. Its input is a list of items rather than of messages:
// what an assistant said, thought and called stands in items of its own, which become one turn.
#pragma once

#include "triaged/chat/conversation.hpp"

#include "api/body_reader.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::api {

// The members of an item of whatever type, since its type may stand last.
struct ResponsesItem {
  JsonString type, role, id, call_id, name, scope, arguments, input, encrypted;
  bool has_role = false, has_call_id = false, has_name = false, has_arguments = false, has_input = false;
  bool has_content = false, has_output = false;
  std::vector<chat::Part> content;  // of a message
  std::vector<chat::Part> output;   // of a result
  std::vector<JsonString> thoughts;
  std::vector<std::string> unknown;  // paths of members that have no place
};

class ResponsesReading {
 public:
  explicit ResponsesReading(std::string_view body)
      : in_(body, chat::Dialect::openai_responses), body_(body), text_(body) {}
  Result<chat::Conversation> read();

 private:
  using Handler = void (ResponsesReading::*)(const Path&);
  struct Member {
    std::string_view name;
    Handler handler;
  };
  static Handler find_handler(const JsonString& key);

  void read_root();
  void settle();

  // Top-level members.
  void read_model(const Path& path);
  void read_input(const Path& path);
  void read_instructions(const Path& path);
  void read_tools(const Path& path);
  void read_tool_choice(const Path& path);
  void read_parallel(const Path& path);
  void read_text(const Path& path);
  void read_reasoning(const Path& path);
  void read_max_output_tokens(const Path& path);
  void read_temperature(const Path& path);
  void read_top_p(const Path& path);
  void read_top_logprobs(const Path& path);
  void read_include(const Path& path);
  void read_store(const Path& path);
  void read_metadata(const Path& path);
  void read_user(const Path& path);
  void read_safety_identifier(const Path& path);
  void read_cache_key(const Path& path);
  void read_service_tier(const Path& path);
  void read_truncation(const Path& path);
  void read_stream(const Path& path);
  void read_stream_options(const Path& path);
  void read_background(const Path& path);

  void read_format(const Path& path);

  void read_tool(const Path& path, const JsonString& scope);
  void read_namespace(const Path& path, std::string_view raw);
  JsonString grammar_of(const Path& path);
  void read_chosen(const Path& path);

  void read_item(const Path& path);
  void read_item_member(const JsonString& key, const Path& path, ResponsesItem& item);
  void add_message(const Path& path, ResponsesItem& item);
  void add_call(const Path& path, const ResponsesItem& item);
  void add_custom_call(const Path& path, const ResponsesItem& item);
  void add_result(const Path& path, ResponsesItem& item);
  void add_thoughts(const Path& path, const ResponsesItem& item);
  void add_foreign(const Path& path, std::string_view raw, const ResponsesItem& item);
  chat::Turn& assistant_turn();

  bool read_parts(const Path& path, std::vector<chat::Part>& parts);
  void read_part(const Path& path, std::vector<chat::Part>& parts);
  void read_thoughts(const Path& path, ResponsesItem& item);
  void read_audio(const Path& path, chat::Part& part);

  // Remembers what an answer repeats of the request.
  void repeat(std::string_view name, std::string_view value);
  JsonString escaped(std::string text);

  BodyReader in_;
  std::string_view body_;
  std::string_view text_;  // that in_.json reads: the body, or a part of it
  std::optional<JsonString> instructions_;
  JsonString safety_identifier_;
  bool has_input_ = false;
  std::vector<JsonString> allowed_;  // names of the tools that may be called, where not all may
  bool only_allowed_ = false;
};

// The name under which other dialects know a tool that stands in a namespace.
std::string scoped_name(std::string_view scope, std::string_view name);

}  // namespace triaged::api
