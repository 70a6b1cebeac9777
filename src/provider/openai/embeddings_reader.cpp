#include "provider/openai/embeddings_reader.hpp"

#include "triaged/chat/conversation.hpp"

#include "provider/openai/openai_delta.hpp"
#include "provider/openai/openai_usage.hpp"

#include <optional>
#include <string>

namespace triaged::provider {
namespace {

using chat::Delta;
using chat::DeltaKind;

Error protocol_error(std::string_view problem) {
  return upstream_error(ErrorKind::protocol,
                        "The provider's answer is not a list of embeddings: " + std::string(problem) + ".");
}

class EmbeddingsReader final : public chat::AnswerReader {
 public:
  // There are no streams of them.
  Result<void> event(std::string_view, std::string_view, chat::DeltaSink&) override {
    return protocol_error("it is a stream");
  }
  Result<void> whole(std::string_view body, chat::DeltaSink& sink) override;
};

void give_error(const ErrorFacts& error, chat::DeltaSink& sink) {
  chat::Conversation own;
  Delta delta;
  delta.kind = DeltaKind::error;
  delta.text = own.keep(error.message);
  delta.id = own.keep(error.code.empty() ? error.type : error.code);
  sink.take(delta);
}

Result<void> EmbeddingsReader::whole(std::string_view body, chat::DeltaSink& sink) {
  JsonReader reader(body, 256);
  if (reader.peek() != JsonType::object) return protocol_error("it is not a JSON object");
  Delta start;
  start.kind = DeltaKind::start;
  bool has_data = false;
  std::optional<ErrorFacts> error;
  JsonString key;
  reader.enter_object();
  while (reader.next_member(key)) {
    if (key.equals("data")) {
      has_data = reader.peek() == JsonType::array;
      reader.skip();
    } else if (key.equals("model")) {
      start.name = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("usage")) {
      start.usage = read_usage(reader);
    } else if (key.equals("error") && reader.peek() != JsonType::null) {
      read_error(reader, error.emplace());
    } else {
      reader.skip();
    }
  }
  if (!reader.at_end()) return protocol_error(reader.problem());
  if (error) {
    give_error(*error, sink);
    return {};
  }
  if (!has_data) return protocol_error("it has no data");
  sink.take(start);
  Delta finish;
  finish.kind = DeltaKind::finish;
  finish.finish = chat::Finish::stop;
  sink.take(finish);
  return {};
}

}  // namespace

std::unique_ptr<chat::AnswerReader> make_embeddings_reader() { return std::make_unique<EmbeddingsReader>(); }

}  // namespace triaged::provider
