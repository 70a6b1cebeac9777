#include "api/openai/embeddings.hpp"

#include "api/body_reader.hpp"

#include <utility>

namespace triaged::api {
namespace {

void add_text(const JsonString& text, chat::Turn& turn) {
  chat::Part part;
  part.text = text;
  turn.parts.push_back(std::move(part));
}

// A text, several, or tokens (which count, though nobody can read them).
void read_input(BodyReader& reader, const Path& path) {
  chat::Turn& turn = reader.out.turns.emplace_back();
  const JsonType type = reader.json.peek();
  if (type == JsonType::string) {
    add_text(reader.json.take_string(), turn);
    return;
  }
  if (!reader.enter_array(path)) return;
  while (reader.json.next_element()) {
    if (reader.json.peek() == JsonType::string)
      add_text(reader.json.take_string(), turn);
    else
      reader.json.skip();
  }
}

}  // namespace

Result<chat::Conversation> read_embeddings(std::string_view body) {
  BodyReader reader(body, chat::Dialect::openai_embeddings);
  const Path root;
  if (!reader.enter_object(root)) return reader.finish();
  JsonString key;
  while (reader.json.next_member(key)) {
    const Path path{nullptr, key.raw};
    if (key.equals("model")) {
      reader.out.model = reader.string(path).value_or(JsonString());
    } else if (key.equals("input")) {
      read_input(reader, path);
    } else if (key.equals("user")) {
      reader.out.user = reader.string(path).value_or(JsonString());
    } else {
      reader.keep(key);
    }
  }
  if (reader.out.turns.empty()) reader.missing({nullptr, "input"});
  if (reader.out.model.empty()) reader.missing({nullptr, "model"});
  return reader.finish();
}

}  // namespace triaged::api
