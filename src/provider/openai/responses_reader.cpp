#include "provider/openai/responses_reader.hpp"

#include "triaged/base/text.hpp"
#include "triaged/chat/conversation.hpp"

#include "provider/openai/openai_delta.hpp"
#include "provider/openai/responses_items.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace triaged::provider {
namespace {

using chat::Delta;
using chat::DeltaKind;

Error protocol_error(std::string_view problem) {
  return upstream_error(ErrorKind::protocol, "The provider's answer is not a response: " + std::string(problem) + ".");
}

// The members of an event, whatever its type, which may stand last.
struct EventMembers {
  JsonString type, delta, code, message;
  ResponsesPlace place;
  std::string_view response, item, annotation, logprobs, error;
  bool has_delta = false;
};

class ResponsesReader final : public chat::AnswerReader {
 public:
  Result<void> event(std::string_view type, std::string_view data, chat::DeltaSink& sink) override;
  Result<void> whole(std::string_view body, chat::DeltaSink& sink) override;

 private:
  void take(const JsonString& type, const EventMembers& event, chat::DeltaSink& sink);
  void give_words(DeltaKind kind, const EventMembers& event, chat::DeltaSink& sink);
  void give_error(std::string_view error, const EventMembers& event, chat::DeltaSink& sink);
  void start(std::string_view response, chat::DeltaSink& sink);
  void finish(std::string_view response, chat::DeltaSink& sink);

  ResponsesItems items_;
  bool started_ = false;
};

EventMembers read_members(JsonReader& reader) {
  EventMembers event;
  const auto number = [&reader](std::uint32_t& into) {
    if (reader.peek() != JsonType::number) {
      reader.skip();
      return;
    }
    constexpr std::int64_t most = 1U << 20U;
    into =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(json_integer(reader.take_number()).value_or(0), 0, most));
  };
  JsonString key;
  reader.enter_object();
  while (reader.next_member(key)) {
    if (key.equals("type")) {
      event.type = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("delta")) {
      const auto delta = reader.string_or_skip();
      event.has_delta = delta.has_value();
      event.delta = delta.value_or(JsonString());
    } else if (key.equals("output_index")) {
      number(event.place.output);
    } else if (key.equals("content_index") || key.equals("summary_index")) {
      number(event.place.content);
    } else if (key.equals("response")) {
      event.response = reader.skip();
    } else if (key.equals("item")) {
      event.item = reader.skip();
    } else if (key.equals("annotation")) {
      event.annotation = reader.skip();
    } else if (key.equals("logprobs") && reader.peek() == JsonType::array) {
      event.logprobs = reader.skip();
    } else if (key.equals("error") && reader.peek() != JsonType::null) {
      event.error = reader.skip();
    } else if (key.equals("code")) {
      event.code = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("message")) {
      event.message = reader.string_or_skip().value_or(JsonString());
    } else {
      reader.skip();
    }
  }
  return event;
}

bool has_elements(std::string_view array) {
  return array.size() > 2 && array.find_first_not_of(" \t\r\n", 1) != array.size() - 1;
}

// A response's members that are neither its output nor of use only to its client.
struct ResponseMembers {
  JsonString id, model, status, reason;
  std::string_view error, output;
  std::optional<chat::Usage> usage;
};

ResponseMembers read_response(JsonReader& reader) {
  ResponseMembers found;
  JsonString key;
  if (!reader.enter_object_or_skip()) return found;
  while (reader.next_member(key)) {
    if (key.equals("id")) {
      found.id = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("model")) {
      found.model = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("status")) {
      found.status = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("output") && reader.peek() == JsonType::array) {
      found.output = reader.skip();
    } else if (key.equals("usage")) {
      found.usage = read_responses_usage(reader);
    } else if (key.equals("error") && reader.peek() != JsonType::null) {
      found.error = reader.skip();
    } else if (key.equals("incomplete_details") && reader.enter_object_or_skip()) {
      JsonString member;
      while (reader.next_member(member)) {
        const auto string = reader.string_or_skip();
        if (member.equals("reason")) found.reason = string.value_or(JsonString());
      }
    } else if (!key.equals("incomplete_details")) {
      reader.skip();
    }
  }
  return found;
}

void ResponsesReader::give_words(DeltaKind kind, const EventMembers& event, chat::DeltaSink& sink) {
  if (!event.has_delta) return;
  Delta delta;
  delta.kind = kind;
  delta.part = items_.words(event.place, kind);
  delta.text = event.delta;
  if (!delta.text.empty()) sink.take(delta);
  if (!has_elements(event.logprobs)) return;
  delta.kind = DeltaKind::logprobs;
  delta.text = {};
  delta.json = event.logprobs;
  sink.take(delta);
}

// Either an error object, or code and message beside the event's type.
void ResponsesReader::give_error(std::string_view error, const EventMembers& event, chat::DeltaSink& sink) {
  chat::Conversation own;
  Delta delta;
  delta.kind = DeltaKind::error;
  delta.text = event.message;
  delta.id = event.code;
  if (!error.empty()) {
    ErrorFacts facts;
    JsonReader reader(error, 256);
    read_error(reader, facts);
    delta.text = own.keep(facts.message);
    delta.id = own.keep(facts.code.empty() ? facts.type : facts.code);
  }
  sink.take(delta);
}

void ResponsesReader::start(std::string_view response, chat::DeltaSink& sink) {
  if (std::exchange(started_, true)) return;
  JsonReader reader(response, 256);
  const ResponseMembers found = read_response(reader);
  Delta delta;
  delta.kind = DeltaKind::start;
  delta.id = found.id;
  delta.name = found.model;
  sink.take(delta);
}

// What was not told piece by piece stands in the response itself.
void ResponsesReader::finish(std::string_view response, chat::DeltaSink& sink) {
  JsonReader reader(response, 256);
  const ResponseMembers found = read_response(reader);
  if (!found.error.empty() || found.status.equals("failed") || found.status.equals("cancelled")) {
    give_error(found.error, {}, sink);
    return;
  }
  start(response, sink);
  items_.read_output(found.output, sink);
  Delta delta;
  delta.kind = DeltaKind::finish;
  delta.usage = found.usage;
  if (found.status.equals("incomplete")) {
    delta.finish = chat::Finish::other;
    if (found.reason.equals("max_output_tokens")) delta.finish = chat::Finish::length;
    if (found.reason.equals("content_filter")) delta.finish = chat::Finish::content_filter;
  } else {
    delta.finish = items_.has_calls() ? chat::Finish::tool_calls : chat::Finish::stop;
  }
  sink.take(delta);
}

void ResponsesReader::take(const JsonString& type, const EventMembers& event, chat::DeltaSink& sink) {
  if (type.equals("response.output_text.delta")) return give_words(DeltaKind::text, event, sink);
  if (type.equals("response.function_call_arguments.delta") || type.equals("response.custom_tool_call_input.delta")) {
    return items_.arguments(event.place.output, event.delta, sink);
  }
  if (type.equals("response.reasoning_summary_text.delta") || type.equals("response.reasoning_text.delta")) {
    return give_words(DeltaKind::thinking, event, sink);
  }
  if (type.equals("response.refusal.delta")) return give_words(DeltaKind::refusal, event, sink);
  if (type.equals("response.created")) return start(event.response, sink);
  if (type.equals("response.output_item.added")) return items_.begin(event.place.output, event.item, sink);
  if (type.equals("response.output_item.done")) return items_.complete(event.place.output, event.item, sink);
  if (type.equals("response.output_text.annotation.added") && !event.annotation.empty()) {
    Delta delta;
    delta.kind = DeltaKind::citation;
    delta.part = items_.words(event.place, DeltaKind::text);
    delta.json = event.annotation;
    return sink.take(delta);
  }
  if (type.equals("response.completed") || type.equals("response.incomplete") || type.equals("response.failed")) {
    return finish(event.response, sink);
  }
  if (type.equals("error")) give_error(event.error, event, sink);
}

Result<void> ResponsesReader::event(std::string_view type, std::string_view data, chat::DeltaSink& sink) {
  const std::string_view trimmed = trim(data);
  if (trimmed.empty()) return {};
  if (trimmed == "[DONE]") {
    Delta delta;
    delta.kind = DeltaKind::done;
    sink.take(delta);
    return {};
  }
  if (!simdjson::validate_utf8(data.data(), data.size())) return protocol_error("it is not UTF-8");
  JsonReader reader(data, 256);
  if (reader.peek() != JsonType::object) return protocol_error("it is not a JSON object");
  const EventMembers event = read_members(reader);
  if (!reader.at_end()) return protocol_error(reader.problem());
  if (event.type.empty() && type.empty() && !event.error.empty()) {
    give_error(event.error, event, sink);
    return {};
  }
  take(event.type.empty() ? JsonString{type} : event.type, event, sink);
  return {};
}

Result<void> ResponsesReader::whole(std::string_view body, chat::DeltaSink& sink) {
  if (!simdjson::validate_utf8(body.data(), body.size())) return protocol_error("it is not UTF-8");
  JsonReader reader(body, 256);
  if (reader.peek() != JsonType::object) return protocol_error("it is not a JSON object");
  reader.skip();
  if (!reader.at_end()) return protocol_error(reader.problem());
  finish(body, sink);
  return {};
}

}  // namespace

std::unique_ptr<chat::AnswerReader> make_responses_reader() { return std::make_unique<ResponsesReader>(); }

}  // namespace triaged::provider
