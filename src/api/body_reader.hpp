// Reading a client's body value by value: the type of each is checked, the first fault is remembered, and what has no
// place in a Conversation is noted, so that nothing is lost in silence.
#pragma once

#include "triaged/base/json.hpp"
#include "triaged/base/result.hpp"
#include "triaged/chat/conversation.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::api {

// Where a value stands; written out only when it is needed. Lives on the stack, next to its parent.
struct Path {
  const Path* up = nullptr;
  std::string_view name;         // of a member ...
  std::size_t index = no_index;  // ... or the index of an element

  static constexpr std::size_t no_index = static_cast<std::size_t>(-1);
  Path member(std::string_view key) const { return {this, key, no_index}; }
  Path element(std::size_t i) const { return {this, {}, i}; }
  std::string text() const;                                                   // "messages[2].content[0].text"
  std::uint32_t number() const { return static_cast<std::uint32_t>(index); }  // of an element, for a chat::Place
};

class BodyReader {
 public:
  explicit BodyReader(std::string_view body, chat::Dialect dialect);

  JsonReader json;
  chat::Conversation out;

  // `null` counts as absent: true after skipping one.
  bool null();
  // Nothing for null; another type is a fault, and skipped.
  std::optional<JsonString> string(const Path& path);
  std::optional<bool> flag(const Path& path);
  std::optional<std::int64_t> integer(const Path& path);
  chat::JsonText number(const Path& path);  // its text, "" for nothing
  chat::JsonText object(const Path& path);  // likewise
  chat::JsonText array(const Path& path);
  // True: entered. Nothing is, for null.
  bool enter_object(const Path& path);
  bool enter_array(const Path& path);

  void fault(const Path& path, std::string sentence, std::string_view code = "invalid_value");
  void missing(const Path& path);
  // Skips the value, which has no place in a Conversation.
  void lose(const Path& path);
  // Skips a top-level member that has no place, and keeps it.
  void keep(const JsonString& name);

  // The end of the body. Error: what is wrong with its syntax, else the first fault.
  Result<chat::Conversation> finish();

 private:
  bool wrong_type(JsonType wanted, const Path& path, std::string_view expected);

  std::string_view body_;
  std::optional<Error> fault_;
};

// What is wrong with a body that is no JSON.
Error json_error(std::string_view body, std::size_t position, std::string_view problem);
std::string_view name_of(JsonType type);  // "a string"

}  // namespace triaged::api
