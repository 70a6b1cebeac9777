// What of a client's request a target cannot be told, by the names that stand in the request.
#pragma once

#include "triaged/chat/conversation.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {

enum class Field : std::uint8_t {
  answers,
  audio,
  cache_key,
  format,
  frequency_penalty,
  logit_bias,
  logprobs,
  metadata,
  modalities,
  parallel,
  prediction,
  presence_penalty,
  reasoning,
  seed,
  service_tier,
  stops,
  store,
  temperature,
  tool_choice,
  tools,
  top_k,
  top_logprobs,
  top_p,
  user,
  verbosity,
};

// A top-level member in the client's own words: what OpenAI's chat calls `stop` is `stop_sequences` elsewhere.
std::string_view client_name(const chat::Conversation& conversation, std::string_view chat_name);

// Of a list of output modalities: is it nothing but text?
bool text_only(chat::JsonText modalities);

class Unsaid {
 public:
  explicit Unsaid(const chat::Conversation& conversation) : conversation_(conversation) {}

  void add(Field field);
  void add_if(bool asked, Field field) {
    if (asked) add(field);
  }
  // By the name of OpenAI's chat, and what stands below it.
  void add_member(std::string_view chat_name, std::string_view below = {});
  // A name in the client's words.
  void add_name(std::string name);
  // A part of a turn, or what stands below it (".citations").
  void add_part(std::size_t turn, std::size_t part, std::string_view below = {});
  // `inner`: a part of the content of that part, which is a result, or the part itself.
  void add_inner(std::size_t turn, std::size_t part, const chat::Part& inner, std::string_view below = {});
  // How closely a picture is to be looked at, what a document is called, that the prompt be kept up to here: members
  // whose names differ by dialect.
  void add_detail(std::size_t turn, std::size_t part, const chat::Part& inner);
  void add_title(std::size_t turn, std::size_t part, const chat::Part& inner);
  void add_cache_mark(std::size_t turn, std::size_t part, const chat::Part& inner);
  void add_tool(std::size_t tool, std::string_view below = {});
  // That a tool's arguments shall keep to its schema.
  void add_strict(std::size_t tool);
  // Keywords of a schema, by their paths in it.
  void add_schema(std::size_t tool, const std::vector<std::string>& keywords);
  void add_format_schema(const std::vector<std::string>& keywords);
  void add_format_description();
  // How thoughts are to be shown: as a summary, or not at all.
  void add_shown();
  // What is to be chosen among tools, where the target is given none.
  void add_choice_without_tools();
  // Who speaks, where a turn says so.
  void add_speaker(std::size_t turn);
  void add_speakers();
  // The top-level members that have no place in a Conversation, but for those told under their own name.
  void add_others(std::initializer_list<std::string_view> told = {});
  // All of it, with what was lost in reading.
  std::vector<std::string> take();

 private:
  const chat::Conversation& conversation_;
  std::vector<std::string> names_;
};

}  // namespace triaged::provider
