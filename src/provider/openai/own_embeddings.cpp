#include "triaged/provider/own_embeddings.hpp"

#include "triaged/base/json.hpp"
#include "triaged/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

namespace triaged::provider {
namespace {

Error invalid(std::string problem) {
  return upstream_error(ErrorKind::protocol, "The provider's embeddings are of no use: " + std::move(problem) + ".");
}

// One element of `data`.
struct Item {
  std::optional<std::int64_t> index;
  std::vector<float> vector;
  const char* problem = nullptr;
};

void read_vector(JsonReader& reader, Item& item) {
  if (!reader.enter_array_or_skip()) {
    item.problem = "one is no list of numbers";
    return;
  }
  while (reader.next_element()) {
    if (reader.peek() != JsonType::number) {
      item.problem = "one holds what is no number";
      reader.skip();
      continue;
    }
    const std::string_view text = reader.take_number();
    float value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) item.problem = "one holds a number out of range";
    item.vector.push_back(value);
  }
}

Item read_item(JsonReader& reader) {
  Item item;
  if (!reader.enter_object_or_skip()) {
    item.problem = "an element is no object";
    return item;
  }
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("embedding")) {
      read_vector(reader, item);
    } else if (key.equals("index") && reader.peek() == JsonType::number) {
      item.index = json_integer(reader.take_number());
    } else {
      reader.skip();
    }
  }
  return item;
}

// In the order that the indices say; where there are none, as they came.
Result<void> place(Item item, std::size_t came_as, std::vector<std::vector<float>>& vectors) {
  if (item.problem != nullptr) return invalid(item.problem);
  const std::size_t at = item.index ? static_cast<std::size_t>(*item.index) : came_as;
  if (at >= vectors.size()) return invalid("there are more than texts");
  if (item.vector.empty()) return invalid("one is empty");
  if (!vectors[at].empty()) return invalid("two are of the same text");
  vectors[at] = std::move(item.vector);
  return {};
}

}  // namespace

OwnRequest write_own_embeddings(std::span<const std::string> texts, std::int64_t dimensions) {
  OwnRequest own;
  own.request.dialect = chat::Dialect::openai_embeddings;
  own.body = R"({"input":[)";
  for (const std::string& text : texts) {
    if (own.body.back() != '[') own.body += ',';
    append_json_string(own.body, text);
  }
  own.body += ']';
  if (dimensions > 0) own.body.append(R"(,"dimensions":)").append(std::to_string(dimensions));
  own.body += '}';
  own.request.object_begin = 1;
  own.request.body_bytes = own.body.size();
  return own;
}

Result<std::vector<std::vector<float>>> read_own_embeddings(std::string_view body, std::size_t texts) {
  std::vector<std::vector<float>> vectors(texts);
  JsonReader reader(body);
  if (!reader.enter_object_or_skip()) return invalid("they are no JSON object");
  JsonString key;
  while (reader.next_member(key)) {
    if (!key.equals("data") || reader.peek() != JsonType::array) {
      reader.skip();
      continue;
    }
    reader.enter_array();
    for (std::size_t i = 0; reader.next_element(); ++i) {
      if (Result<void> placed = place(read_item(reader), i, vectors); !placed) return placed.error();
    }
  }
  if (!reader.at_end()) return invalid("they are no JSON object");
  if (std::any_of(vectors.begin(), vectors.end(), [](const auto& vector) { return vector.empty(); })) {
    return invalid("there are fewer than texts");
  }
  return vectors;
}

}  // namespace triaged::provider
