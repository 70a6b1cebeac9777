#include "api/openai/reasoning_details.hpp"

#include "triaged/chat/carried_thoughts.hpp"

#include "api/collected.hpp"

#include <utility>

namespace triaged::api {
namespace {

constexpr std::string_view of_anthropic = "anthropic-claude-v1";
constexpr std::string_view of_google = "google-gemini-v1";

void append_frame(std::string& out, std::string_view maker, std::size_t index) {
  out.append(R"(,"id":null,"format":")").append(maker).append(R"(","index":)").append(std::to_string(index));
  out.push_back('}');
}

struct Detail {
  JsonString type, text, proof, data, format;

  bool of(std::string_view maker) const { return format.raw.starts_with(maker.substr(0, maker.find('-'))); }
};

Detail read_detail(JsonReader& reader) {
  Detail detail;
  JsonString key;
  while (reader.next_member(key)) {
    const auto take = [&reader](JsonString& into) { into = reader.string_or_skip().value_or(JsonString()); };
    if (key.equals("type"))
      take(detail.type);
    else if (key.equals("text"))
      take(detail.text);
    else if (key.equals("signature"))
      take(detail.proof);
    else if (key.equals("data"))
      take(detail.data);
    else if (key.equals("format"))
      take(detail.format);
    else
      reader.skip();
  }
  return detail;
}

// Google's as it is told apart from others within.
JsonString marked(BodyReader& in, const JsonString& proof) {
  if (proof.raw.starts_with(chat::gemini_signature_mark)) return proof;
  return in.out.keep(std::string(chat::gemini_signature_mark).append(proof.resolved()));
}

}  // namespace

void append_proved_thought(std::string& out, std::size_t index, std::string_view text, std::string_view proof) {
  out.append(R"({"type":"reasoning.text","text":)");
  append_quoted(out, text);
  out.append(R"(,"signature":)");
  append_quoted(out, proof);
  append_frame(out, proof.starts_with(chat::gemini_signature_mark) ? of_google : of_anthropic, index);
}

void append_hidden_thought(std::string& out, std::size_t index, std::string_view data) {
  out.append(R"({"type":"reasoning.encrypted","data":)");
  append_quoted(out, data);
  append_frame(out, of_anthropic, index);
}

std::vector<chat::Part> read_reasoning_details(BodyReader& in) {
  std::vector<chat::Part> thoughts;
  if (!in.json.enter_array_or_skip()) return thoughts;
  while (in.json.next_element()) {
    if (!in.json.enter_object_or_skip()) continue;
    const Detail detail = read_detail(in.json);
    const bool google = detail.of(of_google);
    if (!google && !detail.of(of_anthropic) && !detail.format.empty()) continue;
    const bool encrypted = detail.type.equals("reasoning.encrypted");
    const JsonString& proof = encrypted ? detail.data : detail.proof;
    if (proof.empty() || (!encrypted && !detail.type.equals("reasoning.text"))) continue;
    if (encrypted && detail.format.empty()) continue;
    chat::Part& part = thoughts.emplace_back();
    // What Google encrypts is the proof of a thought that it does not show.
    part.kind = encrypted && !google ? chat::PartKind::hidden_thinking : chat::PartKind::thinking;
    if (!encrypted) part.text = detail.text;
    part.signature = google ? marked(in, proof) : proof;
  }
  return thoughts;
}

}  // namespace triaged::api
