// Tool calls, refusals and probabilities of an answer's first choice.
#include "triaged/base/json.hpp"

#include "provider/openai/openai.hpp"
#include "provider/token_probabilities.hpp"

#include <algorithm>

namespace triaged::provider {
namespace {

void append_string(JsonReader& reader, std::string& out) {
  if (reader.peek() == JsonType::string)
    reader.take_string().append_to(out);
  else
    reader.skip();
}

void read_function(JsonReader& reader, chat::ToolCall& call) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("name"))
      append_string(reader, call.name);
    else if (key.equals("arguments"))
      append_string(reader, call.arguments);
    else
      reader.skip();
  }
}

// A piece of a call belongs to the one of its index, unless it brings another id: some providers number every call 0.
void add_piece(const chat::ToolCall& piece, chat::AnswerDetail& detail) {
  auto& calls = detail.tool_calls;
  const auto last =
      std::find_if(calls.rbegin(), calls.rend(), [&](const chat::ToolCall& call) { return call.index == piece.index; });
  const bool begins = last == calls.rend() || (!piece.id.empty() && piece.id != last->id);
  if (begins) {
    calls.push_back(piece);
    return;
  }
  last->name += piece.name;
  last->arguments += piece.arguments;
}

void read_tool_calls(JsonReader& reader, chat::AnswerDetail& detail) {
  if (!reader.enter_array_or_skip()) return;
  std::int64_t place = 0;  // whole answers have no index
  while (reader.next_element()) {
    chat::ToolCall piece;
    piece.index = place++;
    if (!reader.enter_object_or_skip()) continue;
    JsonString key;
    while (reader.next_member(key)) {
      if (key.equals("id"))
        append_string(reader, piece.id);
      else if (key.equals("function"))
        read_function(reader, piece);
      else if (key.equals("index") && reader.peek() == JsonType::number)
        piece.index = json_integer(reader.take_number()).value_or(piece.index);
      else
        reader.skip();
    }
    add_piece(piece, detail);
  }
}

void read_message(JsonReader& reader, chat::AnswerDetail& detail) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("tool_calls")) {
      read_tool_calls(reader, detail);
    } else if (key.equals("function_call")) {
      chat::ToolCall piece;
      read_function(reader, piece);
      if (!piece.name.empty() || !piece.arguments.empty()) add_piece(piece, detail);
    } else if (key.equals("refusal") && reader.peek() == JsonType::string) {
      detail.refusal = !reader.take_string().raw.empty() || detail.refusal;
    } else {
      reader.skip();
    }
  }
}

// {"content":[{"token":..,"logprob":-0.1,..},..]}
void read_logprobs(JsonReader& reader, chat::AnswerDetail& detail) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("content"))
      add_token_probabilities(reader, detail);
    else
      reader.skip();
  }
}

void read_choice(JsonReader& reader, chat::AnswerDetail& detail) {
  if (!reader.enter_object_or_skip()) return;
  chat::AnswerDetail found;
  bool first = true;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("delta") || key.equals("message"))
      read_message(reader, found);
    else if (key.equals("logprobs"))
      read_logprobs(reader, found);
    else if (key.equals("index") && reader.peek() == JsonType::number)
      first = reader.take_number() == "0";
    else
      reader.skip();
  }
  if (!first) return;
  for (const chat::ToolCall& piece : found.tool_calls) add_piece(piece, detail);
  detail.refusal = detail.refusal || found.refusal;
  detail.logprob_sum += found.logprob_sum;
  detail.logprob_tokens += found.logprob_tokens;
}

}  // namespace

void add_openai_detail(std::string_view raw, chat::AnswerDetail& detail) {
  JsonReader reader(raw, 256);
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    if (!key.equals("choices")) {
      reader.skip();
      continue;
    }
    if (!reader.enter_array_or_skip()) continue;
    while (reader.next_element()) read_choice(reader, detail);
  }
}

}  // namespace triaged::provider
