#include "api/openai/openai_reply.hpp"

#include "triaged/base/text.hpp"

#include "api/openai/openai_usage_object.hpp"

#include <utility>

namespace triaged::api {

std::string_view openai_finish(chat::Finish finish, bool calls) {
  switch (finish) {
    case chat::Finish::length: return "length";
    case chat::Finish::content_filter: return "content_filter";
    case chat::Finish::tool_calls: return "tool_calls";
    case chat::Finish::stop:
    case chat::Finish::other:
    case chat::Finish::none: break;
  }
  return calls ? "tool_calls" : "stop";
}

// Ids of other makers get OpenAI's prefix: some clients look at it.
void OpenAiReply::start(std::string_view id, std::string_view model) {
  id_.clear();
  if (id.empty()) {
    id_.append(names_.prefix);
    append_json_escaped(id_, context_.id);
  } else {
    if (!id.starts_with(names_.prefix)) id_.append(names_.prefix);
    id_.append(id);
  }
  model_ = model;
}

void OpenAiReply::append_head(std::string_view object) {
  if (id_.empty()) start({}, {});
  out().append(R"({"id":")").append(id_).append(R"(","object":")").append(object).append(R"(","created":)");
  out().append(std::to_string(context_.created)).append(R"(,"model":")").append(model_).append(R"(","choices":[)");
}

void OpenAiReply::begin_chunk() {
  if (chunk_head_.empty()) {
    const std::size_t begin = out().size();
    out().append("data: ");
    append_head(names_.chunk);
    chunk_head_ = out().substr(begin);
    return;
  }
  out().append(chunk_head_);
}

void OpenAiReply::end_chunk() {
  out().push_back(']');
  if (context_.include_usage) out().append(R"(,"usage":null)");
  if (!std::exchange(annotated_, true) && !annotation().first.empty()) {
    out().append(R"(,"triaged":)").append(annotation().first);
  }
  out().append("}\n\n");
}

void OpenAiReply::take(const chat::Delta& delta) {
  if (delta.usage) usage_ = delta.usage;
  if (!context_.stream) {
    collected_.take(delta);
    return;
  }
  if (delta.kind == chat::DeltaKind::start) {
    start(delta.id.raw, delta.name.raw);
    return;
  }
  write(delta);
}

// Usage, where it was asked for, and the annotation of the whole reply ride on chunks without choices.
void OpenAiReply::append_last() {
  const bool tells_usage = context_.include_usage && usage_;
  const std::string& last = annotation().last;
  if (!tells_usage && last.empty()) return;
  begin_chunk();
  out().push_back(']');
  if (tells_usage) {
    out().append(R"(,"usage":)");
    append_openai_usage(out(), *usage_);
  }
  if (!last.empty()) out().append(R"(,"triaged":)").append(last);
  out().append("}\n\n");
}

void OpenAiReply::end() {
  write_unfinished();
  append_last();
  out().append("data: [DONE]\n\n");
}

void OpenAiReply::error(const Error& error) { out().append("data: ").append(openai_error_body(error)).append("\n\n"); }

void OpenAiReply::whole() {
  start(collected_.id, collected_.model);
  append_head(names_.whole);
  if (collected_.choices.empty()) collected_.choices.emplace_back();
  for (std::size_t i = 0; i < collected_.choices.size(); ++i) {
    if (i != 0) out().push_back(',');
    append_choice(collected_.choices[i], i);
  }
  out().push_back(']');
  if (usage_) {
    out().append(R"(,"usage":)");
    append_openai_usage(out(), *usage_);
  }
  if (!annotation().last.empty()) out().append(R"(,"triaged":)").append(annotation().last);
  out().push_back('}');
}

}  // namespace triaged::api
