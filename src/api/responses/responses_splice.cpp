#include "api/responses/responses_splice.hpp"

#include "triaged/base/json.hpp"
#include "triaged/base/text.hpp"

#include "api/responses/responses_writer.hpp"
#include "api/splice.hpp"

namespace triaged::api {
namespace {

// The value of a member, "" if there is none. A view into `text`.
std::string_view member_of(std::string_view text, std::string_view name) {
  JsonReader reader(text, 256);
  std::string_view value;
  if (!reader.enter_object_or_skip()) return value;
  JsonString key;
  while (reader.next_member(key)) {
    const std::string_view each = reader.skip();
    if (key.equals(name)) value = each;
  }
  return value;
}

// The event with the annotation in its response.
std::string annotated(std::string_view data, std::string_view annotation) {
  std::string out;
  const std::string_view response = member_of(data, "response");
  if (response.empty()) {
    append_annotated(out, data, annotation);
    return out;
  }
  const auto begin = static_cast<std::size_t>(response.data() - data.data());
  out.append(data.substr(0, begin));
  append_annotated(out, response, annotation);
  out.append(data.substr(begin + response.size()));
  return out;
}

// The response as it began, but failed.
void append_failed(std::string& out, std::string_view response, const Error& error) {
  out.append(R"({"status":"failed","error":{"code":)");
  append_json_string(out, error.status == 429 ? "rate_limit_exceeded" : "server_error");
  out.append(R"(,"message":)");
  append_json_string(out, error.detail);
  out.push_back('}');
  JsonReader reader(response, 256);
  if (!response.empty() && reader.enter_object_or_skip()) {
    JsonString key;
    while (reader.next_member(key)) {
      const std::string_view value = reader.skip();
      if (key.equals("status") || key.equals("error")) continue;
      out.append(",\"").append(key.raw).append("\":").append(value);
    }
  }
  out.push_back('}');
}

}  // namespace

Result<void> ResponsesSplice::event(const chat::Event& event, std::string& out) {
  if (event.kind == chat::EventKind::done || event.kind == chat::EventKind::error) return {};
  const bool first = number_++ == 0;
  if (first) response_ = member_of(event.raw, "response");
  if (first && !annotation_.first.empty()) {
    append_event(out, event.type, annotated(event.raw, annotation_.first));
    return {};
  }
  // What is told on the last event is known when the stream has ended.
  if (event.kind == chat::EventKind::finish && !annotation_.first.empty()) {
    last_type_ = event.type;
    last_ = event.raw;
    return {};
  }
  append_event(out, event.type, event.raw);
  return {};
}

void ResponsesSplice::end(std::string& out) {
  if (last_.empty()) return;
  append_event(out, last_type_, annotated(last_, annotation_.last));
}

void ResponsesSplice::error(const Error& error, std::string& out) {
  append_responses_error_event(out, error, number_);
  std::string event = R"({"type":"response.failed","sequence_number":)" + std::to_string(number_ + 1);
  event.append(R"(,"response":)");
  append_failed(event, response_, error);
  event.push_back('}');
  append_event(out, "response.failed", event);
}

Result<void> ResponsesSplice::answer(std::string_view body, std::string& out) {
  append_annotated(out, body, annotation_.last);
  return {};
}

}  // namespace triaged::api
