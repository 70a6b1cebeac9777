#include "api/openai/completions.hpp"
#include "api/openai/openai_chat_conversation.hpp"

#include <utility>

namespace triaged::api {
namespace {

void add_prompt(BodyReader& in, const JsonString& text) {
  chat::Part part;
  part.text = text;
  chat::Turn& turn = in.out.turns.emplace_back();
  turn.parts.push_back(std::move(part));
}

void read_prompt(BodyReader& in, const Path& path) {
  in.out.turns.clear();
  in.out.native_only.clear();
  if (in.json.peek() == JsonType::string) {
    add_prompt(in, in.json.take_string());
    return;
  }
  if (in.json.peek() == JsonType::null) {
    in.missing(path);
    in.null();
    return;
  }
  if (!in.enter_array(path)) return;
  std::size_t index = 0;
  while (in.json.next_element()) {
    const Path element = path.element(index++);
    if (in.json.peek() == JsonType::number || in.json.peek() == JsonType::array) {
      in.json.skip();
      in.out.native_only = "A prompt of tokens can only be sent to a provider that takes them itself; send text.";
    } else if (const auto text = in.string(element)) {
      add_prompt(in, *text);
    }
  }
  if (index == 0) in.fault(path, "Invalid 'prompt': empty array. A prompt is expected.", "empty_array");
  if (in.out.turns.size() > 1) {
    in.out.native_only = "Several prompts in one request can only be sent to a provider that takes them itself.";
  }
  in.out.native_only_param = in.out.native_only.empty() ? "" : "prompt";
}

// How many of the likeliest tokens are told; 0 is the chosen one alone.
void read_probabilities(BodyReader& in, const Path& path) {
  in.out.top_logprobs = in.integer(path);
  in.out.logprobs = in.out.top_logprobs.has_value();
}

}  // namespace

Result<chat::Conversation> read_completions(std::string_view body) {
  BodyReader in(body, chat::Dialect::openai_completions);
  const Path prompt{nullptr, "prompt"};
  bool prompted = false;
  if (in.json.peek() == JsonType::object) {
    in.json.enter_object();
    JsonString key;
    while (in.json.next_member(key)) {
      if (key.equals("prompt")) {
        prompted = true;
        read_prompt(in, prompt);
      } else if (key.equals("logprobs")) {
        read_probabilities(in, Path{nullptr, "logprobs"});
      } else if (!read_common_member(in, key)) {
        in.keep(key);  // suffix, echo, best_of: they have no counterpart elsewhere
      }
    }
    if (!prompted) in.missing(prompt);
  } else {
    in.object(Path{});
  }
  return in.finish();
}

}  // namespace triaged::api
