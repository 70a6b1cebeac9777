#include "triaged/base/text.hpp"

#include "api/openai/completions.hpp"
#include "api/openai/openai_reply.hpp"

#include <utility>

namespace triaged::api {
namespace {

using chat::DeltaKind;

// Probabilities in this dialect's form: columns instead of rows.
class Columns {
 public:
  // `elements`: an array in the form of chat completions.
  void add(std::string_view elements, std::uint64_t& offset) {
    JsonReader reader(elements, 256);
    if (!reader.enter_array_or_skip()) return;
    while (reader.next_element()) add_token(reader, offset);
  }

  void append_to(std::string& out) const {
    if (tokens_.empty()) {
      out.append("null");
      return;
    }
    out.append(R"({"tokens":[)").append(tokens_).append(R"(],"token_logprobs":[)").append(probabilities_);
    out.append(R"(],"top_logprobs":[)").append(alternatives_).append(R"(],"text_offset":[)").append(offsets_);
    out.append("]}");
  }

 private:
  struct Token {
    JsonString text;
    std::string_view probability = "null";
    std::string alternatives;
  };

  static Token read_token(JsonReader& reader) {
    Token token;
    if (!reader.enter_object_or_skip()) return token;
    JsonString key;
    while (reader.next_member(key)) {
      if (key.equals("token")) {
        token.text = reader.string_or_skip().value_or(JsonString());
      } else if (key.equals("logprob") && reader.peek() == JsonType::number) {
        token.probability = reader.take_number();
      } else if (key.equals("top_logprobs") && reader.peek() == JsonType::array) {
        reader.enter_array();
        while (reader.next_element()) {
          // NOLINTNEXTLINE(misc-no-recursion): the reader bounds the depth
          const Token other = read_token(reader);
          if (!token.alternatives.empty()) token.alternatives.push_back(',');
          chat::append_string(token.alternatives, other.text);
          token.alternatives.append(":").append(other.probability);
        }
      } else {
        reader.skip();
      }
    }
    return token;
  }

  void add_token(JsonReader& reader, std::uint64_t& offset) {
    const Token token = read_token(reader);
    if (!tokens_.empty()) {
      for (std::string* column : {&tokens_, &probabilities_, &alternatives_, &offsets_}) column->push_back(',');
    }
    chat::append_string(tokens_, token.text);
    probabilities_.append(token.probability);
    alternatives_.append("{").append(token.alternatives).append("}");
    offsets_.append(std::to_string(offset));
    offset += token.text.characters();
  }

  std::string tokens_, probabilities_, alternatives_, offsets_;
};

class CompletionsWriter final : public OpenAiReply {
 public:
  explicit CompletionsWriter(const ReplyContext& context)
      : OpenAiReply(context, {"cmpl-", "text_completion", "text_completion"}) {}

 private:
  struct Choice {
    bool finished = false;
    std::uint64_t offset = 0;
  };

  void write(const chat::Delta& delta) override;
  void write_unfinished() override;
  void append_choice(const CollectedChoice& choice, std::size_t index) override;

  Choice& choice(std::uint32_t index);
  void begin_choice(std::size_t index, std::string_view text);
  void write_finish(std::uint32_t index, chat::Finish finish);

  std::vector<Choice> choices_;
};

CompletionsWriter::Choice& CompletionsWriter::choice(std::uint32_t index) {
  if (choices_.size() <= index) choices_.resize(index + std::size_t{1});
  return choices_[index];
}

void CompletionsWriter::begin_choice(std::size_t index, std::string_view text) {
  out().append(R"({"index":)").append(std::to_string(index)).append(R"(,"text":)");
  append_quoted(out(), text);
  out().append(R"(,"logprobs":)");
}

// There are no tool calls and no thoughts in this dialect, and nobody can ask for them in it.
void CompletionsWriter::write(const chat::Delta& delta) {
  if (delta.kind == DeltaKind::text || delta.kind == DeltaKind::refusal) {
    if (delta.text.empty()) return;
    begin_chunk();
    begin_choice(delta.choice, delta.text.raw);
    out().append(R"(null,"finish_reason":null})");
    end_chunk();
  } else if (delta.kind == DeltaKind::logprobs) {
    Columns columns;
    columns.add(delta.json, choice(delta.choice).offset);
    begin_chunk();
    begin_choice(delta.choice, {});
    columns.append_to(out());
    out().append(R"(,"finish_reason":null})");
    end_chunk();
  } else if (delta.kind == DeltaKind::finish) {
    write_finish(delta.choice, delta.finish);
  }
}

void CompletionsWriter::write_finish(std::uint32_t index, chat::Finish finish) {
  if (finish == chat::Finish::tool_calls) finish = chat::Finish::stop;
  if (std::exchange(choice(index).finished, true)) return;
  begin_chunk();
  begin_choice(index, {});
  out().append(R"(null,"finish_reason":")").append(openai_finish(finish, false)).append("\"}");
  end_chunk();
}

void CompletionsWriter::write_unfinished() {
  choice(0);
  for (std::uint32_t i = 0; i < choices_.size(); ++i) write_finish(i, chat::Finish::none);
}

void CompletionsWriter::append_choice(const CollectedChoice& choice, std::size_t index) {
  std::string text, rows;
  for (const CollectedPart& part : choice.parts) {
    if (part.kind == DeltaKind::text || part.kind == DeltaKind::refusal) text.append(part.text);
    if (part.logprobs.empty()) continue;
    rows.append(rows.empty() ? "" : ",").append(part.logprobs);
  }
  Columns columns;
  std::uint64_t offset = 0;
  columns.add("[" + rows + "]", offset);
  begin_choice(index, text);
  columns.append_to(out());
  const chat::Finish finish = choice.finish == chat::Finish::tool_calls ? chat::Finish::stop : choice.finish;
  out().append(R"(,"finish_reason":")").append(openai_finish(finish, false)).append("\"}");
}

}  // namespace

std::unique_ptr<AnswerWriter> make_completions_writer(const ReplyContext& context) {
  return std::make_unique<CompletionsWriter>(context);
}

}  // namespace triaged::api
