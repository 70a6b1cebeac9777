#include "provider/gemini/gemini_extras.hpp"

#include "provider/json_out.hpp"

#include <algorithm>
#include <optional>

namespace triaged::provider {
namespace {

struct Token {
  JsonString text;
  std::string_view probability = "0";  // of a token that is certain the figure is left out
};

Token read_token(JsonReader& reader) {
  Token token;
  if (!reader.enter_object_or_skip()) return token;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("token")) {
      token.text = reader.string_or_skip().value_or(JsonString());
    } else if (key.equals("logProbability") && reader.peek() == JsonType::number) {
      token.probability = reader.take_number();
    } else {
      reader.skip();
    }
  }
  return token;
}

std::vector<Token> read_tokens(JsonReader& reader) {
  std::vector<Token> tokens;
  if (!reader.enter_array_or_skip()) return tokens;
  while (reader.next_element()) tokens.push_back(read_token(reader));
  return tokens;
}

std::vector<std::vector<Token>> read_top(JsonReader& reader) {
  std::vector<std::vector<Token>> all;
  if (!reader.enter_array_or_skip()) return all;
  while (reader.next_element()) {
    auto& tokens = all.emplace_back();
    if (!reader.enter_object_or_skip()) continue;
    JsonString key;
    while (reader.next_member(key)) {
      if (key.equals("candidates")) {
        tokens = read_tokens(reader);
      } else {
        reader.skip();
      }
    }
  }
  return all;
}

void write_token(const Token& token, JsonObject& object) {
  object.string("token", token.text);
  object.json("logprob", token.probability);
  object.json("bytes", "null");
}

struct Passage {
  std::optional<std::int64_t> begin, end;
  JsonString url, title;
};

std::string annotation(const Passage& passage, const TextSoFar& text) {
  const auto whole = static_cast<std::int64_t>(text.characters);
  const bool placed = text.single_bytes && passage.end && *passage.end <= whole;
  const std::int64_t end = placed ? std::max<std::int64_t>(*passage.end, 0) : whole;
  std::string out;
  {
    JsonObject object(out);
    object.plain("type", "url_citation");
    JsonObject citation(object.member("url_citation"));
    citation.number("start_index", placed ? std::clamp<std::int64_t>(passage.begin.value_or(0), 0, end) : 0);
    citation.number("end_index", end);
    citation.string("url", passage.url);
    citation.string("title", passage.title);
  }
  return out;
}

std::optional<std::int64_t> read_index(JsonReader& reader) {
  if (reader.peek() == JsonType::number) return json_integer(reader.take_number());
  reader.skip();
  return {};
}

// A chunk: {"web":{"uri":...,"title":...}}, or another kind of source with the same members.
Passage read_source(JsonReader& reader) {
  Passage source;
  if (!reader.enter_object_or_skip()) return source;
  JsonString kind;
  while (reader.next_member(kind)) {
    if (!reader.enter_object_or_skip()) continue;
    JsonString key;
    while (reader.next_member(key)) {
      const auto string = reader.string_or_skip();
      if (!string) continue;
      if (key.equals("uri")) source.url = *string;
      if (key.equals("title")) source.title = *string;
    }
  }
  return source;
}

struct Support {
  Passage passage;
  std::vector<std::size_t> sources;
};

void read_segment(JsonReader& reader, Passage& passage) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("startIndex")) {
      passage.begin = read_index(reader);
    } else if (key.equals("endIndex")) {
      passage.end = read_index(reader);
    } else {
      reader.skip();
    }
  }
}

Support read_support(JsonReader& reader) {
  Support support;
  if (!reader.enter_object_or_skip()) return support;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("segment")) {
      read_segment(reader, support.passage);
    } else if (key.equals("groundingChunkIndices") && reader.enter_array_or_skip()) {
      while (reader.next_element()) {
        const auto index = read_index(reader);
        if (index && *index >= 0) support.sources.push_back(static_cast<std::size_t>(*index));
      }
    } else if (!key.equals("groundingChunkIndices")) {
      reader.skip();
    }
  }
  return support;
}

}  // namespace

void TextSoFar::add(const JsonString& text) {
  const std::size_t count = text.characters();
  characters += count;
  if (!text.escaped) {
    single_bytes = single_bytes && count == text.raw.size();
    return;
  }
  const bool ascii =
      std::all_of(text.raw.begin(), text.raw.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  single_bytes = single_bytes && ascii && text.raw.find("\\u") == std::string_view::npos;
}

std::string gemini_logprobs(std::string_view json) {
  std::vector<Token> chosen;
  std::vector<std::vector<Token>> top;
  JsonReader reader(json, 256);
  if (!reader.enter_object_or_skip()) return {};
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("chosenCandidates")) {
      chosen = read_tokens(reader);
    } else if (key.equals("topCandidates")) {
      top = read_top(reader);
    } else {
      reader.skip();
    }
  }
  if (chosen.empty()) return {};
  std::string out;
  {
    JsonArray list(out);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      JsonObject object(list.element());
      write_token(chosen[i], object);
      JsonArray others(object.member("top_logprobs"));
      if (i >= top.size()) continue;
      for (const Token& token : top[i]) {
        JsonObject other(others.element());
        write_token(token, other);
      }
    }
  }
  return out;
}

std::vector<std::string> gemini_grounding(std::string_view json, const TextSoFar& text) {
  std::vector<Passage> sources;
  std::vector<Support> supports;
  JsonReader reader(json, 256);
  if (!reader.enter_object_or_skip()) return {};
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("groundingChunks") && reader.peek() == JsonType::array) {
      reader.enter_array();
      while (reader.next_element()) sources.push_back(read_source(reader));
    } else if (key.equals("groundingSupports") && reader.peek() == JsonType::array) {
      reader.enter_array();
      while (reader.next_element()) supports.push_back(read_support(reader));
    } else {
      reader.skip();
    }
  }
  std::vector<std::string> found;
  for (const Support& support : supports) {
    for (const std::size_t index : support.sources) {
      if (index >= sources.size() || sources[index].url.empty()) continue;
      Passage passage = sources[index];
      passage.begin = support.passage.begin;
      passage.end = support.passage.end;
      found.push_back(annotation(passage, text));
    }
  }
  if (!found.empty()) return found;
  for (const Passage& source : sources) {
    if (!source.url.empty()) found.push_back(annotation(source, text));
  }
  return found;
}

std::vector<std::string> gemini_citations(std::string_view json, const TextSoFar& text) {
  std::vector<std::string> found;
  JsonReader reader(json, 256);
  if (!reader.enter_object_or_skip()) return found;
  JsonString key;
  while (reader.next_member(key)) {
    // Vertex says citations, the Gemini API citationSources.
    const bool list = key.equals("citations") || key.equals("citationSources");
    if (!list || reader.peek() != JsonType::array) {
      reader.skip();
      continue;
    }
    reader.enter_array();
    while (reader.next_element()) {
      Passage passage;
      if (!reader.enter_object_or_skip()) continue;
      JsonString member;
      while (reader.next_member(member)) {
        if (member.equals("startIndex")) {
          passage.begin = read_index(reader);
        } else if (member.equals("endIndex")) {
          passage.end = read_index(reader);
        } else if (member.equals("uri")) {
          passage.url = reader.string_or_skip().value_or(JsonString());
        } else if (member.equals("title")) {
          passage.title = reader.string_or_skip().value_or(JsonString());
        } else {
          reader.skip();
        }
      }
      if (!passage.url.empty()) found.push_back(annotation(passage, text));
    }
  }
  return found;
}

}  // namespace triaged::provider
