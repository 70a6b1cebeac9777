// A Conversation in Google's dialect: what is said, and the tools. How it shall be answered is in gemini_options.cpp.
#include "triaged/base/text.hpp"

#include "provider/alternating.hpp"
#include "provider/gemini/gemini.hpp"
#include "provider/gemini/gemini_options.hpp"
#include "provider/json_out.hpp"
#include "provider/media_types.hpp"
#include "provider/unsaid.hpp"

#include <algorithm>
#include <utility>

namespace triaged::provider {
namespace {

using chat::Part;
using chat::PartKind;

// Google's own value for calls that none of its models made: they have no signature, which newer models insist on.
constexpr std::string_view no_signature = "skip_thought_signature_validator";

class GeminiWriting {
 public:
  GeminiWriting(const chat::Conversation& conversation, const config::Target& target)
      : conversation_(conversation), model_(gemini_model(target.model)), unsaid_(conversation) {}
  GeminiRequest write();

 private:
  void write_system(const Alternating& sides, JsonObject& body);
  void write_side(const Side& side, JsonArray& contents);
  void write_piece(const Piece& piece, JsonArray& parts);
  void write_call(const Part& call, JsonArray& parts);
  void write_result(const Piece& piece, JsonArray& parts);
  void write_media(const Piece& piece, const Part& part, JsonArray& parts);
  void write_document(const Piece& piece, const Part& part, JsonArray& parts);
  void write_resolution(const Piece& piece, const Part& part, JsonObject& object);
  void write_tools(JsonObject& body);
  void write_tool_choice(JsonObject& body);
  bool has_strict_tools() const;
  bool is_within(const Part& part) const;

  const chat::Conversation& conversation_;
  GeminiModel model_;
  Unsaid unsaid_;
  JsonString signature_;      // read, and not yet sent with the part that it belongs to
  bool signed_ = false;       // a call of this side has its signature
  std::vector<Piece> apart_;  // pictures of results, for models that take none within them
};

void write_text(JsonArray& parts, const JsonString& text) { JsonObject(parts.element()).string("text", text); }

bool can_send(const chat::Media& media) { return !media.data.empty() || !media.url.empty(); }

std::string_view fallback_type(PartKind kind) {
  switch (kind) {
    case PartKind::audio: return "audio/wav";
    case PartKind::document: return "application/pdf";
    default: return "image/jpeg";
  }
}

void GeminiWriting::write_resolution(const Piece& piece, const Part& part, JsonObject& object) {
  const JsonString& detail = part.media.detail;
  if (detail.empty() || detail.equals("auto")) return;
  const bool low = detail.equals("low");
  if (!model_.has_levels() || !(low || detail.equals("high"))) {
    unsaid_.add_detail(piece.turn, piece.index, part);
    return;
  }
  JsonObject(object.member("mediaResolution")).plain("level", low ? "MEDIA_RESOLUTION_LOW" : "MEDIA_RESOLUTION_HIGH");
}

// The value of inlineData, or of fileData.
void write_blob(const Part& part, std::string& out) {
  JsonObject blob(out);
  const chat::Media& media = part.media;
  if (!media.media_type.empty()) {
    blob.string("mimeType", media.media_type);
  } else {
    blob.plain("mimeType", media_type_of(media.url.raw, fallback_type(part.kind)));
  }
  if (!media.data.empty()) {
    blob.string("data", media.data);
  } else {
    blob.string("fileUri", media.url);
  }
}

void GeminiWriting::write_media(const Piece& piece, const Part& part, JsonArray& parts) {
  if (!can_send(part.media)) {  // an upload at another provider
    unsaid_.add_inner(piece.turn, piece.index, part);
    return;
  }
  JsonObject object(parts.element());
  write_blob(part, object.member(part.media.data.empty() ? "fileData" : "inlineData"));
  write_resolution(piece, part, object);
}

// What a document is called and is about stands in front of it.
void GeminiWriting::write_document(const Piece& piece, const Part& part, JsonArray& parts) {
  const chat::Media& media = part.media;
  if (media.citations) unsaid_.add_inner(piece.turn, piece.index, part, ".citations");
  if (!media.text.empty() || can_send(media)) {
    if (!media.title.empty()) write_text(parts, media.title);
    if (!media.context.empty()) write_text(parts, media.context);
  }
  if (!media.text.empty()) {
    write_text(parts, media.text);
  } else {
    write_media(piece, part, parts);
  }
}

void GeminiWriting::write_call(const Part& call, JsonArray& parts) {
  JsonObject object(parts.element());
  {
    JsonObject function(object.member("functionCall"));
    function.string_if("id", call.id);
    function.string("name", call.name);
    function.json("args", call.arguments.empty() ? "{}" : call.arguments);
  }
  if (!signature_.empty()) {
    object.string("thoughtSignature", std::exchange(signature_, {}));
  } else if (!signed_ && model_.has_levels()) {
    object.plain("thoughtSignature", no_signature);
  }
  signed_ = true;  // of calls made at once the first one has it
}

// Newer models take pictures and files as parts of a result.
bool GeminiWriting::is_within(const Part& part) const {
  if (part.kind != PartKind::image && part.kind != PartKind::document) return false;
  return !part.media.text.empty() || (model_.has_levels() && !part.media.data.empty());
}

void GeminiWriting::write_result(const Piece& piece, JsonArray& parts) {
  const Part& result = *piece.part;
  JsonObject object(parts.element());
  JsonObject function(object.member("functionResponse"));
  function.string_if("id", piece.call->id);
  function.string("name", piece.call->name);
  std::vector<const Part*> media;
  {
    JsonObject response(function.member("response"));
    std::string& out = response.member(result.failed ? "error" : "output");
    out.push_back('"');
    bool first = true;
    const auto say = [&](const JsonString& text) {
      if (!std::exchange(first, false)) out.append("\\n");
      out.append(text.raw);
    };
    for (const Part& part : result.content) {
      if (part.kind == PartKind::text || part.kind == PartKind::refusal) {
        say(part.text);
        continue;
      }
      if (is_within(part)) {
        if (!part.media.title.empty()) say(part.media.title);
        if (!part.media.context.empty()) say(part.media.context);
        if (part.media.citations) unsaid_.add_inner(piece.turn, piece.index, part, ".citations");
      }
      if (part.media.text.empty()) {
        media.push_back(&part);
      } else {
        say(part.media.text);
      }
    }
    out.push_back('"');
  }
  std::vector<const Part*> within;
  for (const Part* part : media) {
    if (part->kind != PartKind::image && part->kind != PartKind::document) {
      unsaid_.add_inner(piece.turn, piece.index, *part);
    } else if (is_within(*part)) {
      within.push_back(part);
      const JsonString& detail = part->media.detail;
      if (!detail.empty() && !detail.equals("auto")) unsaid_.add_detail(piece.turn, piece.index, *part);
    } else {
      apart_.push_back({part, nullptr, piece.turn, piece.index});
    }
  }
  if (within.empty()) return;
  JsonArray inner(function.member("parts"));
  for (const Part* part : within) write_blob(*part, JsonObject(inner.element()).member("inlineData"));
}

void GeminiWriting::write_piece(const Piece& piece, JsonArray& parts) {
  const Part& part = *piece.part;
  switch (part.kind) {
    case PartKind::text:
    case PartKind::refusal: write_text(parts, part.text); break;
    case PartKind::image:
    case PartKind::audio: write_media(piece, part, parts); break;
    case PartKind::document: write_document(piece, part, parts); break;
    case PartKind::tool_call: write_call(part, parts); break;
    case PartKind::tool_result:
      if (piece.call != nullptr) {
        write_result(piece, parts);
      } else {
        unsaid_.add_inner(piece.turn, piece.index, part);
      }
      break;
    case PartKind::thinking:
      // Thoughts themselves are not sent back; what proves them goes with the call that they led to.
      if (part.signature.raw.starts_with(gemini_signature_mark)) {
        signature_ = part.signature;
        signature_.raw.remove_prefix(gemini_signature_mark.size());
      }
      break;
    case PartKind::hidden_thinking: break;  // another maker's
    case PartKind::foreign: unsaid_.add_inner(piece.turn, piece.index, part); break;
  }
}

void GeminiWriting::write_side(const Side& side, JsonArray& contents) {
  signature_ = {};
  signed_ = false;
  JsonObject content(contents.element());
  content.plain("role", side.model ? "model" : "user");
  JsonArray parts(content.member("parts"));
  bool results = true;
  for (const Piece& piece : side.pieces) {
    const bool result = piece.part->kind == PartKind::tool_result;
    if (results && !result) {
      for (const Piece& each : std::exchange(apart_, {})) write_piece(each, parts);
    }
    results = result;
    write_piece(piece, parts);
  }
  for (const Piece& each : std::exchange(apart_, {})) write_piece(each, parts);
  // What is left of a turn that held nothing which could be sent.
  if (parts.empty()) JsonObject(parts.element()).plain("text", "(Something that cannot be shown here.)");
}

void GeminiWriting::write_system(const Alternating& sides, JsonObject& body) {
  if (sides.system.empty()) return;
  JsonObject system(body.member("systemInstruction"));
  JsonArray parts(system.member("parts"));
  for (const Piece& piece : sides.system) write_piece(piece, parts);
}

bool GeminiWriting::has_strict_tools() const {
  return std::any_of(conversation_.tools.begin(), conversation_.tools.end(),
                     [](const chat::Tool& tool) { return !tool.hosted && tool.strict.value_or(false); });
}

void GeminiWriting::write_tools(JsonObject& body) {
  const auto& tools = conversation_.tools;
  for (std::size_t i = 0; i < tools.size(); ++i) {
    if (tools[i].hosted) unsaid_.add_tool(i);
    if (!tools[i].hosted && tools[i].strict.value_or(false) && !model_.thinks()) unsaid_.add_strict(i);
  }
  if (std::all_of(tools.begin(), tools.end(), [](const chat::Tool& tool) { return tool.hosted; })) return;
  JsonArray list(body.member("tools"));
  JsonObject entry(list.element());
  JsonArray functions(entry.member("functionDeclarations"));
  for (const chat::Tool& tool : tools) {
    if (tool.hosted) continue;
    JsonObject function(functions.element());
    function.string("name", tool.name);
    function.string_if("description", tool.description);
    function.json_if("parametersJsonSchema", tool.schema);
  }
}

// Strict tools: the model is held to their schemas, whether it has to call one or may.
void GeminiWriting::write_tool_choice(JsonObject& body) {
  const chat::ToolChoice& choice = conversation_.tool_choice;
  unsaid_.add_if(choice.parallel.has_value() && !*choice.parallel, Field::parallel);
  const bool strict = has_strict_tools() && model_.thinks();
  std::string_view mode;
  switch (choice.use) {
    case chat::ToolUse::unset:
    case chat::ToolUse::automatic: mode = strict ? "VALIDATED" : ""; break;
    case chat::ToolUse::none: mode = "NONE"; break;
    case chat::ToolUse::required:
    case chat::ToolUse::named: mode = "ANY"; break;
  }
  if (mode.empty()) return;
  JsonObject config(body.member("toolConfig"));
  JsonObject calling(config.member("functionCallingConfig"));
  calling.plain("mode", mode);
  if (choice.use != chat::ToolUse::named) return;
  JsonArray names(calling.member("allowedFunctionNames"));
  chat::append_string(names.element(), choice.name);
}

GeminiRequest GeminiWriting::write() {
  GeminiRequest request;
  {
    std::size_t size = 1024;
    for (const chat::Turn& turn : conversation_.turns) {
      for (const Part& part : turn.parts) size += 64 + part.text.raw.size() + part.media.data.raw.size();
    }
    request.body.reserve(size);
    const Alternating sides = alternate(conversation_);
    JsonObject body(request.body);
    write_system(sides, body);
    {
      JsonArray contents(body.member("contents"));
      for (const Side& side : sides.sides) write_side(side, contents);
    }
    write_tools(body);
    const bool callable = std::any_of(conversation_.tools.begin(), conversation_.tools.end(),
                                      [](const chat::Tool& tool) { return !tool.hosted; });
    if (callable) {
      write_tool_choice(body);
    } else {
      unsaid_.add_choice_without_tools();
    }
    write_gemini_options(conversation_, model_, body, unsaid_);
  }
  unsaid_.add_others({"safetySettings", "safety_settings"});
  request.dropped = unsaid_.take();
  return request;
}

}  // namespace

GeminiRequest write_gemini(const chat::Conversation& conversation, const config::Target& target) {
  return GeminiWriting(conversation, target).write();
}

}  // namespace triaged::provider
