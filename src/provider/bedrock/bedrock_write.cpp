// A Conversation in Amazon's dialect: what is said, and the tools. How it shall be answered is in bedrock_options.cpp.
#include "triaged/base/text.hpp"

#include "provider/alternating.hpp"
#include "provider/bedrock/bedrock.hpp"
#include "provider/bedrock/bedrock_options.hpp"
#include "provider/json_out.hpp"
#include "provider/media_types.hpp"
#include "provider/signatures.hpp"
#include "provider/unsaid.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace triaged::provider {
namespace {

using chat::CacheLife;
using chat::Part;
using chat::PartKind;

struct Format {
  std::string_view subtype;  // of a media type
  std::string_view name;     // Amazon's
};
constexpr std::array<Format, 5> image_formats{
    {{"png", "png"}, {"jpeg", "jpeg"}, {"jpg", "jpeg"}, {"gif", "gif"}, {"webp", "webp"}}};
constexpr std::array<Format, 10> document_formats{
    {{"pdf", "pdf"},
     {"csv", "csv"},
     {"html", "html"},
     {"plain", "txt"},
     {"markdown", "md"},
     {"msword", "doc"},
     {"vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
     {"vnd.ms-excel", "xls"},
     {"vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
     {"json", "txt"}}};
constexpr std::array<Format, 9> audio_formats{{{"wav", "wav"},
                                               {"x-wav", "wav"},
                                               {"mp3", "mp3"},
                                               {"mpeg", "mp3"},
                                               {"ogg", "ogg"},
                                               {"flac", "flac"},
                                               {"aac", "aac"},
                                               {"opus", "opus"},
                                               {"mp4", "mp4"}}};

template <std::size_t size>
std::string_view format_of(const JsonString& media_type, const std::array<Format, size>& formats) {
  const std::string_view subtype = subtype_of(media_type.raw);
  for (const Format& format : formats) {
    if (iequals(subtype, format.subtype)) return format.name;
  }
  return {};
}

// Amazon's names of documents: letters, digits, single spaces and few signs; no two alike in one request.
std::string document_name(const JsonString& title, std::size_t number) {
  constexpr std::size_t longest = 180;
  constexpr std::string_view signs = "-()[]";
  std::string name;
  const std::string text = title.resolved();
  for (const char c : text.substr(0, longest)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || signs.find(c) != std::string_view::npos) {
      name.push_back(c);
    } else if (!name.empty() && name.back() != ' ') {
      name.push_back(' ');
    }
  }
  if (!name.empty() && name.back() != ' ') name.push_back(' ');
  return name + "(document " + std::to_string(number) + ")";
}

// An id that Amazon takes. What is not one becomes one, the same each time.
std::string call_id(const JsonString& id) {
  constexpr std::size_t longest = 64;
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  if (!id.empty() && id.raw.size() <= longest && std::all_of(id.raw.begin(), id.raw.end(), plain)) {
    return std::string(id.raw);
  }
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (const char c : id.raw) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return "call_" + std::to_string(hash);
}

// Nothing within a result can be marked: a mark there becomes one behind it.
CacheLife cache_life(const Part& part) {
  CacheLife life = part.cache;
  for (const Part& inner : part.content) life = std::max(life, inner.cache);
  return life;
}

class BedrockWriting {
 public:
  BedrockWriting(const chat::Conversation& conversation, const config::Target& target)
      : conversation_(conversation), model_(bedrock_model(target.model)), unsaid_(conversation) {}
  BedrockRequest write();

 private:
  void write_system(const Alternating& sides, JsonObject& body);
  void write_side(const Side& side, JsonArray& messages);
  void write_piece(const Piece& piece, bool model, JsonArray& content);
  void write_call(const Part& call, JsonArray& content);
  void write_result(const Piece& piece, JsonArray& content);
  void write_thinking(const Part& part, JsonArray& content);
  void write_image(const Piece& piece, const Part& part, JsonArray& content);
  void write_document(const Piece& piece, const Part& part, JsonArray& content);
  void write_audio(const Piece& piece, const Part& part, JsonArray& content);
  void write_cache_point(CacheLife life, JsonArray& content) const;
  void note_cache_mark(const Piece& piece, const Part& part);
  void write_tools(const Alternating& sides, JsonObject& body);
  void write_named_tools(const Alternating& sides, JsonArray& tools) const;
  void write_tool_choice(JsonObject& config);

  const chat::Conversation& conversation_;
  BedrockModel model_;
  Unsaid unsaid_;
  std::size_t documents_ = 0;
};

void write_text(JsonArray& content, const JsonString& text) { JsonObject(content.element()).string("text", text); }

// A member of the mark itself: nothing else may stand beside it.
void BedrockWriting::write_cache_point(CacheLife life, JsonArray& content) const {
  if (life == CacheLife::none || !model_.caches()) return;
  JsonObject object(content.element());
  JsonObject point(object.member("cachePoint"));
  point.plain("type", "default");
  if (life == CacheLife::one_hour && model_.is_claude()) point.plain("ttl", "1h");
}

void write_source(const Part& part, JsonObject& object) {
  JsonObject source(object.member("source"));
  if (!part.media.data.empty()) {
    source.string("bytes", part.media.data);
  } else {
    JsonObject(source.member("s3Location")).string("uri", part.media.url);
  }
}

// Amazon fetches nothing but from its own store.
bool has_bytes(const chat::Media& media) { return !media.data.empty() || media.url.raw.starts_with("s3://"); }

JsonString type_of(const chat::Media& media) {
  if (!media.media_type.empty()) return media.media_type;
  return {media_type_of(media.url.raw, ""), false};
}

void BedrockWriting::write_image(const Piece& piece, const Part& part, JsonArray& content) {
  const std::string_view format = format_of(type_of(part.media), image_formats);
  if (format.empty() || !has_bytes(part.media)) {
    unsaid_.add_inner(piece.turn, piece.index, part);
    return;
  }
  const JsonString& detail = part.media.detail;
  if (!detail.empty() && !detail.equals("auto")) unsaid_.add_detail(piece.turn, piece.index, part);
  JsonObject object(content.element());
  JsonObject image(object.member("image"));
  image.plain("format", format);
  write_source(part, image);
}

void BedrockWriting::write_audio(const Piece& piece, const Part& part, JsonArray& content) {
  const std::string_view format = format_of(type_of(part.media), audio_formats);
  if (format.empty() || !has_bytes(part.media)) {
    unsaid_.add_inner(piece.turn, piece.index, part);
    return;
  }
  JsonObject object(content.element());
  JsonObject audio(object.member("audio"));
  audio.plain("format", format);
  write_source(part, audio);
}

void BedrockWriting::write_document(const Piece& piece, const Part& part, JsonArray& content) {
  const chat::Media& media = part.media;
  const bool text = !media.text.empty();
  const std::string_view format = text ? "txt" : format_of(type_of(media), document_formats);
  if (format.empty() || (!text && !has_bytes(media))) {
    unsaid_.add_inner(piece.turn, piece.index, part);
    return;
  }
  JsonObject object(content.element());
  JsonObject document(object.member("document"));
  document.plain("format", format);
  document.plain("name", document_name(media.title, ++documents_));
  if (text) {
    JsonObject(document.member("source")).string("text", media.text);
  } else {
    write_source(part, document);
  }
  document.string_if("context", media.context);
  if (media.citations) JsonObject(document.member("citations")).json("enabled", "true");
}

void BedrockWriting::write_call(const Part& call, JsonArray& content) {
  JsonObject object(content.element());
  JsonObject use(object.member("toolUse"));
  use.plain("toolUseId", call_id(call.id));
  use.string("name", call.name);
  use.json("input", call.arguments.empty() ? "{}" : call.arguments);
}

void BedrockWriting::write_result(const Piece& piece, JsonArray& content) {
  const Part& result = *piece.part;
  for (const Part& part : result.content) note_cache_mark(piece, part);
  JsonObject object(content.element());
  JsonObject tool(object.member("toolResult"));
  tool.plain("toolUseId", call_id(piece.call->id));
  {
    JsonArray inner(tool.member("content"));
    for (const Part& part : result.content) {
      const Piece within{&part, nullptr, piece.turn, piece.index};  // named by its place in the result
      switch (part.kind) {
        case PartKind::text:
        case PartKind::refusal:
          if (!is_blank(part.text)) write_text(inner, part.text);
          break;
        case PartKind::image: write_image(within, part, inner); break;
        case PartKind::document: write_document(within, part, inner); break;
        default: unsaid_.add_inner(piece.turn, piece.index, part); break;
      }
    }
    if (inner.empty()) JsonObject(inner.element()).plain("text", "(nothing)");
  }
  if (result.failed) tool.plain("status", "error");
}

// Thoughts go back to Claude only, and only with the proof that they are Claude's.
void BedrockWriting::write_thinking(const Part& part, JsonArray& content) {
  if (!model_.is_claude() || !proved_by_anthropic(part)) return;
  JsonObject object(content.element());
  JsonObject reasoning(object.member("reasoningContent"));
  if (part.kind == PartKind::hidden_thinking) {
    reasoning.string("redactedContent", part.signature);
    return;
  }
  JsonObject text(reasoning.member("reasoningText"));
  text.string("text", part.text);
  text.string("signature", part.signature);
}

void BedrockWriting::write_piece(const Piece& piece, bool model, JsonArray& content) {
  const Part& part = *piece.part;
  const bool media = part.kind == PartKind::image || part.kind == PartKind::audio || part.kind == PartKind::document;
  if (media && model) {  // only users show something
    unsaid_.add_inner(piece.turn, piece.index, part);
    return;
  }
  switch (part.kind) {
    case PartKind::text:
    case PartKind::refusal: write_text(content, part.text); break;
    case PartKind::image: write_image(piece, part, content); break;
    case PartKind::audio: write_audio(piece, part, content); break;
    case PartKind::document: write_document(piece, part, content); break;
    case PartKind::tool_call: write_call(part, content); break;
    case PartKind::tool_result:
      if (piece.call != nullptr) {
        write_result(piece, content);
      } else {
        unsaid_.add_inner(piece.turn, piece.index, part);
      }
      break;
    case PartKind::thinking:
    case PartKind::hidden_thinking: write_thinking(part, content); break;
    case PartKind::foreign: unsaid_.add_inner(piece.turn, piece.index, part); break;
  }
  note_cache_mark(piece, part);
  write_cache_point(cache_life(part), content);
}

void BedrockWriting::note_cache_mark(const Piece& piece, const Part& part) {
  if (part.cache != CacheLife::none && !model_.caches()) unsaid_.add_cache_mark(piece.turn, piece.index, part);
}

void BedrockWriting::write_side(const Side& side, JsonArray& messages) {
  JsonObject message(messages.element());
  message.plain("role", side.model ? "assistant" : "user");
  JsonArray content(message.member("content"));
  bool words = false;
  bool documents = false;
  for (const Piece& piece : side.pieces) {
    words = words || piece.part->kind == PartKind::text;
    documents = documents || piece.part->kind == PartKind::document;
    write_piece(piece, side.model, content);
  }
  if (content.empty()) {
    JsonObject(content.element()).plain("text", "(Something that cannot be shown here.)");
  } else if (documents && !words) {  // a document alone is refused
    JsonObject(content.element()).plain("text", "(See the document.)");
  }
}

void BedrockWriting::write_system(const Alternating& sides, JsonObject& body) {
  if (sides.system.empty()) return;
  JsonArray system(body.member("system"));
  for (const Piece& piece : sides.system) {
    const bool text = piece.part->kind == PartKind::text || piece.part->kind == PartKind::refusal;
    if (!text) {
      unsaid_.add_inner(piece.turn, piece.index, *piece.part);
      continue;
    }
    write_piece(piece, true, system);
  }
}

// The tools of the history's calls, where the client names none: Converse wants to know them.
void BedrockWriting::write_named_tools(const Alternating& sides, JsonArray& tools) const {
  std::vector<std::string_view> known;
  for (const Side& side : sides.sides) {
    for (const Piece& piece : side.pieces) {
      if (piece.part->kind != PartKind::tool_call) continue;
      const std::string_view name = piece.part->name.raw;
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      known.push_back(name);
      JsonObject tool(tools.element());
      JsonObject spec(tool.member("toolSpec"));
      spec.string("name", piece.part->name);
      JsonObject(spec.member("inputSchema")).json("json", R"({"type":"object"})");
    }
  }
}

void BedrockWriting::write_tool_choice(JsonObject& config) {
  const chat::ToolChoice& choice = conversation_.tool_choice;
  switch (choice.use) {
    case chat::ToolUse::unset: break;
    case chat::ToolUse::automatic: JsonObject(config.member("toolChoice")).json("auto", "{}"); break;
    case chat::ToolUse::none: unsaid_.add(Field::tool_choice); break;  // they are there for the history's sake
    case chat::ToolUse::required: JsonObject(config.member("toolChoice")).json("any", "{}"); break;
    case chat::ToolUse::named: {
      JsonObject object(config.member("toolChoice"));
      JsonObject(object.member("tool")).string("name", choice.name);
      break;
    }
  }
}

void BedrockWriting::write_tools(const Alternating& sides, JsonObject& body) {
  const auto& tools = conversation_.tools;
  for (std::size_t i = 0; i < tools.size(); ++i) {
    if (tools[i].hosted) unsaid_.add_tool(i);
    if (!tools[i].hosted && tools[i].strict.value_or(false) && !model_.is_strict()) unsaid_.add_strict(i);
    if (tools[i].cache != CacheLife::none && !model_.caches()) unsaid_.add_tool(i, ".cache_control");
  }
  const bool given = std::any_of(tools.begin(), tools.end(), [](const chat::Tool& tool) { return !tool.hosted; });
  const bool used = std::any_of(sides.sides.begin(), sides.sides.end(), [](const Side& side) {
    return std::any_of(side.pieces.begin(), side.pieces.end(),
                       [](const Piece& piece) { return piece.part->kind == PartKind::tool_call; });
  });
  if (!given) unsaid_.add_choice_without_tools();
  if (!used && (!given || conversation_.tool_choice.use == chat::ToolUse::none)) return;
  unsaid_.add_if(given && conversation_.tool_choice.parallel.has_value() && !*conversation_.tool_choice.parallel,
                 Field::parallel);
  JsonObject config(body.member("toolConfig"));
  {
    JsonArray list(config.member("tools"));
    for (const chat::Tool& tool : tools) {
      if (tool.hosted) continue;
      {
        JsonObject object(list.element());
        JsonObject spec(object.member("toolSpec"));
        spec.string("name", tool.name);
        if (!is_blank(tool.description)) spec.string("description", tool.description);
        JsonObject(spec.member("inputSchema"))
            .json("json", tool.schema.empty() ? R"({"type":"object","properties":{}})" : tool.schema);
        if (tool.strict.value_or(false) && model_.is_strict()) spec.json("strict", "true");
      }
      write_cache_point(tool.cache, list);
    }
    if (!given) write_named_tools(sides, list);
  }
  if (given) write_tool_choice(config);
}

BedrockRequest BedrockWriting::write() {
  BedrockRequest request;
  {
    const Alternating sides = alternate(conversation_);
    JsonObject body(request.body);
    write_system(sides, body);
    {
      JsonArray messages(body.member("messages"));
      for (const Side& side : sides.sides) write_side(side, messages);
    }
    write_tools(sides, body);
    write_bedrock_options(conversation_, model_, bedrock_thinks(conversation_, model_, sides), body, unsaid_);
  }
  unsaid_.add_others();
  request.dropped = unsaid_.take();
  return request;
}

}  // namespace

BedrockRequest write_bedrock(const chat::Conversation& conversation, const config::Target& target) {
  return BedrockWriting(conversation, target).write();
}

}  // namespace triaged::provider
