#include "provider/reading.hpp"

#include "provider/redact.hpp"
#include "provider/token_probabilities.hpp"

#include <algorithm>
#include <utility>

namespace triaged::provider {
namespace {

using chat::DeltaKind;

constexpr std::size_t memory_limit = 64U << 10U;

// Sums up the first choice's steps.
class Gatherer final : public chat::DeltaSink {
 public:
  void clear();
  void take(const chat::Delta& delta) override;
  // The kind of an event that consists of these steps.
  chat::EventKind kind() const;

  std::string text;
  std::string model;
  std::string error_message;
  std::string error_code;
  std::uint32_t characters = 0;
  chat::Finish finish = chat::Finish::none;
  std::optional<chat::Usage> usage;
  chat::AnswerDetail detail;
  bool content = false;

 private:
  void take_error(const chat::Delta& delta);
  void take_arguments(const chat::Delta& delta);

  bool only_usage_ = false;
  bool failed_ = false;
  bool done_ = false;
};

void Gatherer::clear() {
  if (text.capacity() > memory_limit) std::string().swap(text);
  text.clear();
  error_message.clear();
  error_code.clear();
  characters = 0;
  finish = chat::Finish::none;
  usage.reset();
  detail = {};
  content = false;
  only_usage_ = false;
  failed_ = false;
  done_ = false;
}

void Gatherer::take(const chat::Delta& delta) {
  if (delta.usage) usage = delta.usage;
  if (delta.kind == DeltaKind::text || delta.kind == DeltaKind::refusal || delta.kind == DeltaKind::thinking) {
    content = content || !delta.text.empty();
    characters += delta.text.characters();
  }
  const bool first = delta.choice == 0;
  switch (delta.kind) {
    case DeltaKind::start:
      model.clear();
      delta.name.append_to(model);
      break;
    case DeltaKind::refusal: detail.refusal = detail.refusal || (first && !delta.text.empty()); [[fallthrough]];
    case DeltaKind::text:
      if (first) delta.text.append_to(text);
      break;
    case DeltaKind::tool_call: {
      content = true;
      if (!first) break;
      chat::ToolCall& call = detail.tool_calls.emplace_back();
      call.id = delta.id.resolved();
      call.name = delta.name.resolved();
      call.index = delta.part;
      break;
    }
    case DeltaKind::arguments: take_arguments(delta); break;
    case DeltaKind::hidden_thinking: content = true; break;
    case DeltaKind::logprobs: {
      JsonReader reader(delta.json, 256);
      if (first) add_token_probabilities(reader, detail);
      break;
    }
    case DeltaKind::finish:
      if (first || finish == chat::Finish::none) finish = delta.finish;
      break;
    case DeltaKind::usage: only_usage_ = true; break;
    case DeltaKind::error: take_error(delta); break;
    case DeltaKind::done: done_ = true; break;
    case DeltaKind::thinking:
    case DeltaKind::signature:
    case DeltaKind::citation: break;
  }
}

void Gatherer::take_error(const chat::Delta& delta) {
  failed_ = true;
  error_message = delta.text.resolved();
  error_code = delta.id.resolved();
}

// A stream's events may bring pieces of a call that began in an earlier one: it is known by its part.
void Gatherer::take_arguments(const chat::Delta& delta) {
  content = true;
  characters += delta.json.empty() ? delta.text.characters() : utf8_length(delta.json);
  if (delta.choice != 0) return;
  auto& calls = detail.tool_calls;
  auto call = std::find_if(calls.begin(), calls.end(), [&](const chat::ToolCall& each) {
    return each.index == static_cast<std::int64_t>(delta.part);
  });
  if (call == calls.end()) {
    call = calls.emplace(calls.end());
    call->index = delta.part;
  }
  call->arguments.append(delta.json);
  delta.text.append_to(call->arguments);
}

chat::EventKind Gatherer::kind() const {
  if (failed_) return chat::EventKind::error;
  if (finish != chat::Finish::none) return chat::EventKind::finish;
  if (content) return chat::EventKind::content;
  if (done_) return chat::EventKind::done;
  return only_usage_ ? chat::EventKind::usage : chat::EventKind::preamble;
}

void add(const chat::AnswerDetail& found, chat::AnswerDetail& detail) {
  for (const chat::ToolCall& piece : found.tool_calls) {
    auto& calls = detail.tool_calls;
    const auto call =
        std::find_if(calls.begin(), calls.end(), [&](const chat::ToolCall& each) { return each.index == piece.index; });
    if (call == calls.end()) {
      calls.push_back(piece);
      continue;
    }
    call->name += piece.name;
    call->arguments += piece.arguments;
  }
  detail.refusal = detail.refusal || found.refusal;
  detail.logprob_sum += found.logprob_sum;
  detail.logprob_tokens += found.logprob_tokens;
}

class ReadingDecoder final : public StreamDecoder {
 public:
  ReadingDecoder(std::unique_ptr<chat::AnswerReader> reader, std::span<const std::string> secrets)
      : reader_(std::move(reader)), secrets_(secrets) {}

  Result<chat::Event> decode(std::string_view event_type, std::string_view data) override {
    gatherer_.clear();
    if (Result<void> read = reader_->event(event_type, data, gatherer_); !read) return read.error();
    chat::Event event;
    event.type = event_type;
    event.raw = data;
    event.kind = gatherer_.kind();
    event.text = gatherer_.text;
    event.characters = gatherer_.characters;
    event.has_detail = gatherer_.detail.refusal || !gatherer_.detail.tool_calls.empty();
    event.finish = gatherer_.finish;
    event.usage = gatherer_.usage;
    event.model = gatherer_.model;
    if (event.kind != chat::EventKind::error) return event;
    gatherer_.error_message = redact(gatherer_.error_message, secrets_);
    gatherer_.error_code = redact(gatherer_.error_code, secrets_);
    event.error_message = gatherer_.error_message;
    event.error_code = gatherer_.error_code;
    if (event.error_message.empty()) event.error_message = "The provider reported an error without a message.";
    return event;
  }

  void add_detail(chat::AnswerDetail& detail) override { add(gatherer_.detail, detail); }

 private:
  std::unique_ptr<chat::AnswerReader> reader_;
  std::span<const std::string> secrets_;
  Gatherer gatherer_;
};

}  // namespace

Result<chat::Answer> ReadingCodec::decode_answer(std::string_view body) const {
  thread_local Gatherer gatherer;
  gatherer.clear();
  gatherer.model.clear();
  if (Result<void> read = make_()->whole(body, gatherer); !read) return read.error();
  if (gatherer.kind() == chat::EventKind::error) {
    const std::string message =
        gatherer.error_message.empty() ? "no message" : redact(gatherer.error_message, secrets_);
    Error error = upstream_error(ErrorKind::upstream_status, "The provider answered 200 with an error: " + message);
    error.code = redact(gatherer.error_code, secrets_);
    return error;
  }
  chat::Answer answer;
  answer.text = gatherer.text;
  answer.characters = gatherer.characters;
  answer.has_tool_calls = !gatherer.detail.tool_calls.empty();
  answer.has_refusal = gatherer.detail.refusal;
  answer.finish = gatherer.finish;
  answer.usage = gatherer.usage;
  answer.model = gatherer.model;
  return answer;
}

void ReadingCodec::add_answer_detail(std::string_view body, chat::AnswerDetail& detail) const {
  Gatherer gatherer;
  if (make_()->whole(body, gatherer)) add(gatherer.detail, detail);
}

std::unique_ptr<StreamDecoder> ReadingCodec::make_stream_decoder() const {
  return std::make_unique<ReadingDecoder>(make_(), secrets_);
}

}  // namespace triaged::provider
