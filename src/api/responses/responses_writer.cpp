#include "api/responses/responses_writer.hpp"

#include "triaged/base/text.hpp"
#include "triaged/chat/carried_thoughts.hpp"

#include "api/collected.hpp"
#include "api/responses/responses_object.hpp"
#include "api/responses/responses_reading.hpp"

#include <algorithm>
#include <utility>

namespace triaged::api {
namespace {

using chat::DeltaKind;
using Kind = ResponsesOutput::Kind;

constexpr std::size_t nothing = static_cast<std::size_t>(-1);

// What tells one answer from another: the provider's id without what it begins with ("chatcmpl-", "msg_").
std::string bare_id(std::string_view id) {
  const std::size_t end = id.find_first_of("-_");
  const bool named = end != std::string_view::npos && std::all_of(id.begin(), id.begin() + end, [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
                     });
  if (named) id.remove_prefix(end + 1);
  std::string bare;
  for (const char c : id.substr(0, 64)) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) bare.push_back(c);
  }
  return bare;
}

std::string_view prefix_of(Kind kind) {
  switch (kind) {
    case Kind::message: return "msg_";
    case Kind::reasoning: return "rs_";
    case Kind::call: return "fc_";
    case Kind::custom_call: return "ctc_";
  }
  return "";
}

class ResponsesWriter final : public AnswerWriter {
 public:
  explicit ResponsesWriter(const ReplyContext& context)
      : conversation_(context.conversation),
        streams_(context.stream),
        context_id_(context.id),
        created_(context.created) {}

  void take(const chat::Delta& delta) override;
  void end() override;
  void error(const Error& error) override;
  void whole() override;

 private:
  void begin(const JsonString& id, const JsonString& model);
  void add_words(const chat::Delta& delta);
  void add_thought(const chat::Delta& delta);
  void add_encrypted(const chat::Delta& delta, std::string_view mark);
  void add_call(const chat::Delta& delta);
  void add_arguments(const chat::Delta& delta);
  void add_citation(const chat::Delta& delta);
  void add_logprobs(const chat::Delta& delta);

  ResponsesOutput& open_item(Kind kind);
  ResponsesContent& open_message_content(const chat::Delta& delta);
  void open_thoughts(std::uint32_t part);
  void close_content();
  void close_item(std::size_t index, std::string_view status);
  void close_all(std::string_view last_status);

  // An event up to where its own members follow; end_event() ends it.
  void begin_event(std::string_view type);
  void begin_item_event(std::string_view type, std::size_t index);
  void begin_content_event(std::string_view type);
  void member(std::string_view name, std::string_view escaped);
  void end_event() { out().append("}\n\n"); }
  void item_event(std::string_view type, std::size_t index, std::string_view status);
  void response_event(std::string_view type, std::string_view status, std::string_view annotation,
                      const Error* failure);
  void append_response(std::string_view status, std::string_view annotation, const Error* failure);

  bool cut_short() const { return finish_ == chat::Finish::length || finish_ == chat::Finish::content_filter; }
  std::string_view final_status() const { return cut_short() ? "incomplete" : "completed"; }

  const chat::Conversation* conversation_;
  bool streams_;
  std::string context_id_;
  std::int64_t created_;
  bool begun_ = false;
  std::string id_, model_, repeated_;
  std::uint64_t number_ = 0;
  std::vector<ResponsesOutput> items_;
  std::size_t words_ = nothing;  // the message, or the thoughts, that are being told
  chat::Finish finish_ = chat::Finish::none;
  std::optional<chat::Usage> usage_;
};

void ResponsesWriter::begin_event(std::string_view type) {
  out().append("event: ").append(type).append("\ndata: {\"type\":\"").append(type).append(R"(","sequence_number":)");
  out().append(std::to_string(number_++));
}

void ResponsesWriter::begin_item_event(std::string_view type, std::size_t index) {
  begin_event(type);
  out().append(R"(,"output_index":)").append(std::to_string(index));
  member("item_id", items_[index].id);
}

// Of the content, or the summary, that is being told.
void ResponsesWriter::begin_content_event(std::string_view type) {
  begin_item_event(type, words_);
  const bool thought = items_[words_].kind == Kind::reasoning;
  out().append(thought ? R"(,"summary_index":)" : R"(,"content_index":)");
  out().append(std::to_string(items_[words_].contents.size() - 1));
}

void ResponsesWriter::member(std::string_view name, std::string_view escaped) {
  out().append(",\"").append(name).append("\":");
  append_quoted(out(), escaped);
}

void ResponsesWriter::item_event(std::string_view type, std::size_t index, std::string_view status) {
  begin_event(type);
  out().append(R"(,"output_index":)").append(std::to_string(index)).append(R"(,"item":)");
  append_item(out(), items_[index], status);
  end_event();
}

void ResponsesWriter::append_response(std::string_view status, std::string_view annotation, const Error* failure) {
  std::string& to = out();
  to.append(R"({"id":"resp_)").append(id_).append(R"(","object":"response","created_at":)");
  to.append(std::to_string(created_)).append(R"(,"status":")").append(status);
  to.append(R"(","background":false,"error":)");
  if (failure != nullptr) {
    to.append(R"({"code":)");
    append_json_string(to, failure->status == 429 ? "rate_limit_exceeded" : "server_error");
    to.append(R"(,"message":)");
    append_json_string(to, failure->detail);
    to.push_back('}');
  } else {
    to.append("null");
  }
  to.append(R"(,"incomplete_details":)");
  if (status == "incomplete") {
    to.append(R"({"reason":")").append(finish_ == chat::Finish::length ? "max_output_tokens" : "content_filter");
    to.append("\"}");
  } else {
    to.append("null");
  }
  to.append(R"(,"model":)");
  append_quoted(to, model_);
  to.append(",").append(repeated_).append(R"("output":[)");
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (i != 0) to.push_back(',');
    const bool last = i + 1 == items_.size();
    append_item(to, items_[i], last || failure != nullptr ? (failure != nullptr ? "incomplete" : status) : "completed");
  }
  to.push_back(']');
  if (usage_ && status != "in_progress") {
    to.push_back(',');
    append_usage(to, *usage_);
  }
  if (!annotation.empty()) {
    to.append(R"(,"triaged":)");
    append_on_one_line(to, annotation);
  }
  to.push_back('}');
}

void ResponsesWriter::response_event(std::string_view type, std::string_view status, std::string_view annotation_text,
                                     const Error* failure) {
  begin_event(type);
  out().append(R"(,"response":)");
  append_response(status, annotation_text, failure);
  end_event();
}

void ResponsesWriter::begin(const JsonString& id, const JsonString& model) {
  if (std::exchange(begun_, true)) return;
  id_ = bare_id(id.raw);
  if (id_.empty()) id_ = bare_id(context_id_);
  if (id_.empty()) id_ = "0";
  model_ = model.raw;
  if (model_.empty() && conversation_ != nullptr) model_ = conversation_->model.raw;
  repeated_ = repeated_members(conversation_);
  if (!streams_) return;
  response_event("response.created", "in_progress", annotation().first, nullptr);
  response_event("response.in_progress", "in_progress", {}, nullptr);
}

ResponsesOutput& ResponsesWriter::open_item(Kind kind) {
  ResponsesOutput& item = items_.emplace_back();
  item.kind = kind;
  item.id.append(prefix_of(kind)).append(id_).append("_").append(std::to_string(items_.size() - 1));
  return item;
}

void ResponsesWriter::close_content() {
  if (words_ == nothing || items_[words_].contents.empty() || !streams_) return;
  const ResponsesContent& content = items_[words_].contents.back();
  if (items_[words_].kind == Kind::reasoning) {
    begin_content_event("response.reasoning_summary_text.done");
    member("text", content.text);
    end_event();
    begin_content_event("response.reasoning_summary_part.done");
    out().append(R"(,"part":)");
    append_summary(out(), content);
    end_event();
    return;
  }
  if (content.refusal) {
    begin_content_event("response.refusal.done");
    member("refusal", content.text);
  } else {
    begin_content_event("response.output_text.done");
    member("text", content.text);
    out().append(R"(,"logprobs":[)").append(content.logprobs).append("]");
  }
  end_event();
  begin_content_event("response.content_part.done");
  out().append(R"(,"part":)");
  append_content(out(), content);
  end_event();
}

void ResponsesWriter::close_item(std::size_t index, std::string_view status) {
  if (!std::exchange(items_[index].open, false)) return;
  if (index == words_) {
    close_content();
    words_ = nothing;
  }
  ResponsesOutput& item = items_[index];
  if (item.kind == Kind::custom_call) item.arguments = free_text_of(item.arguments);
  const bool empty = item.kind == Kind::call && item.arguments.empty();
  if (empty) item.arguments = "{}";
  if (!streams_) return;
  const bool custom = item.kind == Kind::custom_call;
  if (empty || (custom && !item.arguments.empty())) {
    begin_item_event(custom ? "response.custom_tool_call_input.delta" : "response.function_call_arguments.delta",
                     index);
    member("delta", item.arguments);
    end_event();
  }
  if (custom) {
    begin_item_event("response.custom_tool_call_input.done", index);
    member("input", item.arguments);
    end_event();
  } else if (item.kind == Kind::call) {
    begin_item_event("response.function_call_arguments.done", index);
    member("name", item.name);
    member("arguments", item.arguments);
    end_event();
  }
  item_event("response.output_item.done", index, status);
}

void ResponsesWriter::close_all(std::string_view last_status) {
  for (std::size_t i = 0; i < items_.size(); ++i) {
    close_item(i, i + 1 == items_.size() ? last_status : "completed");
  }
}

ResponsesContent& ResponsesWriter::open_message_content(const chat::Delta& delta) {
  const bool refusal = delta.kind == DeltaKind::refusal;
  if (words_ != nothing && items_[words_].kind != Kind::message) close_item(words_, "completed");
  if (words_ == nothing) {
    open_item(Kind::message);
    words_ = items_.size() - 1;
    if (streams_) item_event("response.output_item.added", words_, "in_progress");
  }
  std::vector<ResponsesContent>& contents = items_[words_].contents;
  if (!contents.empty() && contents.back().part == delta.part && contents.back().refusal == refusal) {
    return contents.back();
  }
  close_content();
  ResponsesContent& content = contents.emplace_back();
  content.part = delta.part;
  content.refusal = refusal;
  if (streams_) {
    begin_content_event("response.content_part.added");
    out().append(R"(,"part":)");
    append_content(out(), content);
    end_event();
  }
  return content;
}

void ResponsesWriter::add_words(const chat::Delta& delta) {
  if (delta.text.empty()) return;
  ResponsesContent& content = open_message_content(delta);
  content.text.append(delta.text.raw);
  if (!streams_) return;
  begin_content_event(content.refusal ? "response.refusal.delta" : "response.output_text.delta");
  member("delta", delta.text.raw);
  if (!content.refusal) out().append(R"(,"logprobs":[])");
  end_event();
}

// What is proved, or encrypted, is an item of its own.
void ResponsesWriter::open_thoughts(std::uint32_t part) {
  if (words_ != nothing) {
    const ResponsesOutput& item = items_[words_];
    const bool settled = !item.encrypted.empty() && item.part != part;
    if (item.kind != Kind::reasoning || settled) close_item(words_, "completed");
  }
  if (words_ == nothing) {
    open_item(Kind::reasoning);
    words_ = items_.size() - 1;
    if (streams_) item_event("response.output_item.added", words_, "in_progress");
  }
  items_[words_].part = part;
}

void ResponsesWriter::add_encrypted(const chat::Delta& delta, std::string_view mark) {
  if (delta.text.empty()) return;
  open_thoughts(delta.part);
  std::string& encrypted = items_[words_].encrypted;
  if (encrypted.empty()) encrypted = mark;
  encrypted.append(delta.text.raw);
}

void ResponsesWriter::add_thought(const chat::Delta& delta) {
  if (delta.text.empty()) return;
  open_thoughts(delta.part);
  std::vector<ResponsesContent>& summaries = items_[words_].contents;
  if (summaries.empty() || summaries.back().part != delta.part) {
    close_content();
    summaries.emplace_back().part = delta.part;
    if (streams_) {
      begin_content_event("response.reasoning_summary_part.added");
      out().append(R"(,"part":)");
      append_summary(out(), summaries.back());
      end_event();
    }
  }
  summaries.back().text.append(delta.text.raw);
  if (!streams_) return;
  begin_content_event("response.reasoning_summary_text.delta");
  member("delta", delta.text.raw);
  end_event();
}

// Calls stay open until the end: pieces of several may come by turns.
void ResponsesWriter::add_call(const chat::Delta& delta) {
  if (words_ != nothing) close_item(words_, "completed");
  const std::string name = delta.name.resolved();
  const chat::Tool* tool = nullptr;
  if (conversation_ != nullptr) {
    for (const chat::Tool& each : conversation_->tools) {
      if (!each.hosted && each.name.equals(name)) tool = &each;
    }
  }
  ResponsesOutput& item = open_item(tool != nullptr && tool->custom ? Kind::custom_call : Kind::call);
  item.part = delta.part;
  item.name = delta.name.raw;
  if (tool != nullptr && !tool->scope.empty()) {
    item.scope = tool->scope.raw;
    item.name.erase(0, scoped_name(item.scope, "").size());
  }
  item.call_id = delta.id.raw;
  if (item.call_id.empty()) item.call_id = "call_" + id_ + "_" + std::to_string(items_.size() - 1);
  if (streams_) item_event("response.output_item.added", items_.size() - 1, "in_progress");
}

void ResponsesWriter::add_arguments(const chat::Delta& delta) {
  const auto call = std::find_if(items_.rbegin(), items_.rend(), [&delta](const ResponsesOutput& item) {
    return item.part == delta.part && (item.kind == Kind::call || item.kind == Kind::custom_call);
  });
  if (call == items_.rend()) return;
  const std::size_t before = call->arguments.size();
  call->arguments.append(delta.text.raw);
  append_json_escaped(call->arguments, delta.json);
  if (!streams_ || call->kind == Kind::custom_call || call->arguments.size() == before) return;
  const auto index = static_cast<std::size_t>(items_.rend() - call) - 1;
  begin_item_event("response.function_call_arguments.delta", index);
  member("delta", std::string_view(call->arguments).substr(before));
  end_event();
}

void ResponsesWriter::add_citation(const chat::Delta& delta) {
  ResponsesContent& content = open_message_content(delta);
  const JsonString text{content.text, content.text.find('\\') != std::string::npos};
  const std::string& added = content.annotations.emplace_back(annotation_of(delta.json, text.characters()));
  if (!streams_) return;
  begin_content_event("response.output_text.annotation.added");
  out().append(R"(,"annotation_index":)").append(std::to_string(content.annotations.size() - 1));
  out().append(R"(,"annotation":)").append(added);
  end_event();
}

// They come behind their text: told by an empty piece of it.
void ResponsesWriter::add_logprobs(const chat::Delta& delta) {
  const std::size_t first = delta.json.find('[');
  const std::size_t last = delta.json.rfind(']');
  if (first == std::string_view::npos || last <= first + 1) return;
  std::string elements;
  append_on_one_line(elements, delta.json.substr(first + 1, last - first - 1));
  ResponsesContent& content = open_message_content(delta);
  if (!content.logprobs.empty()) content.logprobs.push_back(',');
  content.logprobs.append(elements);
  if (!streams_) return;
  begin_content_event("response.output_text.delta");
  member("delta", "");
  out().append(R"(,"logprobs":[)").append(elements).append("]");
  end_event();
}

void ResponsesWriter::take(const chat::Delta& delta) {
  if (delta.usage) usage_ = delta.usage;
  if (delta.kind == DeltaKind::error || delta.kind == DeltaKind::done || delta.choice != 0) return;
  begin(delta.kind == DeltaKind::start ? delta.id : JsonString(),
        delta.kind == DeltaKind::start ? delta.name : JsonString());
  switch (delta.kind) {
    case DeltaKind::text:
    case DeltaKind::refusal: add_words(delta); break;
    case DeltaKind::thinking: add_thought(delta); break;
    case DeltaKind::tool_call: add_call(delta); break;
    case DeltaKind::arguments: add_arguments(delta); break;
    case DeltaKind::citation: add_citation(delta); break;
    case DeltaKind::logprobs: add_logprobs(delta); break;
    case DeltaKind::finish: finish_ = delta.finish; break;
    case DeltaKind::signature: add_encrypted(delta, chat::carried_proof_mark); break;
    case DeltaKind::hidden_thinking: add_encrypted(delta, chat::carried_thought_mark); break;
    case DeltaKind::start:
    case DeltaKind::usage:
    case DeltaKind::error:
    case DeltaKind::done: break;
  }
}

void ResponsesWriter::end() {
  begin({}, {});
  close_all(final_status());
  response_event(cut_short() ? "response.incomplete" : "response.completed", final_status(), annotation().last,
                 nullptr);
}

// As OpenAI does: an event of its own, then the response as far as it came.
void ResponsesWriter::error(const Error& error) {
  begin({}, {});
  append_responses_error_event(out(), error, number_++);
  response_event("response.failed", "failed", annotation().last, &error);
}

void ResponsesWriter::whole() {
  begin({}, {});
  close_all(final_status());
  append_response(final_status(), annotation().last, nullptr);
}

}  // namespace

std::unique_ptr<AnswerWriter> make_responses_writer(const ReplyContext& context) {
  return std::make_unique<ResponsesWriter>(context);
}

void append_responses_error_event(std::string& out, const Error& error, std::uint64_t number) {
  const std::string body = openai_error_body(error);
  out.append("event: error\ndata: {\"type\":\"error\",\"sequence_number\":").append(std::to_string(number));
  out.append(R"(,"code":)");
  if (error.code.empty()) {
    out.append("null");
  } else {
    append_json_string(out, error.code);
  }
  out.append(R"(,"message":)");
  append_json_string(out, error.detail);
  out.append(R"(,"param":null,)").append(std::string_view(body).substr(1)).append("\n\n");
}

}  // namespace triaged::api
