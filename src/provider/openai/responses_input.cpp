#include "provider/openai/responses_input.hpp"

#include "triaged/base/json.hpp"
#include "triaged/chat/carried_thoughts.hpp"

namespace triaged::provider {
namespace {

constexpr std::string_view prefix = "rs_";

// Our answers number their items behind a second underscore (rs_ID_0); the ids of OpenAI have none.
bool of_ours(const JsonString& id) {
  return id.raw.starts_with(prefix) && id.raw.find('_', prefix.size()) != std::string_view::npos;
}

struct Element {
  chat::ByteRange range;
  bool cut = false;
};

bool to_be_cut(JsonReader& reader) {
  if (!reader.enter_object_or_skip()) return false;
  bool thoughts = false;
  bool others = false;
  JsonString key;
  while (reader.next_member(key)) {
    const auto string = reader.string_or_skip();
    if (!string) continue;
    if (key.equals("type")) thoughts = string->equals("reasoning");
    if (key.equals("id") && of_ours(*string)) others = true;
    // Some clients leave out the id.
    if (key.equals("encrypted_content") && string->raw.starts_with(chat::carried_mark)) others = true;
  }
  return thoughts && others;
}

std::vector<chat::ByteRange> cuts_of(const std::vector<Element>& elements) {
  std::vector<chat::ByteRange> cuts;
  std::size_t kept = 0;  // elements up to and including the last one that stays
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (!elements[i].cut) kept = i + 1;
  }
  for (std::size_t i = 0; i < kept; ++i) {
    if (elements[i].cut) cuts.push_back({elements[i].range.begin, elements[i + 1].range.begin});
  }
  if (kept == elements.size()) return cuts;
  const std::size_t begin = kept == 0 ? elements.front().range.begin : elements[kept - 1].range.end;
  cuts.push_back({begin, elements.back().range.end});
  return cuts;
}

}  // namespace

std::vector<chat::ByteRange> thoughts_of_others(std::string_view body) {
  // Most bodies have none: a search is cheaper than to read them.
  const auto has = [body](std::string_view text) { return body.find(text) != std::string_view::npos; };
  if (!has("\"rs_") && !has(chat::carried_mark)) return {};
  JsonReader reader(body);
  if (reader.peek() != JsonType::object) return {};
  std::vector<chat::ByteRange> cuts;
  JsonString key;
  reader.enter_object();
  while (reader.next_member(key)) {
    if (!key.equals("input") || reader.peek() != JsonType::array) {
      reader.skip();
      continue;
    }
    std::vector<Element> elements;
    reader.enter_array();
    while (reader.next_element()) {
      Element& element = elements.emplace_back();
      element.range.begin = reader.value_position();
      element.cut = to_be_cut(reader);
      element.range.end = reader.position();
    }
    if (elements.empty()) continue;
    const std::vector<chat::ByteRange> found = cuts_of(elements);
    cuts.insert(cuts.end(), found.begin(), found.end());
  }
  return reader.ok() ? cuts : std::vector<chat::ByteRange>();
}

}  // namespace triaged::provider
