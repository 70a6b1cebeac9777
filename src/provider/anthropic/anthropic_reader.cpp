// Answers of Anthropic's Messages as steps.
#include "triaged/base/text.hpp"

#include "provider/anthropic/anthropic.hpp"
#include "provider/anthropic/anthropic_usage.hpp"
#include "provider/finishes.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace triaged::provider {
namespace {

using chat::Delta;
using chat::DeltaKind;

Error protocol_error(std::string_view problem) {
  return upstream_error(ErrorKind::protocol, "The provider's answer is no message: " + std::string(problem) + ".");
}

// Others are "pause_turn", and what is still to come.
constexpr std::array<NamedFinish, 6> finishes{{{"end_turn", chat::Finish::stop},
                                               {"stop_sequence", chat::Finish::stop},
                                               {"max_tokens", chat::Finish::length},
                                               {"model_context_window_exceeded", chat::Finish::length},
                                               {"tool_use", chat::Finish::tool_calls},
                                               {"refusal", chat::Finish::content_filter}}};

// The members of a block, or of a step of one, that mean something here.
struct Piece {
  JsonString type, id, name, text, thinking, signature, data, partial_json;
  std::string_view input, citation, citations;
};

void read_piece(JsonReader& reader, Piece& piece) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  const auto take = [&reader](JsonString& to) { to = reader.string_or_skip().value_or(JsonString()); };
  while (reader.next_member(key)) {
    if (key.equals("type"))
      take(piece.type);
    else if (key.equals("text"))
      take(piece.text);
    else if (key.equals("partial_json"))
      take(piece.partial_json);
    else if (key.equals("thinking"))
      take(piece.thinking);
    else if (key.equals("signature"))
      take(piece.signature);
    else if (key.equals("id"))
      take(piece.id);
    else if (key.equals("name"))
      take(piece.name);
    else if (key.equals("data"))
      take(piece.data);
    else if (key.equals("input") && reader.peek() == JsonType::object)
      piece.input = reader.skip();
    else if (key.equals("citation") && reader.peek() == JsonType::object)
      piece.citation = reader.skip();
    else if (key.equals("citations") && reader.peek() == JsonType::array)
      piece.citations = reader.skip();
    else
      reader.skip();
  }
}

// What ends a message: in message_delta's `delta`, or among the members of a whole one.
struct Ending {
  JsonString reason, sequence, explanation;

  bool take(const JsonString& key, JsonReader& reader) {
    if (key.equals("stop_reason")) {
      reason = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("stop_sequence")) {
      sequence = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("stop_details") && reader.peek() == JsonType::object) {
      JsonString member;
      reader.enter_object();
      while (reader.next_member(member)) {
        const auto value = reader.string_or_skip();
        if (value && member.equals("explanation")) explanation = *value;
      }
    } else {
      return false;
    }
    return true;
  }
};

class AnthropicReader final : public chat::AnswerReader {
 public:
  Result<void> event(std::string_view type, std::string_view data, chat::DeltaSink& sink) override;
  Result<void> whole(std::string_view body, chat::DeltaSink& sink) override;

 private:
  struct Block {
    std::int64_t index = 0;             // as the provider numbers them
    std::optional<std::uint32_t> part;  // once it says something
    bool call = false;
    bool has_arguments = false;
    bool known = false;  // of a kind that has steps here
  };

  Block& begin_block(std::int64_t index, const Piece& piece, chat::DeltaSink& sink);
  Block& begin_words(std::int64_t index);
  void give_contents(Block& block, const Piece& piece, chat::DeltaSink& sink);
  void give_step(Block& block, const Piece& piece, chat::DeltaSink& sink);
  void end_block(Block& block, chat::DeltaSink& sink);
  Block* find(std::int64_t index);
  std::uint32_t part_of(Block& block);
  void give(DeltaKind kind, Block& block, const JsonString& text, chat::DeltaSink& sink);
  void give_json(DeltaKind kind, Block& block, std::string_view json, chat::DeltaSink& sink);
  void read_message(JsonReader& reader, chat::DeltaSink& sink);
  Result<void> read_step(std::int64_t index, std::string_view delta, chat::DeltaSink& sink);
  void read_end(std::string_view delta, std::string_view usage, chat::DeltaSink& sink);
  void read_blocks(std::string_view content, chat::DeltaSink& sink);
  void give_start(const JsonString& id, const JsonString& model, chat::DeltaSink& sink);
  void give_end(const Ending& ending, chat::DeltaSink& sink);
  void give_usage(chat::DeltaSink& sink) const;

  std::vector<Block> blocks_;
  std::uint32_t next_part_ = 0;
  AnthropicUsage usage_;
  bool started_ = false;
};

std::uint32_t AnthropicReader::part_of(Block& block) {
  if (!block.part) block.part = next_part_++;
  return *block.part;
}

void AnthropicReader::give(DeltaKind kind, Block& block, const JsonString& text, chat::DeltaSink& sink) {
  if (text.empty()) return;
  Delta delta;
  delta.kind = kind;
  delta.part = part_of(block);
  delta.text = text;
  sink.take(delta);
}

void AnthropicReader::give_json(DeltaKind kind, Block& block, std::string_view json, chat::DeltaSink& sink) {
  Delta delta;
  delta.kind = kind;
  delta.part = part_of(block);
  delta.json = json;
  sink.take(delta);
}

void give_error(JsonReader& reader, chat::DeltaSink& sink) {
  Delta delta;
  delta.kind = DeltaKind::error;
  if (!reader.enter_object_or_skip()) return sink.take(delta);
  JsonString key;
  while (reader.next_member(key)) {
    const auto value = reader.string_or_skip();
    if (value && key.equals("message")) delta.text = *value;
    if (value && key.equals("type")) delta.id = *value;
  }
  sink.take(delta);
}

AnthropicReader::Block* AnthropicReader::find(std::int64_t index) {
  const auto found =
      std::find_if(blocks_.rbegin(), blocks_.rend(), [index](const Block& block) { return block.index == index; });
  return found == blocks_.rend() ? nullptr : &*found;
}

// Blocks of tools that the provider ran itself are no parts: what they found is in the text that follows.
AnthropicReader::Block& AnthropicReader::begin_block(std::int64_t index, const Piece& piece, chat::DeltaSink& sink) {
  Block& block = blocks_.emplace_back();
  block.index = index;
  block.call = piece.type.equals("tool_use");
  block.known = block.call || piece.type.equals("text") || piece.type.equals("thinking") ||
                piece.type.equals("redacted_thinking");
  if (!block.known) return block;
  if (block.call) {
    Delta delta;
    delta.kind = DeltaKind::tool_call;
    delta.part = part_of(block);
    delta.id = piece.id;
    delta.name = piece.name;
    sink.take(delta);
  }
  give_contents(block, piece, sink);
  return block;
}

// Some servers do not say that words begin.
AnthropicReader::Block& AnthropicReader::begin_words(std::int64_t index) {
  Block& block = blocks_.emplace_back();
  block.index = index;
  block.known = true;
  return block;
}

void AnthropicReader::give_contents(Block& block, const Piece& piece, chat::DeltaSink& sink) {
  give(DeltaKind::text, block, piece.text, sink);
  give(DeltaKind::thinking, block, piece.thinking, sink);
  give(DeltaKind::signature, block, piece.signature, sink);
  give(DeltaKind::hidden_thinking, block, piece.data, sink);
  // Of a stream's block it is an empty object, and the pieces follow.
  if (block.call && trim(piece.input).size() > 2) {
    block.has_arguments = true;
    give_json(DeltaKind::arguments, block, piece.input, sink);
  }
  if (piece.citations.empty()) return;
  JsonReader reader(piece.citations, 256);
  reader.enter_array();
  while (reader.next_element()) give_json(DeltaKind::citation, block, reader.skip(), sink);
}

void AnthropicReader::give_step(Block& block, const Piece& piece, chat::DeltaSink& sink) {
  if (!block.known) return;
  if (piece.type.equals("text_delta")) {
    give(DeltaKind::text, block, piece.text, sink);
  } else if (piece.type.equals("input_json_delta")) {
    if (!block.call || piece.partial_json.empty()) return;
    block.has_arguments = true;
    give(DeltaKind::arguments, block, piece.partial_json, sink);
  } else if (piece.type.equals("thinking_delta")) {
    give(DeltaKind::thinking, block, piece.thinking, sink);
  } else if (piece.type.equals("signature_delta")) {
    give(DeltaKind::signature, block, piece.signature, sink);
  } else if (piece.type.equals("citations_delta") && !piece.citation.empty()) {
    give_json(DeltaKind::citation, block, piece.citation, sink);
  }
}

// A call without arguments has no pieces of them.
void AnthropicReader::end_block(Block& block, chat::DeltaSink& sink) {
  if (!block.call || block.has_arguments) return;
  block.has_arguments = true;
  give_json(DeltaKind::arguments, block, "{}", sink);
}

void AnthropicReader::give_start(const JsonString& id, const JsonString& model, chat::DeltaSink& sink) {
  if (std::exchange(started_, true)) return;
  Delta start;
  start.kind = DeltaKind::start;
  start.id = id;
  start.name = model;
  // A stream tells at first what the input costs; how long the answer gets is not known yet.
  start.usage = usage_.normalised();
  if (start.usage) start.usage->certainty = chat::Certainty::estimated;
  sink.take(start);
}

void AnthropicReader::give_end(const Ending& ending, chat::DeltaSink& sink) {
  if (ending.reason.empty()) return;
  Delta delta;
  delta.finish = finish_of(ending.reason, finishes);
  if (!ending.explanation.empty() && delta.finish == chat::Finish::content_filter) {
    Block refusal;
    give(DeltaKind::refusal, refusal, ending.explanation, sink);
  }
  delta.kind = DeltaKind::finish;
  if (ending.reason.equals("stop_sequence")) delta.text = ending.sequence;
  sink.take(delta);
}

void AnthropicReader::give_usage(chat::DeltaSink& sink) const {
  Delta delta;
  delta.kind = DeltaKind::usage;
  delta.usage = usage_.normalised();
  if (!delta.usage) return;
  sink.take(delta);
}

void AnthropicReader::read_blocks(std::string_view content, chat::DeltaSink& sink) {
  JsonReader reader(content, 256);
  reader.enter_array();
  std::int64_t index = 0;
  while (reader.next_element()) {
    Piece piece;
    read_piece(reader, piece);
    end_block(begin_block(index++, piece, sink), sink);
  }
}

// A message: whole, or as a stream begins with it.
void AnthropicReader::read_message(JsonReader& reader, chat::DeltaSink& sink) {
  if (!reader.enter_object_or_skip()) return;
  JsonString id, model, key;
  std::string_view content;
  Ending ending;
  while (reader.next_member(key)) {
    if (key.equals("id")) {
      id = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("model")) {
      model = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("content") && reader.peek() == JsonType::array) {
      content = reader.skip();
    } else if (key.equals("usage")) {
      usage_.read(reader);
    } else if (!ending.take(key, reader)) {
      reader.skip();
    }
  }
  if (!reader.ok()) return;
  give_start(id, model, sink);
  if (!content.empty()) read_blocks(content, sink);
  give_end(ending, sink);
  if (!ending.reason.empty()) give_usage(sink);
}

struct EventMembers {
  JsonString type;
  std::int64_t index = 0;
  std::string_view message, block, delta, usage, error;
};

void read_members(JsonReader& reader, EventMembers& event) {
  JsonString key;
  reader.enter_object();
  while (reader.next_member(key)) {
    if (key.equals("type")) {
      event.type = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("index") && reader.peek() == JsonType::number) {
      event.index = json_integer(reader.take_number()).value_or(0);
    } else {
      const std::string_view value = reader.skip();
      if (key.equals("delta"))
        event.delta = value;
      else if (key.equals("content_block"))
        event.block = value;
      else if (key.equals("message"))
        event.message = value;
      else if (key.equals("usage"))
        event.usage = value;
      else if (key.equals("error"))
        event.error = value;
    }
  }
}

Result<void> AnthropicReader::read_step(std::int64_t index, std::string_view delta, chat::DeltaSink& sink) {
  JsonReader reader(delta, 256);
  Piece piece;
  read_piece(reader, piece);
  Block* const known = find(index);
  if (known == nullptr && piece.type.equals("input_json_delta")) {
    return protocol_error("a piece of a call that has not begun");
  }
  give_step(known != nullptr ? *known : begin_words(index), piece, sink);
  return {};
}

void AnthropicReader::read_end(std::string_view delta, std::string_view usage, chat::DeltaSink& sink) {
  Ending ending;
  JsonReader reader(delta, 256);
  if (reader.enter_object_or_skip()) {
    JsonString key;
    while (reader.next_member(key)) {
      if (!ending.take(key, reader)) reader.skip();
    }
  }
  if (!usage.empty()) {
    JsonReader figures(usage, 256);
    usage_.read(figures);
  }
  give_end(ending, sink);
  give_usage(sink);
}

Result<void> AnthropicReader::event(std::string_view type, std::string_view data, chat::DeltaSink& sink) {
  if (trim(data).empty()) return {};
  if (!simdjson::validate_utf8(data.data(), data.size())) return protocol_error("it is not UTF-8");
  JsonReader reader(data, 256);
  if (reader.peek() != JsonType::object) return protocol_error("an event is not a JSON object");
  EventMembers event;
  read_members(reader, event);
  if (!reader.at_end()) return protocol_error(reader.problem());
  const auto is = [&](std::string_view name) { return event.type.empty() ? type == name : event.type.equals(name); };
  if (is("content_block_delta")) return read_step(event.index, event.delta, sink);
  if (is("content_block_start")) {
    JsonReader inside(event.block, 256);
    Piece piece;
    read_piece(inside, piece);
    begin_block(event.index, piece, sink);
  } else if (is("content_block_stop")) {
    if (Block* const known = find(event.index)) end_block(*known, sink);
  } else if (is("message_start")) {
    JsonReader inside(event.message, 256);
    read_message(inside, sink);
  } else if (is("message_delta")) {
    read_end(event.delta, event.usage, sink);
  } else if (is("message_stop")) {
    Delta done;
    done.kind = DeltaKind::done;
    sink.take(done);
  } else if (is("error")) {
    JsonReader inside(event.error, 256);
    give_error(inside, sink);
  }
  return {};  // "ping", and what is still to come, says nothing
}

Result<void> AnthropicReader::whole(std::string_view body, chat::DeltaSink& sink) {
  if (!simdjson::validate_utf8(body.data(), body.size())) return protocol_error("it is not UTF-8");
  JsonReader reader(body, 256);
  if (reader.peek() != JsonType::object) return protocol_error("it is not a JSON object");
  JsonReader first(body, 256);
  JsonString key, type;
  std::string_view error;
  bool content = false;
  first.enter_object();
  while (first.next_member(key)) {
    if (key.equals("type")) {
      type = first.string_or_skip().value_or(JsonString());
    } else if (key.equals("error") && first.peek() == JsonType::object) {
      error = first.skip();
    } else {
      content = content || (key.equals("content") && first.peek() == JsonType::array);
      first.skip();
    }
  }
  if (!first.at_end()) return protocol_error(first.problem());
  if (!error.empty()) {
    JsonReader inside(error, 256);
    give_error(inside, sink);
    return {};
  }
  if (!content) return protocol_error("it has no content");
  read_message(reader, sink);
  return {};
}

}  // namespace

std::unique_ptr<chat::AnswerReader> make_anthropic_reader() { return std::make_unique<AnthropicReader>(); }

}  // namespace triaged::provider
