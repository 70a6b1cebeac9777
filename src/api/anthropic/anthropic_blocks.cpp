#include "api/anthropic/anthropic_blocks.hpp"

#include <utility>

namespace triaged::api {
namespace {

using chat::Part;
using chat::PartKind;

// All members that blocks of the kinds known here have; which of them count is decided by the type, which may stand
// last.
struct Block {
  JsonString type;
  std::optional<JsonString> text, thinking, signature, data, id, name, tool_use_id;
  chat::JsonText input;
  chat::Media media;
  std::vector<Part> content;
  bool failed = false;
  bool has_source = false;
  chat::CacheLife cache = chat::CacheLife::none;
};

// NOLINTBEGIN(misc-no-recursion): the reader bounds the depth

// {"type":"base64"|"url"|"text"|"file"|"content", ...}
void read_source(BodyReader& reader, const Path& path, chat::Media& media) {
  if (!reader.enter_object(path)) return;
  JsonString key, type, data;
  std::vector<Part> content;
  while (reader.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("type")) {
      type = reader.string(member).value_or(JsonString());
    } else if (key.equals("media_type")) {
      media.media_type = reader.string(member).value_or(JsonString());
    } else if (key.equals("data")) {
      data = reader.string(member).value_or(JsonString());
    } else if (key.equals("url")) {
      media.url = reader.string(member).value_or(JsonString());
    } else if (key.equals("file_id")) {
      media.file_id = reader.string(member).value_or(JsonString());
    } else if (key.equals("content")) {
      read_anthropic_content(reader, member, content);
    } else {
      reader.lose(member);
    }
  }
  if (type.equals("text")) {
    media.text = data;
  } else if (type.equals("content")) {
    media.text = reader.out.keep(chat::text_of(content));
    for (const Part& part : content) {
      if (part.kind != PartKind::text)
        reader.out.lost.push_back(path.member("content").element(part.place.part).text());
    }
  } else {
    media.data = data;
  }
}

bool read_citations_wanted(BodyReader& reader, const Path& path) {
  if (!reader.enter_object(path)) return false;
  bool wanted = false;
  JsonString key;
  while (reader.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("enabled")) {
      wanted = reader.flag(member).value_or(false);
    } else {
      reader.lose(member);
    }
  }
  return wanted;
}

// `citations` of a document says whether they are wanted; of a text it lists those of an earlier answer, which mean
// something to that answer only.
void read_citations(BodyReader& reader, const Path& path, Block& block) {
  if (reader.json.peek() == JsonType::array) {
    reader.json.skip();
  } else {
    block.media.citations = read_citations_wanted(reader, path);
  }
}

// True if the member was one that blocks have.
bool read_member(BodyReader& reader, const JsonString& key, const Path& path, Block& block) {
  if (key.equals("type")) {
    block.type = reader.string(path).value_or(JsonString());
  } else if (key.equals("text")) {
    block.text = reader.string(path);
  } else if (key.equals("thinking")) {
    block.thinking = reader.string(path);
  } else if (key.equals("signature")) {
    block.signature = reader.string(path);
  } else if (key.equals("data")) {
    block.data = reader.string(path);
  } else if (key.equals("id")) {
    block.id = reader.string(path);
  } else if (key.equals("name")) {
    block.name = reader.string(path);
  } else if (key.equals("tool_use_id")) {
    block.tool_use_id = reader.string(path);
  } else if (key.equals("input")) {
    block.input = reader.object(path);
  } else if (key.equals("content")) {
    read_anthropic_content(reader, path, block.content);
  } else if (key.equals("is_error")) {
    block.failed = reader.flag(path).value_or(false);
  } else if (key.equals("source")) {
    block.has_source = true;
    read_source(reader, path, block.media);
  } else if (key.equals("title")) {
    block.media.title = reader.string(path).value_or(JsonString());
  } else if (key.equals("context")) {
    block.media.context = reader.string(path).value_or(JsonString());
  } else if (key.equals("citations")) {
    read_citations(reader, path, block);
  } else if (key.equals("cache_control")) {
    block.cache = read_cache_control(reader, path);
  } else {
    return false;
  }
  return true;
}

JsonString required(BodyReader& reader, const std::optional<JsonString>& value, const Path& path,
                    std::string_view name) {
  if (!value) reader.missing(path.member(name));
  return value.value_or(JsonString());
}

Part part_of(BodyReader& reader, Block&& block, const Path& path) {
  Part part;
  part.cache = block.cache;
  const auto need = [&](const std::optional<JsonString>& value, std::string_view name) {
    return required(reader, value, path, name);
  };
  if (block.type.equals("text")) {
    part.text = need(block.text, "text");
  } else if (block.type.equals("thinking")) {
    part.kind = PartKind::thinking;
    part.text = need(block.thinking, "thinking");
    part.signature = block.signature.value_or(JsonString());
  } else if (block.type.equals("redacted_thinking")) {
    part.kind = PartKind::hidden_thinking;
    part.signature = need(block.data, "data");
  } else if (block.type.equals("tool_use")) {
    part.kind = PartKind::tool_call;
    part.id = need(block.id, "id");
    part.name = need(block.name, "name");
    part.arguments = block.input.empty() ? chat::JsonText("{}") : block.input;
  } else if (block.type.equals("tool_result")) {
    part.kind = PartKind::tool_result;
    part.id = need(block.tool_use_id, "tool_use_id");
    part.content = std::move(block.content);
    part.failed = block.failed;
  } else {
    part.kind = block.type.equals("image") ? PartKind::image : PartKind::document;
    if (!block.has_source) reader.missing(path.member("source"));
    part.media = block.media;
  }
  return part;
}

bool is_known(std::string_view block) {
  JsonReader reader(block, 256);
  JsonString key;
  reader.enter_object();
  while (reader.next_member(key)) {
    if (!key.equals("type")) {
      reader.skip();
      continue;
    }
    const JsonString type = reader.string_or_skip().value_or(JsonString());
    for (const std::string_view known :
         {"text", "image", "document", "thinking", "redacted_thinking", "tool_use", "tool_result"}) {
      if (type.equals(known)) return true;
    }
    return false;
  }
  return true;  // it is told that it has no type
}

void read_block(BodyReader& reader, const Path& path, std::vector<Part>& parts) {
  JsonReader ahead = reader.json;
  if (ahead.peek() == JsonType::object) {
    const std::string_view raw = ahead.skip();
    // What the provider's own tools did, and what is still to come.
    if (ahead.ok() && !is_known(raw)) {
      reader.json.skip();
      Part& part = parts.emplace_back();
      part.kind = PartKind::foreign;
      part.raw = raw;
      part.place.part = path.number();
      return;
    }
  }
  if (!reader.enter_object(path)) return;
  Block block;
  JsonString key;
  while (reader.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (!read_member(reader, key, member, block)) reader.lose(member);
  }
  if (block.type.empty()) {
    reader.missing(path.member("type"));
    return;
  }
  parts.push_back(part_of(reader, std::move(block), path));
  parts.back().place.part = path.number();
}

// NOLINTEND(misc-no-recursion)

}  // namespace

chat::CacheLife read_cache_control(BodyReader& reader, const Path& path) {
  if (!reader.enter_object(path)) return chat::CacheLife::none;
  chat::CacheLife life = chat::CacheLife::five_minutes;
  JsonString key;
  while (reader.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("type")) {
      reader.string(member);
    } else if (key.equals("ttl")) {
      const auto ttl = reader.string(member);
      if (ttl && ttl->equals("1h")) life = chat::CacheLife::one_hour;
    } else {
      reader.lose(member);
    }
  }
  return life;
}

// NOLINTNEXTLINE(misc-no-recursion): the reader bounds the depth
void read_anthropic_content(BodyReader& reader, const Path& path, std::vector<Part>& parts) {
  if (reader.json.peek() == JsonType::string) {
    parts.emplace_back().text = reader.json.take_string();
    return;
  }
  if (!reader.enter_array(path)) return;
  for (std::size_t i = 0; reader.json.next_element(); ++i) read_block(reader, path.element(i), parts);
}

}  // namespace triaged::api
