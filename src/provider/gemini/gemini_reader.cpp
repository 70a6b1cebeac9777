// Answers of Google's dialect. A stream is whole answers one after the other, each with what is new; it has no event of
// its own for its end.
#include "triaged/base/text.hpp"
#include "triaged/chat/conversation.hpp"

#include "provider/finishes.hpp"
#include "provider/gemini/gemini.hpp"
#include "provider/gemini/gemini_extras.hpp"
#include "provider/gemini/gemini_usage.hpp"
#include "provider/openai/part_numbers.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace triaged::provider {
namespace {

using chat::Delta;
using chat::DeltaKind;
using chat::Finish;

Error protocol_error(std::string_view problem) {
  return upstream_error(ErrorKind::protocol,
                        "The provider's answer is not one of generateContent: " + std::string(problem) + ".");
}

struct ContentPart {
  JsonString text, signature;
  bool thought = false;
  std::string_view call, media;
};

struct Candidate {
  std::uint32_t index = 0;
  std::vector<ContentPart> parts;
  std::string_view grounding, citations, logprobs;
  JsonString finish, finish_message;
};

// What an object of the answer holds, in whatever order it does.
struct Chunk {
  JsonString id, model;
  std::vector<Candidate> candidates;
  std::string_view feedback, usage, error;
};

struct Choice {
  PartNumbers numbers;
  TextSoFar text;
  std::int64_t calls = 0;
  bool content = false;
};

class GeminiReader final : public chat::AnswerReader {
 public:
  Result<void> event(std::string_view type, std::string_view data, chat::DeltaSink& sink) override;
  Result<void> whole(std::string_view body, chat::DeltaSink& sink) override { return read(body, sink); }

 private:
  Result<void> read(std::string_view text, chat::DeltaSink& sink);
  void read_chunk(const Chunk& chunk, chat::DeltaSink& sink);
  void read_candidate(const Candidate& candidate, chat::DeltaSink& sink);
  void read_part(const ContentPart& part, std::uint32_t index, chat::DeltaSink& sink);
  void read_call(const ContentPart& part, std::uint32_t index, chat::DeltaSink& sink);
  void read_media(std::string_view media, std::uint32_t index, chat::DeltaSink& sink);
  void read_extras(const Candidate& candidate, chat::DeltaSink& sink);
  void read_feedback(std::string_view feedback, chat::DeltaSink& sink);
  void read_error(std::string_view error, chat::DeltaSink& sink);
  void give_words(DeltaKind kind, std::uint32_t index, const JsonString& text, chat::DeltaSink& sink);
  void give_signature(std::uint32_t index, const JsonString& signature, chat::DeltaSink& sink);
  void give_finish(const Candidate& candidate, chat::DeltaSink& sink);

  std::map<std::uint32_t, Choice> choices_;
  std::string id_;       // of the answer, as far as it can be part of a call's id
  std::string scratch_;  // behind a delta's views
  bool started_ = false;
  bool finished_ = false;
};

ContentPart split_part(JsonReader& reader) {
  ContentPart part;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("text")) {
      part.text = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("thought") && reader.peek() == JsonType::boolean) {
      part.thought = reader.take_bool();
    } else if (key.equals("thoughtSignature")) {
      part.signature = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("functionCall")) {
      part.call = reader.skip();
    } else if (key.equals("inlineData")) {
      part.media = reader.skip();
    } else {
      reader.skip();
    }
  }
  return part;
}

std::vector<ContentPart> split_content(JsonReader& reader) {
  std::vector<ContentPart> parts;
  if (!reader.enter_object_or_skip()) return parts;
  JsonString key;
  while (reader.next_member(key)) {
    if (!key.equals("parts")) {
      reader.skip();
      continue;
    }
    if (!reader.enter_array_or_skip()) continue;
    while (reader.next_element()) {
      if (reader.enter_object_or_skip()) parts.push_back(split_part(reader));
    }
  }
  return parts;
}

Candidate split_candidate(JsonReader& reader, std::uint32_t place) {
  Candidate candidate;
  candidate.index = place;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("content")) {
      candidate.parts = split_content(reader);
    } else if (key.equals("finishReason")) {
      candidate.finish = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("finishMessage")) {
      candidate.finish_message = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("index") && reader.peek() == JsonType::number) {
      constexpr std::int64_t most = 1024;
      const std::int64_t index = json_integer(reader.take_number()).value_or(place);
      if (index >= 0 && index < most) candidate.index = static_cast<std::uint32_t>(index);
    } else if (key.equals("groundingMetadata")) {
      candidate.grounding = reader.skip();
    } else if (key.equals("citationMetadata")) {
      candidate.citations = reader.skip();
    } else if (key.equals("logprobsResult")) {
      candidate.logprobs = reader.skip();
    } else {
      reader.skip();
    }
  }
  return candidate;
}

std::vector<Candidate> split_candidates(JsonReader& reader) {
  std::vector<Candidate> candidates;
  if (!reader.enter_array_or_skip()) return candidates;
  for (std::uint32_t place = 0; reader.next_element(); ++place) {
    if (reader.enter_object_or_skip()) candidates.push_back(split_candidate(reader, place));
  }
  return candidates;
}

Chunk split_chunk(JsonReader& reader) {
  Chunk chunk;
  JsonString key;
  reader.enter_object();
  while (reader.next_member(key)) {
    if (key.equals("candidates")) {
      chunk.candidates = split_candidates(reader);
    } else if (key.equals("usageMetadata")) {
      chunk.usage = reader.leap();  // in every event, and of use in the last one only
    } else if (key.equals("modelVersion")) {
      chunk.model = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("responseId")) {
      chunk.id = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("promptFeedback")) {
      chunk.feedback = reader.skip();
    } else if (key.equals("error") && reader.peek() != JsonType::null) {
      chunk.error = reader.skip();
    } else {
      reader.skip();
    }
  }
  return chunk;
}

constexpr std::array<NamedFinish, 13> endings{{{"FINISH_REASON_UNSPECIFIED", Finish::none},
                                               {"STOP", Finish::stop},
                                               {"MAX_TOKENS", Finish::length},
                                               {"CONTINUATION", Finish::length},
                                               {"SAFETY", Finish::content_filter},
                                               {"RECITATION", Finish::content_filter},
                                               {"BLOCKLIST", Finish::content_filter},
                                               {"PROHIBITED_CONTENT", Finish::content_filter},
                                               {"SPII", Finish::content_filter},
                                               {"MODEL_ARMOR", Finish::content_filter},
                                               {"IMAGE_SAFETY", Finish::content_filter},
                                               {"IMAGE_PROHIBITED_CONTENT", Finish::content_filter},
                                               {"IMAGE_RECITATION", Finish::content_filter}}};

// The model's attempt at a call came to nothing: with another try it may.
bool is_failure(const JsonString& reason) {
  return reason.equals("MALFORMED_FUNCTION_CALL") || reason.equals("UNEXPECTED_TOOL_CALL") ||
         reason.equals("MALFORMED_RESPONSE") || reason.equals("MISSING_THOUGHT_SIGNATURE");
}

void GeminiReader::give_words(DeltaKind kind, std::uint32_t index, const JsonString& text, chat::DeltaSink& sink) {
  if (text.empty()) return;
  Choice& choice = choices_[index];
  choice.content = true;
  if (kind == DeltaKind::text) choice.text.add(text);
  Delta delta;
  delta.kind = kind;
  delta.choice = index;
  delta.part = choice.numbers.of(kind);
  delta.text = text;
  sink.take(delta);
}

void GeminiReader::give_signature(std::uint32_t index, const JsonString& signature, chat::DeltaSink& sink) {
  if (signature.empty()) return;
  scratch_.assign(gemini_signature_mark).append(signature.raw);
  Delta delta;
  delta.kind = DeltaKind::signature;
  delta.choice = index;
  delta.part = choices_[index].numbers.of(DeltaKind::thinking);
  delta.text = {scratch_, signature.escaped};
  sink.take(delta);
}

// A call comes whole. Calls are told apart by ids, which not all of Google's interfaces give: then it is made of the
// answer's id and the call's number, so that reading the answer again makes the same.
void GeminiReader::read_call(const ContentPart& part, std::uint32_t index, chat::DeltaSink& sink) {
  JsonReader reader(part.call, 256);
  if (!reader.enter_object_or_skip()) return;
  give_signature(index, part.signature, sink);
  Choice& choice = choices_[index];
  choice.content = true;
  Delta delta;
  delta.kind = DeltaKind::tool_call;
  delta.choice = index;
  std::string_view arguments = "{}";
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("id")) {
      delta.id = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("name")) {
      delta.name = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("args") && reader.peek() == JsonType::object) {
      arguments = reader.skip();
    } else {
      reader.skip();
    }
  }
  delta.part = choice.numbers.call(choice.calls, {}).part;
  if (delta.id.empty()) {
    scratch_.assign("call_").append(id_).append(id_.empty() ? "" : "_");
    if (index != 0) scratch_.append(std::to_string(index)).append("_");
    scratch_.append(std::to_string(choice.calls));
    delta.id = {scratch_, false};
  }
  ++choice.calls;
  sink.take(delta);
  delta.kind = DeltaKind::arguments;
  delta.id = {};
  delta.name = {};
  delta.json = arguments;
  sink.take(delta);
}

// A picture that a model made, as text that shows it where Markdown is rendered.
void GeminiReader::read_media(std::string_view media, std::uint32_t index, chat::DeltaSink& sink) {
  JsonReader reader(media, 256);
  if (!reader.enter_object_or_skip()) return;
  JsonString type, data, key;
  while (reader.next_member(key)) {
    const auto string = reader.string_or_skip();
    if (!string) continue;
    if (key.equals("mimeType")) type = *string;
    if (key.equals("data")) data = *string;
  }
  if (data.empty()) return;
  const bool image = type.raw.starts_with("image");
  scratch_.assign(image ? "![image](data:" : "[file](data:").append(type.raw).append(";base64,").append(data.raw);
  scratch_.push_back(')');
  const std::string text = std::exchange(scratch_, {});
  give_words(DeltaKind::text, index, {text, type.escaped || data.escaped}, sink);
}

// Signatures of text are not passed on: Google recommends to send them back and does not ask for it, and a client's
// dialect has no place for them.
void GeminiReader::read_part(const ContentPart& part, std::uint32_t index, chat::DeltaSink& sink) {
  if (!part.call.empty()) {
    read_call(part, index, sink);
  } else if (!part.media.empty() && !part.thought) {
    read_media(part.media, index, sink);
  } else if (part.thought) {
    give_words(DeltaKind::thinking, index, part.text, sink);
    give_signature(index, part.signature, sink);
  } else {
    give_words(DeltaKind::text, index, part.text, sink);
  }
}

void GeminiReader::read_extras(const Candidate& candidate, chat::DeltaSink& sink) {
  Choice& choice = choices_[candidate.index];
  Delta delta;
  delta.choice = candidate.index;
  if (!candidate.logprobs.empty()) {
    const std::string probabilities = gemini_logprobs(candidate.logprobs);
    delta.kind = DeltaKind::logprobs;
    delta.json = probabilities;
    delta.part = choice.numbers.of(DeltaKind::text);
    if (!probabilities.empty()) sink.take(delta);
  }
  if (candidate.grounding.empty() && candidate.citations.empty()) return;
  delta.kind = DeltaKind::citation;
  for (const auto& found :
       {gemini_grounding(candidate.grounding, choice.text), gemini_citations(candidate.citations, choice.text)}) {
    for (const std::string& citation : found) {
      delta.part = choice.numbers.of(DeltaKind::text);
      delta.json = citation;
      sink.take(delta);
    }
  }
}

void GeminiReader::give_finish(const Candidate& candidate, chat::DeltaSink& sink) {
  if (candidate.finish.empty()) return;
  const Choice& choice = choices_[candidate.index];
  Delta delta;
  delta.choice = candidate.index;
  if (is_failure(candidate.finish) && !choice.content) {
    delta.kind = DeltaKind::error;
    delta.id = candidate.finish;
    delta.text = candidate.finish_message;
    if (delta.text.empty()) delta.text.raw = "The model made a call that cannot be read.";
    finished_ = true;
    sink.take(delta);
    return;
  }
  delta.kind = DeltaKind::finish;
  delta.finish = finish_of(candidate.finish, endings);
  if (delta.finish == Finish::stop && choice.calls > 0) delta.finish = Finish::tool_calls;
  if (delta.finish == Finish::none) return;
  finished_ = true;
  sink.take(delta);
}

void GeminiReader::read_candidate(const Candidate& candidate, chat::DeltaSink& sink) {
  for (const ContentPart& part : candidate.parts) read_part(part, candidate.index, sink);
  read_extras(candidate, sink);
  give_finish(candidate, sink);
}

// The prompt itself was refused: there is no candidate then.
void GeminiReader::read_feedback(std::string_view feedback, chat::DeltaSink& sink) {
  JsonReader reader(feedback, 256);
  if (!reader.enter_object_or_skip()) return;
  JsonString reason, message, key;
  while (reader.next_member(key)) {
    const auto string = reader.string_or_skip();
    if (!string) continue;
    if (key.equals("blockReason")) reason = *string;
    if (key.equals("blockReasonMessage")) message = *string;
  }
  if (reason.empty() || reason.equals("BLOCKED_REASON_UNSPECIFIED")) return;
  if (message.empty()) {
    const std::string sentence = "The provider's filter refused the prompt: " + std::string(reason.raw) + ".";
    give_words(DeltaKind::refusal, 0, {sentence, reason.escaped}, sink);
  } else {
    give_words(DeltaKind::refusal, 0, message, sink);
  }
  Delta delta;
  delta.kind = DeltaKind::finish;
  delta.finish = Finish::content_filter;
  finished_ = true;
  sink.take(delta);
}

void GeminiReader::read_error(std::string_view error, chat::DeltaSink& sink) {
  Delta delta;
  delta.kind = DeltaKind::error;
  JsonReader reader(error, 256);
  if (reader.peek() == JsonType::string) delta.text = reader.take_string();
  if (reader.peek() == JsonType::object) {
    JsonString key;
    reader.enter_object();
    while (reader.next_member(key)) {
      const auto string = reader.string_or_skip();
      if (!string) continue;
      if (key.equals("message")) delta.text = *string;
      if (key.equals("status")) delta.id = *string;
    }
  }
  sink.take(delta);
}

void GeminiReader::read_chunk(const Chunk& chunk, chat::DeltaSink& sink) {
  if (!chunk.error.empty()) {
    read_error(chunk.error, sink);
    return;
  }
  if (!started_) {
    started_ = true;
    constexpr std::size_t longest_id = 24;  // so that ids of calls stay below OpenAI's 40 characters
    for (const char c : chunk.id.raw.substr(0, longest_id)) {
      const bool plain =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
      if (plain) id_.push_back(c);
    }
    Delta start;
    start.kind = DeltaKind::start;
    start.id = chunk.id;
    start.name = chunk.model;
    sink.take(start);
  }
  for (const Candidate& candidate : chunk.candidates) read_candidate(candidate, sink);
  if (!chunk.feedback.empty()) read_feedback(chunk.feedback, sink);
  // Before the end the figures are of the answer so far.
  if (chunk.usage.empty() || !finished_) return;
  JsonReader usage(chunk.usage, 256);
  Delta delta;
  delta.kind = DeltaKind::usage;
  delta.usage = read_gemini_usage(usage);
  if (delta.usage) sink.take(delta);
}

// The whole of a stream that was not asked for as events is an array.
Result<void> GeminiReader::read(std::string_view text, chat::DeltaSink& sink) {
  if (!simdjson::validate_utf8(text.data(), text.size())) return protocol_error("it is not UTF-8");
  JsonReader reader(text, 256);
  std::vector<Chunk> chunks;
  if (reader.peek() == JsonType::array) {
    reader.enter_array();
    while (reader.next_element()) {
      if (reader.peek() != JsonType::object) return protocol_error("it is no array of objects");
      chunks.push_back(split_chunk(reader));
    }
    if (!reader.at_end()) return protocol_error(reader.problem());
    for (const Chunk& chunk : chunks) read_chunk(chunk, sink);
    return {};
  }
  if (reader.peek() != JsonType::object) return protocol_error("it is not a JSON object");
  const Chunk chunk = split_chunk(reader);
  if (!reader.at_end()) return protocol_error(reader.problem());
  read_chunk(chunk, sink);
  return {};
}

Result<void> GeminiReader::event(std::string_view, std::string_view data, chat::DeltaSink& sink) {
  if (trim(data).empty()) return {};
  return read(data, sink);
}

}  // namespace

std::unique_ptr<chat::AnswerReader> make_gemini_reader() { return std::make_unique<GeminiReader>(); }

}  // namespace triaged::provider
