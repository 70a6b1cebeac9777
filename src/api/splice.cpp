#include "api/splice.hpp"

#include "triaged/api/codec.hpp"
#include "triaged/base/json.hpp"
#include "triaged/base/text.hpp"

#include <utility>

namespace triaged::api {
namespace {

constexpr std::string_view space = " \t\r\n";

// Where a member can be added at the end of an object: the position of its closing brace, npos if `text` is no object.
std::size_t closing_brace(std::string_view text) {
  const std::size_t last = text.find_last_not_of(space);
  const std::size_t first = text.find_first_not_of(space);
  if (first == std::string_view::npos || first == last) return std::string_view::npos;
  return text[first] == '{' && text[last] == '}' ? last : std::string_view::npos;
}

}  // namespace

void append_annotated(std::string& out, std::string_view text, std::string_view annotation) {
  const std::size_t brace = closing_brace(text);
  if (annotation.empty() || brace == std::string_view::npos) {
    out.append(text);
    return;
  }
  const std::size_t before = text.find_last_not_of(space, brace - 1);
  out.append(text.substr(0, brace));
  if (text[before] != '{') out.push_back(',');
  out.append(R"("triaged":)").append(annotation).append(text.substr(brace));
}

void append_data(std::string& out, std::string_view data) {
  for (;;) {
    const std::size_t line_end = data.find('\n');
    out.append("data: ").append(data.substr(0, line_end));
    if (line_end == std::string_view::npos) break;
    out.push_back('\n');
    data.remove_prefix(line_end + 1);
  }
  out.append("\n\n");
}

void append_event(std::string& out, std::string_view type, std::string_view data) {
  if (!type.empty()) out.append("event: ").append(type).append("\n");
  append_data(out, data);
}

// What a chunk of our own has to repeat from the provider's: id, model and date, as they stand there.
void ChatSplice::remember(std::string_view raw) {
  JsonReader reader(raw);
  JsonString key;
  if (reader.peek() != JsonType::object) return;
  reader.enter_object();
  while (reader.next_member(key)) {
    const std::string_view value = reader.skip();
    if (key.equals("id")) last_id_ = value;
    if (key.equals("model")) last_model_ = value;
    if (key.equals("created")) last_created_ = value;
  }
}

Result<void> ChatSplice::event(const chat::Event& event, std::string& out) {
  if (event.kind == chat::EventKind::done || event.kind == chat::EventKind::error) return {};
  if (event.kind == chat::EventKind::usage && !client_wants_usage_) return {};
  if (annotated_first_ || (annotation_.first.empty() && annotation_.last.empty())) {
    append_data(out, event.raw);
    return {};
  }
  annotated_first_ = true;
  remember(event.raw);
  if (annotation_.first.empty()) {
    append_data(out, event.raw);
    return {};
  }
  std::string annotated;
  append_annotated(annotated, event.raw, annotation_.first);
  append_data(out, annotated);
  return {};
}

void ChatSplice::end(std::string& out) {
  if (!annotated_last_ && !annotation_.last.empty()) {
    annotated_last_ = true;
    std::string chunk = R"({"id":)";
    chunk.append(last_id_.empty() ? R"("")" : last_id_).append(R"(,"object":"chat.completion.chunk","created":)");
    chunk.append(last_created_.empty() ? "0" : last_created_).append(R"(,"model":)");
    chunk.append(last_model_.empty() ? R"("")" : last_model_).append(R"(,"choices":[],"triaged":)");
    chunk.append(annotation_.last).append("}");
    append_data(out, chunk);
  }
  out.append("data: [DONE]\n\n");
}

void ChatSplice::error(const Error& error, std::string& out) { append_data(out, openai_error_body(error)); }

Result<void> ChatSplice::answer(std::string_view body, std::string& out) {
  append_annotated(out, body, annotation_.last);
  return {};
}

Result<void> TypedSplice::event(const chat::Event& event, std::string& out) {
  if (event.kind == chat::EventKind::done || event.kind == chat::EventKind::error) return {};
  if (std::exchange(annotated_, true) || annotation_.first.empty()) {
    append_event(out, event.type, event.raw);
    return {};
  }
  std::string annotated;
  append_annotated(annotated, event.raw, annotation_.first);
  append_event(out, event.type, annotated);
  return {};
}

void TypedSplice::end(std::string& out) {
  std::string stop;
  append_annotated(stop, R"({"type":"message_stop"})", annotation_.last);
  append_event(out, "message_stop", stop);
}

void TypedSplice::error(const Error& error, std::string& out) {
  append_event(out, "error", error_body(dialect_, error));
}

Result<void> TypedSplice::answer(std::string_view body, std::string& out) {
  append_annotated(out, body, annotation_.last);
  return {};
}

}  // namespace triaged::api
