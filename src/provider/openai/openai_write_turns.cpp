// Turns as OpenAI's messages. What the dialect demands of a history is made here, from what stands in the request
// alone: results stand straight behind their calls, every call has one, and ids have the provider's form.
#include "triaged/base/text.hpp"

#include "provider/openai/openai_write.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace triaged::provider {
namespace {

using chat::Part;
using chat::PartKind;
using chat::Turn;

std::uint64_t hash_of(std::string_view text) {  // FNV-1a
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return hash;
}

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The same id always becomes the same one.
std::string call_id(std::string_view id, CallIds form) {
  constexpr std::size_t longest = 40;  // OpenAI: "string too long. Expected a string with maximum length 40"
  const bool nine = form == CallIds::nine_letters;
  const bool fits = nine ? id.size() == 9 && std::all_of(id.begin(), id.end(), is_alphanumeric)
                         : !id.empty() && id.size() <= longest && id.find('\\') == std::string_view::npos;
  if (fits) return std::string(id);
  constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string made = nine ? "" : "call_";
  std::uint64_t rest = hash_of(id);
  for (int i = 0; i < 9; ++i, rest /= letters.size()) made.push_back(letters[rest % letters.size()]);
  return made;
}

// What can be told in words. A refusal has a member of its own, where the provider knows it.
bool is_text(const Part& part) {
  return part.kind == PartKind::text || part.kind == PartKind::refusal ||
         (part.kind == PartKind::document && !part.media.text.empty());
}

// Of a document: what it is called and is about, in front of its text.
void append_words(const Part& part, std::string& out) {
  if (part.kind != PartKind::document) {
    out.append(part.text.raw);
    return;
  }
  for (const JsonString* said : {&part.media.title, &part.media.context}) {
    if (!said->empty()) out.append(said->raw).append("\\n");
  }
  out.append(part.media.text.raw);
}

// Results of a history by the id of their call, in the order in which they stand.
class Results {
 public:
  struct Place {
    std::size_t turn = 0;
    const Part* result = nullptr;
  };

  explicit Results(const std::vector<Turn>& turns) {
    for (std::size_t i = 0; i < turns.size(); ++i) {
      for (const Part& part : turns[i].parts) {
        if (part.kind == PartKind::tool_result) places_[part.id.raw].push_back({i, &part});
      }
    }
  }

  // The first result of the call behind that turn; null where there is none.
  const Place* take(std::string_view id, std::size_t turn) {
    const auto found = places_.find(id);
    if (found == places_.end()) return nullptr;
    for (const Place& place : found->second) {
      if (place.turn <= turn || is_taken(place.result)) continue;
      taken_.insert(place.result);
      return &place;
    }
    return nullptr;
  }

  bool is_taken(const Part* result) const { return taken_.count(result) != 0; }

 private:
  std::unordered_map<std::string_view, std::vector<Place>> places_;
  std::unordered_set<const Part*> taken_;
};

class TurnsWriter {
 public:
  TurnsWriter(std::string& out, const chat::Conversation& conversation, const OpenAiProfile& profile, Unsaid& unsaid)
      : out_(out), from_(conversation), profile_(profile), unsaid_(unsaid), results_(conversation.turns) {}

  void write();

 private:
  // A part of a turn: what is written, or the result that holds it.
  struct Where {
    std::size_t turn = 0;
    std::size_t part = 0;
  };
  void begin(std::string_view role);
  void end() { out_.push_back('}'); }
  void write_system(std::size_t index);
  void write_assistant(std::size_t index);
  void write_user(std::size_t index);
  void append_calls(std::size_t index);
  void append_thoughts(const Turn& turn, bool calls);
  void write_results(std::size_t index);
  void write_result(std::string_view id, const Part* result, std::size_t turn);
  void write_images_of_results();
  void append_result_text(const Part& result);
  void append_content(const std::vector<const Part*>& parts, std::size_t turn);
  bool append_part(const Part& part, bool first, Where where);
  void append_text_part(const Part& part);
  bool append_image(const chat::Media& media);
  bool append_audio(const chat::Media& media);
  bool append_file(const chat::Media& media);
  void write_orphan(std::size_t turn, const Part& result);
  void note_media(const Part& part, Where where);
  void append_name(std::size_t index);
  void lose(std::size_t turn, const Part& part) { unsaid_.add_part(turn, index_of(turn, part)); }
  std::size_t index_of(std::size_t turn, const Part& part) const {
    return static_cast<std::size_t>(&part - from_.turns[turn].parts.data());
  }

  std::string& out_;
  const chat::Conversation& from_;
  const OpenAiProfile& profile_;
  Unsaid& unsaid_;
  Results results_;
  struct Image {
    std::string call;
    Where where;
    const Part* part;
  };
  std::vector<Image> images_;  // of results, waiting for the user's next message
  bool first_ = true;
  bool behind_result_ = false;
};

void TurnsWriter::begin(std::string_view role) {
  if (profile_.turns_strict && behind_result_ && role == "user") {
    behind_result_ = false;
    begin("assistant");
    out_.append(R"(,"content":"Done.")");
    end();
  }
  behind_result_ = role == "tool";
  out_.append(first_ ? R"({"role":")" : R"(,{"role":")").append(role).append("\"");
  first_ = false;
}

void TurnsWriter::append_name(std::size_t index) {
  const JsonString& name = from_.turns[index].name;
  if (name.empty()) return;
  if (std::find(profile_.cut.begin(), profile_.cut.end(), "name") != profile_.cut.end()) {
    unsaid_.add_speaker(index);
    return;
  }
  out_.append(R"(,"name":)");
  chat::append_string(out_, name);
}

void TurnsWriter::append_text_part(const Part& part) {
  out_.append(R"({"type":"text","text":")");
  append_words(part, out_);
  out_.push_back('"');
  if (profile_.cache_marks && part.cache != chat::CacheLife::none) {
    out_.append(R"(,"cache_control":{"type":"ephemeral")");
    out_.append(part.cache == chat::CacheLife::one_hour ? R"(,"ttl":"1h"}})" : "}}");
    return;
  }
  out_.push_back('}');  // elsewhere marks are no loss: OpenAI and its like cache by themselves
}

bool TurnsWriter::append_image(const chat::Media& media) {
  if (media.url.empty() && media.data.empty()) return false;
  out_.append(R"({"type":"image_url","image_url":{"url":)");
  if (media.data.empty()) {
    chat::append_string(out_, media.url);
  } else {
    out_.append(R"("data:)").append(media.media_type.empty() ? "image/png" : media.media_type.raw);
    out_.append(";base64,").append(media.data.raw).append("\"");
  }
  if (!media.detail.empty()) {
    out_.append(R"(,"detail":)");
    chat::append_string(out_, media.detail);
  }
  out_.append("}}");
  return true;
}

bool TurnsWriter::append_audio(const chat::Media& media) {
  if (media.data.empty()) return false;
  std::string_view format = media.media_type.raw;
  format.remove_prefix(std::min(format.find('/') + 1, format.size()));
  if (format.starts_with("x-")) format.remove_prefix(2);
  out_.append(R"({"type":"input_audio","input_audio":{"data":)");
  chat::append_string(out_, media.data);
  out_.append(R"(,"format":")").append(format == "mpeg" ? "mp3" : format).append("\"}}");
  return true;
}

// Files by id belong to the provider that they were uploaded to: OpenAI's own dialects name OpenAI's.
bool TurnsWriter::append_file(const chat::Media& media) {
  if (!profile_.files) return false;
  const bool ours = from_.dialect != chat::Dialect::anthropic;
  const bool by_url = !media.url.empty() && profile_.cache_marks;  // OpenRouter fetches it
  if (media.data.empty() && !by_url && !(ours && !media.file_id.empty())) return false;
  out_.append(R"({"type":"file","file":{)");
  if (!media.data.empty()) {
    out_.append(R"("filename":)");
    chat::append_string(out_, media.title.empty() ? JsonString{"document.pdf"} : media.title);
    out_.append(R"(,"file_data":"data:)").append(media.media_type.empty() ? "application/pdf" : media.media_type.raw);
    out_.append(";base64,").append(media.data.raw).append("\"}}");
    return true;
  }
  out_.append(by_url ? R"("file_data":)" : R"("file_id":)");
  chat::append_string(out_, by_url ? media.url : media.file_id);
  out_.append("}}");
  return true;
}

// The name of an uploaded file is known where it was uploaded.
void TurnsWriter::note_media(const Part& part, Where where) {
  if (part.kind != PartKind::document) return;
  const chat::Media& media = part.media;
  if (media.citations) unsaid_.add_inner(where.turn, where.part, part, ".citations");
  if (!media.text.empty()) return;
  if (!media.context.empty()) unsaid_.add_inner(where.turn, where.part, part, ".context");
  if (!media.title.empty() && media.data.empty() && !media.url.empty()) unsaid_.add_title(where.turn, where.part, part);
}

// False: nothing was written.
bool TurnsWriter::append_part(const Part& part, bool first, Where where) {
  const std::size_t before = out_.size();
  if (!first) out_.push_back(',');
  bool written = true;
  if (is_text(part)) {
    append_text_part(part);
  } else if (part.kind == PartKind::image) {
    written = append_image(part.media);
  } else if (part.kind == PartKind::audio) {
    written = append_audio(part.media);
  } else if (part.kind == PartKind::document) {
    written = append_file(part.media);
  } else {
    written = false;
  }
  if (written) {
    note_media(part, where);
  } else {
    out_.resize(before);
    unsaid_.add_inner(where.turn, where.part, part);
  }
  return written;
}

// One string where it is text alone and one part, or where the provider takes nothing else.
void TurnsWriter::append_content(const std::vector<const Part*>& parts, std::size_t turn) {
  const bool text_alone = std::all_of(parts.begin(), parts.end(), [](const Part* part) { return is_text(*part); });
  const bool marked = profile_.cache_marks && std::any_of(parts.begin(), parts.end(), [](const Part* part) {
                        return part->cache != chat::CacheLife::none;
                      });
  out_.append(R"(,"content":)");
  if (text_alone && !marked && (parts.size() < 2 || !profile_.parts)) {
    out_.push_back('"');
    for (std::size_t i = 0; i < parts.size(); ++i) {
      out_.append(i == 0 ? "" : "\\n");
      append_words(*parts[i], out_);
      note_media(*parts[i], {turn, index_of(turn, *parts[i])});
    }
    out_.push_back('"');
    return;
  }
  out_.push_back('[');
  bool first = true;
  for (const Part* part : parts) {
    if (append_part(*part, first, {turn, index_of(turn, *part)})) first = false;
  }
  if (!first) {
    out_.push_back(']');
    return;
  }
  out_.back() = '"';  // nothing of it could be told
  out_.push_back('"');
}

void TurnsWriter::write_system(std::size_t index) {
  std::vector<const Part*> parts;
  for (const Part& part : from_.turns[index].parts) {
    if (is_text(part)) {
      parts.push_back(&part);
    } else {
      lose(index, part);
    }
  }
  if (parts.empty()) return;
  begin("system");
  append_name(index);
  append_content(parts, index);
  end();
}

void TurnsWriter::append_thoughts(const Turn& turn, bool calls) {
  const bool told = profile_.thoughts == Thoughts::reasoning || profile_.thoughts == Thoughts::reasoning_content ||
                    (profile_.thoughts == Thoughts::with_calls && calls);
  if (!told) return;
  std::string thoughts;
  for (const Part& part : turn.parts) {
    // Signed ones are of another maker's model.
    if (part.kind != PartKind::thinking || !part.signature.empty()) continue;
    thoughts.append(thoughts.empty() ? "" : "\\n").append(part.text.raw);
  }
  if (thoughts.empty() && profile_.thoughts != Thoughts::with_calls) return;
  out_.append(profile_.thoughts == Thoughts::reasoning ? R"(,"reasoning":")" : R"(,"reasoning_content":")");
  out_.append(thoughts).append("\"");
}

void TurnsWriter::append_calls(std::size_t index) {
  bool first = true;
  for (const Part& part : from_.turns[index].parts) {
    if (part.kind != PartKind::tool_call) continue;
    out_.append(first ? R"(,"tool_calls":[{"id":")" : R"(,{"id":")").append(call_id(part.id.raw, profile_.ids));
    out_.append(R"(","type":"function","function":{"name":)");
    chat::append_string(out_, part.name);
    out_.append(R"(,"arguments":)");
    append_json_string(out_, part.arguments.empty() ? "{}" : part.arguments);
    out_.append("}}");
    first = false;
  }
  if (!first) out_.push_back(']');
}

// A message of thoughts alone is none.
void TurnsWriter::write_assistant(std::size_t index) {
  const Turn& turn = from_.turns[index];
  const bool refuses = std::find(profile_.cut.begin(), profile_.cut.end(), "refusal") == profile_.cut.end();
  std::vector<const Part*> parts;
  std::string refusal;
  bool calls = false;
  for (const Part& part : turn.parts) {
    calls = calls || part.kind == PartKind::tool_call;
    const bool elsewhere =
        part.kind == PartKind::tool_call || part.kind == PartKind::thinking || part.kind == PartKind::hidden_thinking;
    if (part.kind == PartKind::refusal && refuses) {
      refusal.append(part.text.raw);
    } else if (is_text(part)) {
      parts.push_back(&part);
    } else if (!elsewhere) {
      lose(index, part);
    }
  }
  if (parts.empty() && refusal.empty() && !calls) return;
  begin("assistant");
  append_name(index);
  if (parts.empty()) {
    out_.append(R"(,"content":null)");
  } else {
    append_content(parts, index);
  }
  if (!refusal.empty()) out_.append(R"(,"refusal":")").append(refusal).append("\"");
  append_thoughts(turn, calls);
  append_calls(index);
  if (profile_.prefill_marked && !calls && index + 1 == from_.turns.size()) out_.append(R"(,"prefix":true)");
  end();
  if (calls) write_results(index);
}

void TurnsWriter::write_results(std::size_t index) {
  for (const Part& part : from_.turns[index].parts) {
    if (part.kind != PartKind::tool_call) continue;
    const Results::Place* place = results_.take(part.id.raw, index);
    write_result(part.id.raw, place == nullptr ? nullptr : place->result, place == nullptr ? index : place->turn);
  }
}

// The dialect has no mark for a failure: it is told in words.
void TurnsWriter::append_result_text(const Part& result) {
  if (result.failed) out_.append("The tool failed: ");
  bool first = true;
  for (const Part& part : result.content) {
    if (!is_text(part)) continue;
    out_.append(first ? "" : "\\n");
    append_words(part, out_);
    first = false;
  }
}

void TurnsWriter::write_result(std::string_view id, const Part* result, std::size_t turn) {
  const std::string told = call_id(id, profile_.ids);
  this->begin("tool");
  out_.append(R"(,"tool_call_id":")").append(told).append(R"(","content":")");
  const std::size_t begin = out_.size();
  bool images = false;
  if (result == nullptr) {
    out_.append("There is no result of this call.");
  } else {
    append_result_text(*result);
    const Where where{turn, index_of(turn, *result)};
    for (const Part& part : result->content) {
      if (part.kind == PartKind::image) {
        images = true;
        images_.push_back({told, where, &part});
      } else if (is_text(part)) {
        note_media(part, where);
      } else {
        unsaid_.add_inner(where.turn, where.part, part);
      }
    }
    if (images) out_.append(out_.size() == begin ? "" : "\\n").append("(The images are in the next user message.)");
  }
  out_.push_back('"');
  end();
}

// Messages of tools hold text only.
void TurnsWriter::write_images_of_results() {
  std::string_view of;
  bool first = true;
  for (const Image& image : images_) {
    if (image.call != of) {
      out_.append(first ? "" : ",")
          .append(R"({"type":"text","text":"Images of the result of call )")
          .append(image.call);
      out_.append(":\"}");
      first = false;
      of = image.call;
    }
    append_part(*image.part, false, image.where);
  }
  images_.clear();
}

// A result whose call is not in the history, as a part of what the user says.
void TurnsWriter::write_orphan(std::size_t turn, const Part& result) {
  out_.append(R"({"type":"text","text":"Result of an earlier tool call: )");
  append_result_text(result);
  out_.append("\"}");
  const Where where{turn, index_of(turn, result)};
  for (const Part& part : result.content) {
    if (is_text(part)) {
      note_media(part, where);
    } else {
      append_part(part, false, where);
    }
  }
}

void TurnsWriter::write_user(std::size_t index) {
  const Turn& turn = from_.turns[index];
  std::vector<const Part*> parts, orphans;
  for (const Part& part : turn.parts) {
    if (part.kind != PartKind::tool_result) {
      parts.push_back(&part);
    } else if (!results_.is_taken(&part)) {
      orphans.push_back(&part);
    }
  }
  const bool only_results = parts.empty() && !turn.parts.empty();
  if (only_results && orphans.empty() && images_.empty()) return;
  begin("user");
  append_name(index);
  if (orphans.empty() && images_.empty()) {
    append_content(parts, index);
    end();
    return;
  }
  out_.append(R"(,"content":[)");
  write_images_of_results();
  for (const Part* orphan : orphans) {
    if (out_.back() != '[') out_.push_back(',');
    write_orphan(index, *orphan);
  }
  for (const Part* part : parts) append_part(*part, out_.back() == '[', {index, index_of(index, *part)});
  out_.push_back(']');
  end();
}

void TurnsWriter::write() {
  out_.append(R"("messages":[)");
  for (std::size_t i = 0; i < from_.turns.size(); ++i) {
    switch (from_.turns[i].role) {
      case chat::Role::system: write_system(i); break;
      case chat::Role::assistant: write_assistant(i); break;
      case chat::Role::user:
      case chat::Role::tool: write_user(i); break;
    }
  }
  if (!images_.empty()) {
    begin("user");
    out_.append(R"(,"content":[)");
    write_images_of_results();
    out_.push_back(']');
    end();
  }
  out_.push_back(']');
}

}  // namespace

void append_messages(std::string& out, const chat::Conversation& conversation, const OpenAiProfile& profile,
                     Unsaid& unsaid) {
  TurnsWriter(out, conversation, profile, unsaid).write();
}

}  // namespace triaged::provider
