// Answers as Anthropic's Messages, whole and streamed.
#include "triaged/base/text.hpp"

#include "api/anthropic/anthropic.hpp"
#include "api/anthropic/anthropic_message.hpp"
#include "api/collected.hpp"
#include "api/json_end.hpp"

#include <algorithm>
#include <deque>
#include <utility>

namespace triaged::api {
namespace {

using chat::Delta;
using chat::DeltaKind;

// Clients take the blocks of a stream one after the other, as Anthropic sends them. So one block is open at a time;
// what belongs to others, while a call's arguments are not complete, waits.
class StreamWriter final : public AnswerWriter {
 public:
  explicit StreamWriter(const ReplyContext& context) : own_id_(context.id) {}

  void take(const Delta& delta) override;
  void end() override;
  void error(const Error& error) override;
  void whole() override {}

 private:
  struct Block {
    DeltaKind kind = DeltaKind::text;
    std::uint32_t part = 0;
    std::size_t index = 0;
    std::string waiting;  // events to be sent once it is its turn
    JsonEnd arguments;
    bool closable() const { return kind != DeltaKind::tool_call || arguments.reached(); }
  };

  void begin();
  Block* find(DeltaKind kind, std::uint32_t part);
  Block& open(DeltaKind kind, const Delta& delta);
  void append_beginning(Block& block, const Delta& delta);
  void piece(DeltaKind kind, const Delta& delta, std::string_view type, std::string_view member);
  void take_arguments(const Delta& delta);
  void take_citation(const Delta& delta);
  void append_piece(Block& block, std::string_view type, std::string_view member, std::string_view escaped);
  std::string& place(Block& block) { return &block == &blocks_.front() ? out() : block.waiting; }
  void close_front();
  void go_on();

  std::string own_id_;
  std::string id_, model_;
  std::optional<chat::Usage> usage_;
  AnthropicEnd end_;
  std::deque<Block> blocks_;  // the first is open, the others wait
  std::size_t next_index_ = 0;
  std::size_t calls_ = 0;
  bool begun_ = false;
};

void append_head(std::string& out, std::string_view id, std::string_view model) {
  out.append(R"("id":")").append(id).append(R"(","type":"message","role":"assistant","model":")");
  out.append(model).append(R"(","diagnostics":null)");
}

void StreamWriter::begin() {
  if (std::exchange(begun_, true)) return;
  std::string& to = out();
  to.append("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{");
  append_head(to, anthropic_id("msg_", id_, own_id_), model_);
  to.append(R"(,"content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"container":null,"usage":)");
  append_anthropic_usage(to, usage_, true);
  to.push_back('}');
  if (!annotation().first.empty()) to.append(R"(,"triaged":)").append(annotation().first);
  to.append("}\n\n");
}

StreamWriter::Block* StreamWriter::find(DeltaKind kind, std::uint32_t part) {
  const auto found = std::find_if(blocks_.rbegin(), blocks_.rend(), [kind, part](const Block& block) {
    return block.kind == kind && block.part == part;
  });
  return found == blocks_.rend() ? nullptr : &*found;
}

void StreamWriter::close_front() {
  out().append("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":");
  out().append(std::to_string(blocks_.front().index)).append("}\n\n");
  blocks_.pop_front();
  if (blocks_.empty()) return;
  out().append(blocks_.front().waiting);
  blocks_.front().waiting.clear();
}

// As long as others wait and the open one is complete, it is the next one's turn.
void StreamWriter::go_on() {
  while (blocks_.size() > 1 && blocks_.front().closable()) close_front();
}

StreamWriter::Block& StreamWriter::open(DeltaKind kind, const Delta& delta) {
  if (blocks_.size() == 1 && blocks_.front().closable()) close_front();
  Block& block = blocks_.emplace_back();
  block.kind = kind;
  block.part = delta.part;
  block.index = next_index_++;
  append_beginning(block, delta);
  return block;
}

void StreamWriter::append_beginning(Block& block, const Delta& delta) {
  std::string& to = place(block);
  to.append("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":");
  to.append(std::to_string(block.index)).append(R"(,"content_block":)");
  if (block.kind == DeltaKind::tool_call) {
    const std::string own = own_id_ + "_" + std::to_string(calls_++);
    to.append(R"({"type":"tool_use","id":")").append(anthropic_id("toolu_", delta.id.raw, own));
    to.append(R"(","caller":{"type":"direct"},"name":")").append(delta.name.raw).append(R"(","input":{}})");
  } else if (block.kind == DeltaKind::thinking) {
    to.append(R"({"type":"thinking","thinking":"","signature":""})");
  } else if (block.kind == DeltaKind::hidden_thinking) {
    to.append(R"({"type":"redacted_thinking","data":")").append(delta.text.raw).append(R"("})");
  } else {
    to.append(R"({"type":"text","text":"","citations":null})");
  }
  to.append("}\n\n");
}

// `escaped`: the inside of a JSON string.
void StreamWriter::append_piece(Block& block, std::string_view type, std::string_view member,
                                std::string_view escaped) {
  std::string& to = place(block);
  to.append("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":");
  to.append(std::to_string(block.index)).append(R"(,"delta":{"type":")").append(type).append(R"(",")");
  to.append(member).append(R"(":")").append(escaped).append("\"}}\n\n");
}

void StreamWriter::piece(DeltaKind kind, const Delta& delta, std::string_view type, std::string_view member) {
  if (delta.text.empty()) return;
  Block* block = find(kind, delta.part);
  if (block == nullptr) block = &open(kind, delta);
  append_piece(*block, type, member, delta.text.raw);
}

void StreamWriter::take_arguments(const Delta& delta) {
  Block* const block = find(DeltaKind::tool_call, delta.part);
  if (block == nullptr) return;  // white space behind arguments that were complete
  if (!delta.json.empty()) {
    std::string escaped;
    append_json_escaped(escaped, delta.json);
    append_piece(*block, "input_json_delta", "partial_json", escaped);
    block->arguments.put(delta.json);
  } else if (!delta.text.empty()) {
    append_piece(*block, "input_json_delta", "partial_json", delta.text.raw);
    if (delta.text.escaped) {
      block->arguments.put(delta.text.resolved());
    } else {
      block->arguments.put(delta.text.raw);
    }
  }
  go_on();
}

void StreamWriter::take_citation(const Delta& delta) {
  std::string citation = anthropic_citation(delta.json);
  if (citation.empty()) return;
  std::replace(citation.begin(), citation.end(), '\n', ' ');  // between its tokens; an event's data is one line
  Block* block = find(DeltaKind::text, delta.part);
  if (block == nullptr) block = &open(DeltaKind::text, delta);
  std::string& to = place(*block);
  to.append("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":");
  to.append(std::to_string(block->index)).append(R"(,"delta":{"type":"citations_delta","citation":)");
  to.append(citation).append("}}\n\n");
}

void StreamWriter::take(const Delta& delta) {
  if (delta.usage) usage_ = delta.usage;
  if (delta.choice != 0) return;  // there is one answer in this dialect
  switch (delta.kind) {
    case DeltaKind::start:
      id_ = delta.id.raw;
      model_ = delta.name.raw;
      return;
    case DeltaKind::finish:
      end_.finish = delta.finish;
      end_.sequence = delta.text.raw;
      return;
    case DeltaKind::usage:
    case DeltaKind::logprobs:
    case DeltaKind::error:
    case DeltaKind::done: return;
    default: break;
  }
  begin();
  switch (delta.kind) {
    case DeltaKind::refusal: end_.refusal = true; [[fallthrough]];
    case DeltaKind::text: return piece(DeltaKind::text, delta, "text_delta", "text");
    case DeltaKind::thinking: return piece(DeltaKind::thinking, delta, "thinking_delta", "thinking");
    case DeltaKind::signature: return piece(DeltaKind::thinking, delta, "signature_delta", "signature");
    case DeltaKind::hidden_thinking: open(DeltaKind::hidden_thinking, delta); return;
    case DeltaKind::tool_call:
      end_.calls = true;
      open(DeltaKind::tool_call, delta);
      return;
    case DeltaKind::arguments: return take_arguments(delta);
    case DeltaKind::citation: return take_citation(delta);
    default: return;
  }
}

void StreamWriter::end() {
  begin();
  while (!blocks_.empty()) close_front();
  std::string& to = out();
  to.append("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{");
  append_anthropic_end(to, end_);
  to.append(R"(},"usage":)");
  append_anthropic_usage(to, usage_, false);
  to.append("}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"");
  if (!annotation().last.empty()) to.append(R"(,"triaged":)").append(annotation().last);
  to.append("}\n\n");
}

void StreamWriter::error(const Error& error) {
  out().append("event: error\ndata: ").append(anthropic_error_body(error)).append("\n\n");
}

class WholeWriter final : public AnswerWriter {
 public:
  explicit WholeWriter(const ReplyContext& context) : own_id_(context.id) {}

  void take(const Delta& delta) override { collected_.take(delta); }
  void end() override {}
  void error(const Error& error) override { out().append(anthropic_error_body(error)); }
  void whole() override;

 private:
  void append_part(const CollectedPart& part, std::string& content);

  std::string own_id_;
  Collected collected_;
  std::size_t calls_ = 0;
};

void append_citations(std::string& content, const std::vector<std::string>& citations) {
  std::string list;
  for (const std::string& each : citations) {
    const std::string citation = anthropic_citation(each);
    if (citation.empty()) continue;
    list.append(list.empty() ? "" : ",").append(citation);
  }
  content.append(list.empty() ? "null" : "[" + list + "]");
}

void WholeWriter::append_part(const CollectedPart& part, std::string& content) {
  if (!content.empty()) content.push_back(',');
  switch (part.kind) {
    case DeltaKind::tool_call: {
      const std::string own = own_id_ + "_" + std::to_string(calls_++);
      content.append(R"({"type":"tool_use","id":")").append(anthropic_id("toolu_", part.id, own));
      content.append(R"(","caller":{"type":"direct"},"name":)");
      append_quoted(content, part.name);
      content.append(R"(,"input":)").append(anthropic_input(part.arguments)).append("}");
      return;
    }
    case DeltaKind::thinking:
      content.append(R"({"type":"thinking","thinking":)");
      append_quoted(content, part.text);
      content.append(R"(,"signature":)");
      append_quoted(content, part.signature);
      content.push_back('}');
      return;
    case DeltaKind::hidden_thinking:
      content.append(R"({"type":"redacted_thinking","data":)");
      append_quoted(content, part.text);
      content.push_back('}');
      return;
    default:
      content.append(R"({"type":"text","text":)");
      append_quoted(content, part.text);
      content.append(R"(,"citations":)");
      append_citations(content, part.citations);
      content.push_back('}');
      return;
  }
}

void WholeWriter::whole() {
  AnthropicEnd end;
  std::string content;
  if (!collected_.choices.empty()) {
    const CollectedChoice& choice = collected_.choices.front();
    end.finish = choice.finish;
    end.sequence = choice.stop_sequence;
    for (const CollectedPart& part : choice.parts) {
      end.refusal = end.refusal || part.kind == DeltaKind::refusal;
      end.calls = end.calls || part.kind == DeltaKind::tool_call;
      append_part(part, content);
    }
  }
  std::string& to = out();
  to.push_back('{');
  append_head(to, anthropic_id("msg_", collected_.id, own_id_), collected_.model);
  to.append(R"(,"content":[)").append(content).append("],");
  append_anthropic_end(to, end);
  to.append(R"(,"usage":)");
  append_anthropic_usage(to, collected_.usage, true);
  if (!annotation().last.empty()) to.append(R"(,"triaged":)").append(annotation().last);
  to.push_back('}');
}

}  // namespace

std::unique_ptr<AnswerWriter> make_anthropic_writer(const ReplyContext& context) {
  if (context.stream) return std::make_unique<StreamWriter>(context);
  return std::make_unique<WholeWriter>(context);
}

}  // namespace triaged::api
