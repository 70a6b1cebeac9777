// A body of OpenAI's chat completions, all of it.
#pragma once

#include "triaged/chat/conversation.hpp"

#include "api/body_reader.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::api {

Result<chat::Conversation> read_openai_chat(std::string_view body);

// What both dialects of OpenAI's completions write in the same way: true if `name` was such a member, and then its
// value is read.
bool read_common_member(BodyReader& in, const JsonString& name);

// {"type":"ephemeral","ttl":"1h"}: Anthropic's mark, which OpenAI-compatible gateways take in content parts.
chat::CacheLife read_cache_mark(BodyReader& in, const Path& path);

// The messages of a chat request.
class ChatTurns {
 public:
  explicit ChatTurns(BodyReader& in) : in_(in) {}
  void read(const Path& path);

 private:
  // A message's members in any order.
  struct Draft {
    std::optional<JsonString> role;
    JsonString name, call_id, refusal, thought;
    std::vector<chat::Part> thoughts, content, calls;
    chat::CacheLife cache = chat::CacheLife::none;
  };
  void read_message(const Path& path);
  void read_member(const JsonString& key, const Path& path, Draft& draft);
  void read_content(const Path& path, std::vector<chat::Part>& parts);
  void read_part(const Path& path, std::vector<chat::Part>& parts);
  void read_image(const Path& path, chat::Part& part);
  void read_audio(const Path& path, chat::Part& part);
  void read_file(const Path& path, chat::Part& part);
  void read_thoughts(const Path& path, chat::Part& part);
  void read_calls(const Path& path, Draft& draft);
  void read_call(const Path& path, Draft& draft);
  void read_function(const Path& path, chat::Part& call, bool custom);
  void settle(Draft& draft, const Path& path);
  JsonString id_of_result(const Draft& draft);

  BodyReader& in_;
  std::vector<std::pair<std::string, JsonString>> unnamed_;  // calls of the older form, which have no ids: name, our id
};

}  // namespace triaged::api
