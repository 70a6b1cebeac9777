// What of a client's request a target cannot be told, by the names that the client's dialect has for it.
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
std::string_view client_name(chat::Dialect dialect, Field field);

// Of a list of output modalities: is it nothing but text?
bool text_only(chat::JsonText modalities);

class Unsaid {
 public:
  explicit Unsaid(const chat::Conversation& conversation) : conversation_(conversation) {}

  void add(Field field);
  void add_if(bool asked, Field field) {
    if (asked) add(field);
  }
  // A part of a turn, or what stands below it (".image_url.detail").
  void add_part(std::size_t turn, std::size_t part, std::string_view below = {});
  void add_tool(std::size_t tool, std::string_view below = {});
  // That a tool's arguments shall keep to its schema.
  void add_strict(std::size_t tool);
  // Who speaks, where a turn says so.
  void add_speakers();
  // All of it, with the top-level members that have no place in a Conversation, but for those told under their own
  // name, and with what was lost in reading.
  std::vector<std::string> take(std::initializer_list<std::string_view> told = {});

 private:
  void add(std::string name);

  const chat::Conversation& conversation_;
  std::vector<std::string> names_;
};

}  // namespace triaged::provider
