#include "provider/openai/openai_delta.hpp"

namespace triaged::provider {
namespace {

// Enters the object at the cursor; skips anything else.
void count(const JsonString& string, DeltaFacts& facts) {
  facts.characters += string.characters();
  facts.content = facts.content || !string.raw.empty();
}

// A text part, or a part of thought whose text is one level down: {"type":"thinking","thinking":[{"type":"text",...}]}.
void read_parts(JsonReader& reader, DeltaFacts& facts,
                TextGatherer* text) {  // NOLINT(misc-no-recursion): bounded depth
  reader.enter_array();
  while (reader.next_element()) {
    if (!reader.enter_object_or_skip()) continue;
    JsonString key;
    while (reader.next_member(key)) {
      if (key.equals("text") && reader.peek() == JsonType::string) {
        const JsonString string = reader.take_string();
        count(string, facts);
        if (text != nullptr) text->add(string);
      } else if (key.equals("thinking") && reader.peek() == JsonType::array) {
        read_parts(reader, facts, nullptr);
      } else {
        reader.skip();
      }
    }
  }
}

void read_text(JsonReader& reader, DeltaFacts& facts, TextGatherer* text) {
  if (reader.peek() == JsonType::array) {
    read_parts(reader, facts, text);
    return;
  }
  if (reader.peek() != JsonType::string) {
    reader.skip();
    return;
  }
  const JsonString string = reader.take_string();
  count(string, facts);
  if (text != nullptr) text->add(string);
}

void read_function(JsonReader& reader, DeltaFacts& facts) {
  if (!reader.enter_object_or_skip()) return;
  facts.content = true;
  facts.tool_calls = true;
  JsonString key;
  while (reader.next_member(key)) {
    const bool counted = key.equals("arguments") || key.equals("name");
    if (counted && reader.peek() == JsonType::string) {
      facts.characters += reader.take_string().characters();
    } else {
      reader.skip();
    }
  }
}

void read_tool_calls(JsonReader& reader, DeltaFacts& facts) {
  if (!reader.enter_array_or_skip()) return;
  while (reader.next_element()) {
    facts.content = true;
    facts.tool_calls = true;
    if (!reader.enter_object_or_skip()) continue;
    JsonString key;
    while (reader.next_member(key)) {
      if (key.equals("function")) {
        read_function(reader, facts);
      } else {
        reader.skip();
      }
    }
  }
}

std::string text_of(JsonReader& reader) {
  std::string text;
  switch (reader.peek()) {
    case JsonType::string: reader.take_string().append_to(text); break;
    case JsonType::number: text = reader.take_number(); break;
    default: reader.skip(); break;
  }
  return text;
}

// innererror, and within it the code that says more.
void read_inner_error(JsonReader& reader, ErrorFacts& facts) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("code")) {
      facts.inner_code = text_of(reader);
    } else {
      reader.skip();
    }
  }
}

}  // namespace

void TextGatherer::add(const JsonString& string) {
  if (!owned_ && view_.empty() && !string.escaped) {
    view_ = string.raw;
    return;
  }
  if (!owned_) storage_.assign(view_);
  owned_ = true;
  string.append_to(storage_);
}

void TextGatherer::reset() {
  storage_.clear();
  view_ = {};
  owned_ = false;
}

void read_delta(JsonReader& reader, DeltaFacts& facts, TextGatherer* text) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("content")) {
      read_text(reader, facts, text);
    } else if (key.equals("reasoning_content") || key.equals("reasoning")) {
      read_text(reader, facts, nullptr);
    } else if (key.equals("refusal")) {
      const std::uint32_t before = facts.characters;
      read_text(reader, facts, text);
      facts.refusal = facts.refusal || facts.characters != before;
    } else if (key.equals("tool_calls")) {
      read_tool_calls(reader, facts);
    } else if (key.equals("function_call")) {
      read_function(reader, facts);
    } else {
      facts.content = (key.equals("audio") && reader.peek() == JsonType::object) || facts.content;
      reader.skip();
    }
  }
}

chat::Finish read_finish(JsonReader& reader) {
  if (reader.peek() != JsonType::string) {
    reader.skip();
    return chat::Finish::none;
  }
  const JsonString reason = reader.take_string();
  if (reason.raw.empty()) return chat::Finish::none;
  if (reason.equals("stop") || reason.equals("eos") || reason.equals("end_turn")) return chat::Finish::stop;
  if (reason.equals("length") || reason.equals("max_tokens") || reason.equals("model_length"))
    return chat::Finish::length;
  if (reason.equals("tool_calls") || reason.equals("function_call")) return chat::Finish::tool_calls;
  if (reason.equals("content_filter")) return chat::Finish::content_filter;
  return chat::Finish::other;
}

void read_error(JsonReader& reader, ErrorFacts& facts) {
  if (reader.peek() != JsonType::object) {
    facts.message = text_of(reader);
    return;
  }
  JsonString key;
  reader.enter_object();
  while (reader.next_member(key)) {
    if (key.equals("message")) {
      facts.message = text_of(reader);
    } else if (key.equals("code")) {
      facts.code = text_of(reader);
    } else if (key.equals("type")) {
      facts.type = text_of(reader);
    } else if (key.equals("innererror")) {
      read_inner_error(reader, facts);
    } else {
      reader.skip();
    }
  }
}

}  // namespace triaged::provider
