// Answers of Amazon's dialect. A stream's events are told apart by the type that their framing names; their last one
// tells the usage and may be missing, so none counts as the end.
#include "triaged/base/text.hpp"

#include "provider/bedrock/bedrock.hpp"
#include "provider/bedrock/bedrock_usage.hpp"
#include "provider/finishes.hpp"
#include "provider/json_out.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace triaged::provider {
namespace {

using chat::Delta;
using chat::DeltaKind;
using chat::Finish;

Error protocol_error(std::string_view problem) {
  return upstream_error(ErrorKind::protocol,
                        "The provider's answer is not one of Converse: " + std::string(problem) + ".");
}

constexpr std::array<NamedFinish, 7> endings{{{"end_turn", Finish::stop},
                                              {"stop_sequence", Finish::stop},
                                              {"tool_use", Finish::tool_calls},
                                              {"max_tokens", Finish::length},
                                              {"model_context_window_exceeded", Finish::length},
                                              {"guardrail_intervened", Finish::content_filter},
                                              {"content_filtered", Finish::content_filter}}};

bool is_failure(const JsonString& reason) {
  return reason.equals("malformed_model_output") || reason.equals("malformed_tool_use");
}

class BedrockReader final : public chat::AnswerReader {
 public:
  Result<void> event(std::string_view type, std::string_view data, chat::DeltaSink& sink) override;
  Result<void> whole(std::string_view body, chat::DeltaSink& sink) override;

 private:
  // One block of the answer: a stream numbers them, and a block's number is that of its part.
  void read_block_event(JsonReader& reader, chat::DeltaSink& sink);
  void read_block(JsonReader& reader, std::uint32_t part, chat::DeltaSink& sink);
  void read_tool(JsonReader& reader, std::uint32_t part, chat::DeltaSink& sink);
  void read_reasoning(JsonReader& reader, std::uint32_t part, chat::DeltaSink& sink);
  void read_citations(JsonReader& reader, std::uint32_t part, chat::DeltaSink& sink);
  void read_citation(std::string_view citation, std::uint32_t part, chat::DeltaSink& sink);
  void read_message(JsonReader& reader, chat::DeltaSink& sink);
  void read_error(std::string_view type, JsonReader& reader, chat::DeltaSink& sink) const;
  void give_words(DeltaKind kind, const JsonString& text, std::uint32_t part, chat::DeltaSink& sink);
  void give_start(chat::DeltaSink& sink);
  void give_finish(const JsonString& reason, const JsonString& stop, chat::DeltaSink& sink) const;
  std::uint32_t part_of(std::int64_t block);

  std::vector<std::int64_t> blocks_;  // by part
  bool started_ = false;
  bool content_ = false;
};

std::uint32_t BedrockReader::part_of(std::int64_t block) {
  const auto known = std::find(blocks_.rbegin(), blocks_.rend(), block);
  if (known != blocks_.rend()) return static_cast<std::uint32_t>(std::distance(known, blocks_.rend()) - 1);
  blocks_.push_back(block);
  return static_cast<std::uint32_t>(blocks_.size() - 1);
}

// Converse names neither the answer nor the model.
void BedrockReader::give_start(chat::DeltaSink& sink) {
  if (started_) return;
  started_ = true;
  Delta delta;
  delta.kind = DeltaKind::start;
  sink.take(delta);
}

void BedrockReader::give_words(DeltaKind kind, const JsonString& text, std::uint32_t part, chat::DeltaSink& sink) {
  if (text.empty()) return;
  content_ = true;
  Delta delta;
  delta.kind = kind;
  delta.part = part;
  delta.text = text;
  sink.take(delta);
}

// Whole, or its beginning (then the input follows in pieces of text).
void BedrockReader::read_tool(JsonReader& reader, std::uint32_t part, chat::DeltaSink& sink) {
  if (!reader.enter_object_or_skip()) return;
  Delta call;
  call.kind = DeltaKind::tool_call;
  call.part = part;
  Delta arguments;
  arguments.kind = DeltaKind::arguments;
  arguments.part = part;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("toolUseId")) {
      call.id = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("name")) {
      call.name = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("input") && reader.peek() == JsonType::string) {
      arguments.text = reader.take_string();
    } else if (key.equals("input")) {
      arguments.json = reader.skip();
    } else {
      reader.skip();
    }
  }
  content_ = true;
  if (!call.id.empty() || !call.name.empty()) sink.take(call);
  if (!arguments.text.empty() || !arguments.json.empty()) sink.take(arguments);
}

// In a whole answer the text and its proof are one level further down.
// NOLINTNEXTLINE(misc-no-recursion): the reader bounds the depth
void BedrockReader::read_reasoning(JsonReader& reader, std::uint32_t part, chat::DeltaSink& sink) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("reasoningText")) {
      read_reasoning(reader, part, sink);
      continue;
    }
    const auto string = reader.string_or_skip();
    if (!string) continue;
    if (key.equals("text")) give_words(DeltaKind::thinking, *string, part, sink);
    if (key.equals("signature")) give_words(DeltaKind::signature, *string, part, sink);
    if (key.equals("redactedContent")) give_words(DeltaKind::hidden_thinking, *string, part, sink);
  }
}

// A source in the web is told as OpenAI does; one within a document of the request, as Amazon does.
void BedrockReader::read_citation(std::string_view citation, std::uint32_t part, chat::DeltaSink& sink) {
  JsonString title, url, key;
  JsonReader reader(citation, 256);
  if (!reader.enter_object_or_skip()) return;
  while (reader.next_member(key)) {
    if (key.equals("title")) {
      title = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("location") && reader.peek() == JsonType::object) {
      JsonReader location(reader.skip(), 256);
      location.enter_object();
      JsonString kind;
      while (location.next_member(kind)) {
        if (!kind.equals("web") || !location.enter_object_or_skip()) {
          if (!kind.equals("web")) location.skip();
          continue;
        }
        JsonString member;
        while (location.next_member(member)) {
          const auto string = location.string_or_skip();
          if (string && member.equals("url")) url = *string;
        }
      }
    } else {
      reader.skip();
    }
  }
  Delta delta;
  delta.kind = DeltaKind::citation;
  delta.part = part;
  std::string made;
  if (!url.empty()) {
    JsonObject object(made);
    object.plain("type", "url_citation");
    JsonObject inner(object.member("url_citation"));
    inner.string("url", url);
    inner.string("title", title);
  }
  delta.json = made.empty() ? citation : std::string_view(made);
  sink.take(delta);
}

// {"content":[{"text":...}],"citations":[...]}: text with its sources.
void BedrockReader::read_citations(JsonReader& reader, std::uint32_t part, chat::DeltaSink& sink) {
  if (!reader.enter_object_or_skip()) return;
  std::string_view sources;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("citations") && reader.peek() == JsonType::array) {
      sources = reader.skip();
    } else if (key.equals("content") && reader.peek() == JsonType::array) {
      reader.enter_array();
      while (reader.next_element()) read_block(reader, part, sink);
    } else {
      reader.skip();
    }
  }
  if (sources.empty()) return;
  JsonReader list(sources, 256);
  list.enter_array();
  while (list.next_element()) read_citation(list.skip(), part, sink);
}

// The content of a block, whole or a piece of it.
// NOLINTNEXTLINE(misc-no-recursion): the reader bounds the depth
void BedrockReader::read_block(JsonReader& reader, std::uint32_t part, chat::DeltaSink& sink) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("text")) {
      give_words(DeltaKind::text, reader.string_or_skip().value_or(JsonString()), part, sink);
    } else if (key.equals("toolUse")) {
      read_tool(reader, part, sink);
    } else if (key.equals("reasoningContent")) {
      read_reasoning(reader, part, sink);
    } else if (key.equals("citationsContent")) {
      read_citations(reader, part, sink);
    } else if (key.equals("citation")) {
      read_citation(reader.skip(), part, sink);
    } else {
      reader.skip();
    }
  }
}

// {"contentBlockIndex":0,"delta":{...}}, or with `start`. The index may stand behind.
void BedrockReader::read_block_event(JsonReader& reader, chat::DeltaSink& sink) {
  std::string_view content;
  std::int64_t block = 0;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("contentBlockIndex") && reader.peek() == JsonType::number) {
      block = json_integer(reader.take_number()).value_or(0);
    } else if (key.equals("delta") || key.equals("start")) {
      content = reader.skip();
    } else {
      reader.skip();
    }
  }
  if (content.empty()) return;
  JsonReader inside(content, 256);
  read_block(inside, part_of(block), sink);
}

void BedrockReader::give_finish(const JsonString& reason, const JsonString& stop, chat::DeltaSink& sink) const {
  Delta delta;
  if (is_failure(reason) && !content_) {
    delta.kind = DeltaKind::error;
    delta.id = reason;
    delta.text.raw = "The model made an answer that cannot be read.";
    sink.take(delta);
    return;
  }
  delta.kind = DeltaKind::finish;
  delta.finish = finish_of(reason, endings);
  delta.text = stop;
  sink.take(delta);
}

// {"stop_sequence":...}, where it was asked for.
JsonString read_stop(JsonReader& reader) {
  JsonString stop;
  if (!reader.enter_object_or_skip()) return stop;
  JsonString key;
  while (reader.next_member(key)) {
    const auto string = reader.string_or_skip();
    if (string && key.equals("stop_sequence")) stop = *string;
  }
  return stop;
}

void BedrockReader::read_error(std::string_view type, JsonReader& reader, chat::DeltaSink& sink) const {
  Delta delta;
  delta.kind = DeltaKind::error;
  std::string code;
  append_json_escaped(code, type);
  delta.id = {code, code.find('\\') != std::string::npos};
  JsonString key;
  while (reader.next_member(key)) {
    const auto string = reader.string_or_skip();
    if (string && (key.equals("message") || key.equals("Message"))) delta.text = *string;
  }
  sink.take(delta);
}

Result<void> BedrockReader::event(std::string_view type, std::string_view data, chat::DeltaSink& sink) {
  if (!simdjson::validate_utf8(data.data(), data.size())) return protocol_error("it is not UTF-8");
  JsonReader reader(data, 256);
  if (reader.peek() != JsonType::object) return protocol_error("an event is not a JSON object");
  {
    // Nothing of an event is told that turns out to be no JSON.
    JsonReader check(data, 256);
    check.skip();
    if (!check.at_end()) return protocol_error(check.problem());
  }
  reader.enter_object();
  JsonString key;
  if (type == "contentBlockDelta" || type == "contentBlockStart") {
    read_block_event(reader, sink);
  } else if (type == "messageStart") {
    give_start(sink);
  } else if (type == "messageStop") {
    JsonString reason, stop;
    while (reader.next_member(key)) {
      if (key.equals("stopReason")) {
        reason = reader.string_or_skip().value_or(JsonString());
      } else if (key.equals("additionalModelResponseFields")) {
        stop = read_stop(reader);
      } else {
        reader.skip();
      }
    }
    give_finish(reason, stop, sink);
  } else if (type == "metadata") {
    Delta delta;
    delta.kind = DeltaKind::usage;
    while (reader.next_member(key)) {
      if (key.equals("usage")) {
        delta.usage = read_bedrock_usage(reader);
      } else {
        reader.skip();
      }
    }
    if (delta.usage) sink.take(delta);
  } else if (type.ends_with("xception") ||
             (type != "contentBlockStop" && data.find("essage") != std::string_view::npos)) {
    read_error(type, reader, sink);
  }
  return {};
}

void BedrockReader::read_message(JsonReader& reader, chat::DeltaSink& sink) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("message")) {
      read_message(reader, sink);
    } else if (key.equals("content") && reader.peek() == JsonType::array) {
      reader.enter_array();
      std::uint32_t part = 0;
      while (reader.next_element()) read_block(reader, part++, sink);
    } else {
      reader.skip();
    }
  }
}

Result<void> BedrockReader::whole(std::string_view body, chat::DeltaSink& sink) {
  if (!simdjson::validate_utf8(body.data(), body.size())) return protocol_error("it is not UTF-8");
  JsonReader reader(body, 256);
  if (reader.peek() != JsonType::object) return protocol_error("it is not a JSON object");
  std::string_view output;
  JsonString reason, stop, key;
  Delta usage;
  usage.kind = DeltaKind::usage;
  reader.enter_object();
  while (reader.next_member(key)) {
    if (key.equals("output")) {
      output = reader.skip();
    } else if (key.equals("stopReason")) {
      reason = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("additionalModelResponseFields")) {
      stop = read_stop(reader);
    } else if (key.equals("usage")) {
      usage.usage = read_bedrock_usage(reader);
    } else {
      reader.skip();
    }
  }
  if (!reader.at_end()) return protocol_error(reader.problem());
  if (output.empty()) return protocol_error("it has no output");
  give_start(sink);
  JsonReader inside(output, 256);
  read_message(inside, sink);
  if (!reason.empty()) give_finish(reason, stop, sink);
  if (usage.usage) sink.take(usage);
  return {};
}

}  // namespace

std::unique_ptr<chat::AnswerReader> make_bedrock_reader() { return std::make_unique<BedrockReader>(); }

}  // namespace triaged::provider
