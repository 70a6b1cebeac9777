#include "api/openai/openai_chat_writer.hpp"

#include "triaged/base/text.hpp"

#include "api/openai/openai_reply.hpp"
#include "api/openai/reasoning_details.hpp"
#include "api/openai/url_citation.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace triaged::api {
namespace {

using chat::Delta;
using chat::DeltaKind;

// What a custom tool was called with: the member `input` of arguments that were asked for in its place.
std::string input_of(std::string_view arguments) {
  JsonReader reader(arguments, 256);
  std::string input;
  if (reader.enter_object_or_skip()) {
    JsonString key;
    while (reader.next_member(key)) {
      const auto value = key.equals("input") ? reader.string_or_skip() : (reader.skip(), std::nullopt);
      if (value) input = value->raw;
    }
  }
  if (reader.ok() && !input.empty()) return input;
  append_json_escaped(input, arguments);
  return input;
}

class OpenAiChatWriter final : public OpenAiReply {
 public:
  explicit OpenAiChatWriter(const ReplyContext& context)
      : OpenAiReply(context, {"chatcmpl-", "chat.completion", "chat.completion.chunk"}) {
    if (context.conversation == nullptr) return;
    legacy_ = context.conversation->legacy_functions;
    for (const chat::Tool& tool : context.conversation->tools) {
      if (tool.custom) custom_.push_back(tool.name.resolved());
    }
  }

 private:
  struct Call {
    std::uint32_t part = 0;
    bool custom = false;
    std::string arguments;  // of a custom tool: all so far, because only the whole can be unwrapped
  };
  struct Choice {
    bool begun = false;
    bool finished = false;
    std::vector<Call> calls;
    CitedText cited;
    // The thought that is being told, and what has come of its proof.
    std::uint32_t thought_part = 0;
    std::string thought, proof;
    std::size_t details = 0;
  };

  void write(const Delta& delta) override;
  void write_unfinished() override;
  void append_choice(const CollectedChoice& choice, std::size_t index) override;

  Choice& choice(std::uint32_t index);
  void begin_delta(std::uint32_t index);
  void end_delta(std::string_view finish = {});
  void write_words(const Delta& delta, std::string_view member);
  void write_thought(const Delta& delta);
  void write_proof(std::uint32_t index);
  void write_hidden_thought(const Delta& delta);
  void write_detail(std::uint32_t index, std::string_view detail);
  void write_call(const Delta& delta);
  void write_arguments(const Delta& delta);
  void write_inputs(std::uint32_t index);
  void write_citation(const Delta& delta);
  void write_probabilities(const Delta& delta);
  void write_finish(std::uint32_t index, chat::Finish finish);
  std::string_view finish_of(chat::Finish finish, bool calls) const;
  void append_message(const CollectedChoice& choice);
  void append_calls(const CollectedChoice& choice);
  bool is_custom(std::string_view name) const;

  bool legacy_ = false;
  std::vector<std::string> custom_;
  std::vector<Choice> choices_;
};

bool OpenAiChatWriter::is_custom(std::string_view name) const {
  return std::find(custom_.begin(), custom_.end(), name) != custom_.end();
}

OpenAiChatWriter::Choice& OpenAiChatWriter::choice(std::uint32_t index) {
  if (choices_.size() <= index) choices_.resize(index + std::size_t{1});
  return choices_[index];
}

// The first delta of a choice tells its role.
void OpenAiChatWriter::begin_delta(std::uint32_t index) {
  begin_chunk();
  out().append(R"({"index":)").append(std::to_string(index)).append(R"(,"delta":{)");
  if (!std::exchange(choice(index).begun, true)) out().append(R"("role":"assistant",)");
}

void OpenAiChatWriter::end_delta(std::string_view finish) {
  if (out().back() == ',') out().pop_back();
  if (finish.empty()) {
    out().append(R"(},"logprobs":null,"finish_reason":null})");
  } else {
    out().append(R"(},"logprobs":null,"finish_reason":")").append(finish).append("\"}");
  }
  end_chunk();
}

void OpenAiChatWriter::write_words(const Delta& delta, std::string_view member) {
  if (delta.text.empty()) return;
  begin_delta(delta.choice);
  out().append("\"").append(member).append("\":");
  chat::append_string(out(), delta.text);
  end_delta();
  if (delta.kind == DeltaKind::text) choice(delta.choice).cited.add(delta.part, delta.text);
}

void OpenAiChatWriter::write_thought(const Delta& delta) {
  Choice& told = choice(delta.choice);
  if (delta.part != told.thought_part) told.thought.clear();
  told.thought_part = delta.part;
  if (delta.kind == DeltaKind::signature) {
    told.proof.append(delta.text.raw);
    return;
  }
  told.thought.append(delta.text.raw);
  write_words(delta, "reasoning_content");
}

// In one piece with what it proves: clients that put pieces together cannot make a mistake.
void OpenAiChatWriter::write_proof(std::uint32_t index) {
  if (choices_.size() <= index || choices_[index].proof.empty()) return;
  Choice& told = choices_[index];
  std::string detail;
  append_proved_thought(detail, told.details++, std::exchange(told.thought, {}), std::exchange(told.proof, {}));
  write_detail(index, detail);
}

void OpenAiChatWriter::write_hidden_thought(const Delta& delta) {
  std::string detail;
  append_hidden_thought(detail, choice(delta.choice).details++, delta.text.raw);
  write_detail(delta.choice, detail);
}

void OpenAiChatWriter::write_detail(std::uint32_t index, std::string_view detail) {
  begin_delta(index);
  out().append(R"("reasoning_details":[)").append(detail).push_back(']');
  end_delta();
}

void OpenAiChatWriter::write_call(const Delta& delta) {
  std::vector<Call>& calls = choice(delta.choice).calls;
  Call& call = calls.emplace_back();
  call.part = delta.part;
  call.custom = !custom_.empty() && is_custom(delta.name.resolved());
  if (call.custom) call.arguments.reserve(256);
  begin_delta(delta.choice);
  if (legacy_) {
    out().append(R"("function_call":{"name":)");
    chat::append_string(out(), delta.name);
    out().append(R"(,"arguments":""})");
  } else {
    out().append(R"("tool_calls":[{"index":)").append(std::to_string(calls.size() - 1)).append(R"(,"id":)");
    chat::append_string(out(), delta.id);
    out().append(call.custom ? R"(,"type":"custom","custom":{"name":)" : R"(,"type":"function","function":{"name":)");
    chat::append_string(out(), delta.name);
    out().append(call.custom ? R"(,"input":""}}])" : R"(,"arguments":""}}])");
  }
  end_delta();
}

void OpenAiChatWriter::write_arguments(const Delta& delta) {
  if (delta.text.empty() && delta.json.empty()) return;
  std::vector<Call>& calls = choice(delta.choice).calls;
  const auto call =
      std::find_if(calls.rbegin(), calls.rend(), [&](const Call& each) { return each.part == delta.part; });
  if (call == calls.rend()) return;
  if (call->custom) {
    call->arguments.append(delta.json);
    delta.text.append_to(call->arguments);
    return;
  }
  begin_delta(delta.choice);
  const auto index = static_cast<std::size_t>(calls.rend() - call) - 1;
  if (legacy_) {
    out().append(R"("function_call":{"arguments":")");
  } else {
    out().append(R"("tool_calls":[{"index":)").append(std::to_string(index)).append(R"(,"function":{"arguments":")");
  }
  out().append(delta.text.raw);
  append_json_escaped(out(), delta.json);
  out().append(legacy_ ? "\"}" : "\"}}]");
  end_delta();
}

// What custom tools are called with, once it is whole.
void OpenAiChatWriter::write_inputs(std::uint32_t index) {
  std::vector<Call>& calls = choice(index).calls;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (!calls[i].custom || calls[i].arguments.empty()) continue;
    begin_delta(index);
    out().append(R"("tool_calls":[{"index":)").append(std::to_string(i)).append(R"(,"custom":{"input":")");
    out().append(input_of(std::exchange(calls[i].arguments, {}))).append("\"}}]");
    end_delta();
  }
}

void OpenAiChatWriter::write_citation(const Delta& delta) {
  const std::string citation = url_citation(delta.json, choice(delta.choice).cited.span(delta.part));
  if (citation.empty()) return;
  begin_delta(delta.choice);
  out().append(R"("annotations":[)").append(citation).append("]");
  end_delta();
}

void OpenAiChatWriter::write_probabilities(const Delta& delta) {
  begin_delta(delta.choice);
  if (out().back() == ',') out().pop_back();
  out().append(R"(},"logprobs":{"content":)").append(delta.json).append(R"(,"refusal":null},"finish_reason":null})");
  end_chunk();
}

std::string_view OpenAiChatWriter::finish_of(chat::Finish finish, bool calls) const {
  const std::string_view reason = openai_finish(finish, calls);
  return legacy_ && reason == "tool_calls" ? "function_call" : reason;
}

void OpenAiChatWriter::write_finish(std::uint32_t index, chat::Finish finish) {
  if (std::exchange(choice(index).finished, true)) return;
  write_proof(index);
  write_inputs(index);
  begin_delta(index);
  end_delta(finish_of(finish, !choice(index).calls.empty()));
}

void OpenAiChatWriter::write(const Delta& delta) {
  if (delta.kind != DeltaKind::signature) write_proof(delta.choice);
  switch (delta.kind) {
    case DeltaKind::text: write_words(delta, "content"); break;
    case DeltaKind::refusal: write_words(delta, "refusal"); break;
    case DeltaKind::thinking:
    case DeltaKind::signature: write_thought(delta); break;
    case DeltaKind::hidden_thinking: write_hidden_thought(delta); break;
    case DeltaKind::tool_call: write_call(delta); break;
    case DeltaKind::arguments: write_arguments(delta); break;
    case DeltaKind::citation: write_citation(delta); break;
    case DeltaKind::logprobs: write_probabilities(delta); break;
    case DeltaKind::finish: write_finish(delta.choice, delta.finish); break;
    case DeltaKind::start:
    case DeltaKind::usage:
    case DeltaKind::error:
    case DeltaKind::done: break;
  }
}

void OpenAiChatWriter::write_unfinished() {
  choice(0);
  for (std::uint32_t i = 0; i < choices_.size(); ++i) write_finish(i, chat::Finish::none);
}

void OpenAiChatWriter::append_calls(const CollectedChoice& choice) {
  bool first = true;
  for (const CollectedPart& part : choice.parts) {
    if (part.kind != DeltaKind::tool_call) continue;
    const std::string_view arguments = part.arguments.empty() ? "{}" : std::string_view(part.arguments);
    if (legacy_) {
      if (!first) continue;
      first = false;
      out().append(R"(,"function_call":{"name":)");
      append_quoted(out(), part.name);
      out().append(R"(,"arguments":)");
      append_json_string(out(), arguments);
      out().push_back('}');
      continue;
    }
    out().append(std::exchange(first, false) ? R"(,"tool_calls":[{"id":)" : R"(,{"id":)");
    append_quoted(out(), part.id);
    const bool custom = !custom_.empty() && is_custom(JsonString{part.name, true}.resolved());
    out().append(custom ? R"(,"type":"custom","custom":{"name":)" : R"(,"type":"function","function":{"name":)");
    append_quoted(out(), part.name);
    if (custom) {
      out().append(R"(,"input":)");
      append_quoted(out(), input_of(arguments));
    } else {
      out().append(R"(,"arguments":)");
      append_json_string(out(), arguments);
    }
    out().append("}}");
  }
  if (!first && !legacy_) out().push_back(']');
}

void OpenAiChatWriter::append_message(const CollectedChoice& choice) {
  std::string text, refusal, thinking, details, annotations;
  std::size_t count = 0;  // of details
  bool calls = false;
  CitedText cited;
  for (const CollectedPart& part : choice.parts) {
    calls = calls || part.kind == DeltaKind::tool_call;
    if (part.kind == DeltaKind::thinking) thinking.append(part.text);
    if (!part.signature.empty() || part.kind == DeltaKind::hidden_thinking) {
      if (count > 0) details.push_back(',');
      if (part.kind == DeltaKind::hidden_thinking)
        append_hidden_thought(details, count++, part.text);
      else
        append_proved_thought(details, count++, part.text, part.signature);
    }
    if (part.kind == DeltaKind::refusal) refusal.append(part.text);
    if (part.kind != DeltaKind::text) continue;
    text.append(part.text);
    cited.add(part.number, JsonString{part.text, true});
    for (const std::string& each : part.citations) {
      const std::string citation = url_citation(each, cited.span(part.number));
      if (citation.empty()) continue;
      if (!annotations.empty()) annotations.push_back(',');
      annotations.append(citation);
    }
  }
  out().append(R"({"role":"assistant","content":)");
  if (text.empty() && (calls || !refusal.empty())) {
    out().append("null");
  } else {
    append_quoted(out(), text);
  }
  out().append(R"(,"refusal":)");
  if (refusal.empty()) {
    out().append("null");
  } else {
    append_quoted(out(), refusal);
  }
  if (!thinking.empty()) {
    out().append(R"(,"reasoning_content":)");
    append_quoted(out(), thinking);
  }
  if (!details.empty()) out().append(R"(,"reasoning_details":[)").append(details).append("]");
  out().append(R"(,"annotations":[)").append(annotations).append("]");
  append_calls(choice);
  out().push_back('}');
}

void OpenAiChatWriter::append_choice(const CollectedChoice& choice, std::size_t index) {
  out().append(R"({"index":)").append(std::to_string(index)).append(R"(,"message":)");
  append_message(choice);
  std::string probabilities;
  bool calls = false;
  for (const CollectedPart& part : choice.parts) {
    calls = calls || part.kind == DeltaKind::tool_call;
    if (part.logprobs.empty()) continue;
    if (!probabilities.empty()) probabilities.push_back(',');
    probabilities.append(part.logprobs);
  }
  if (probabilities.empty()) {
    out().append(R"(,"logprobs":null)");
  } else {
    out().append(R"(,"logprobs":{"content":[)").append(probabilities).append(R"(],"refusal":null})");
  }
  out().append(R"(,"finish_reason":")").append(finish_of(choice.finish, calls)).append("\"}");
}

}  // namespace

std::unique_ptr<AnswerWriter> make_openai_chat_writer(const ReplyContext& context) {
  return std::make_unique<OpenAiChatWriter>(context);
}

}  // namespace triaged::api
