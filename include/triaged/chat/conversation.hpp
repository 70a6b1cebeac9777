// A chat request complete: all that another dialect may have to be told. Read from the client's body by `api` when a
// target does not speak the client's dialect, written by `provider` in the one it speaks.
//
// Strings are JSON strings as the client wrote them, escapes unresolved, so that they pass from one JSON text into the
// next without a copy in between. They are views into the client's body, which outlives the Conversation, and into
// `own`. Copies are cheap compared with the body and share `own`.
#pragma once

#include "triaged/base/json.hpp"
#include "triaged/chat/request.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::chat {

// Any JSON value as text; "" where there is none.
using JsonText = std::string_view;

// How long a provider is asked to keep the prompt up to here in its cache.
enum class CacheLife : std::uint8_t { none, five_minutes, one_hour };

enum class PartKind : std::uint8_t {
  text,
  refusal,
  image,
  audio,
  document,
  tool_call,
  tool_result,
  thinking,
  hidden_thinking,  // encrypted by its maker
  foreign,          // has a meaning in the client's dialect only
};

// An image, a sound or a document, in exactly one of: url, data, text, file_id.
struct Media {
  JsonString url;         // to be fetched by the provider
  JsonString data;        // base64
  JsonString text;        // a plain-text document
  JsonString file_id;     // uploaded to the provider of the client's dialect
  JsonString media_type;  // "image/png", "audio/wav", "application/pdf"; "" unknown
  JsonString detail;      // of an image: "low", "high", "auto"
  JsonString title;       // of a document: its title or file name
  JsonString context;     // of a document: what it is about
  bool citations = false;
};

// Where in the client's body a part stands, for when a target cannot be told it.
struct Place {
  static constexpr std::uint32_t none = 0xFFFFFFFF;
  std::uint32_t turn = none;  // which of the messages (Responses: items of the input); none: beside them (`system`)
  std::uint32_t part = none;  // which of its parts, calls or blocks; none: it stands in no list of them
  bool operator==(const Place&) const = default;
};

struct Part {
  PartKind kind = PartKind::text;
  JsonString text;            // text, refusal, thinking
  Media media;                // image, audio, document
  JsonString id;              // tool_call, tool_result: of the call
  JsonString name;            // tool_call
  JsonText arguments;         // tool_call: a JSON object
  std::vector<Part> content;  // tool_result: text, images, documents
  bool failed = false;        // tool_result: the tool reports an error
  JsonString signature;       // thinking: its maker's proof of it; hidden_thinking: the encrypted text
  CacheLife cache = CacheLife::none;
  JsonText raw;  // foreign: as it stands in the client's dialect
  Place place;
};

struct Turn {
  Role role = Role::user;
  std::vector<Part> parts;
  JsonString name;  // of the speaker
};

struct Tool {
  JsonString name;
  JsonString description;
  JsonText schema;  // JSON schema of its arguments; "" none
  std::optional<bool> strict;
  bool custom = false;  // takes free text: `schema` then asks for {"input": string}, and answers unwrap it
  bool hosted = false;  // run by the provider (web search ...): `name` is its type, `raw` all of it
  JsonString scope;     // the namespace that it stands in, which `name` begins with; "" none
  CacheLife cache = CacheLife::none;
  JsonText raw;
  std::string path;  // where it stands: "tools[2]"
};

enum class ToolUse : std::uint8_t { unset, automatic, none, required, named };

struct ToolChoice {
  ToolUse use = ToolUse::unset;
  JsonString name;               // named
  std::optional<bool> parallel;  // may several calls be made at once?
};

struct Format {
  OutputFormat kind = OutputFormat::text;
  JsonString name;
  JsonString description;
  JsonText schema;
  std::optional<bool> strict;
};

// How much is thought before the answer.
struct Reasoning {
  enum class Mode : std::uint8_t { unset, off, on, adaptive };
  Mode mode = Mode::unset;
  JsonString effort;                   // "none" "minimal" "low" "medium" "high" "xhigh" "max"; "" unset
  std::optional<std::int64_t> budget;  // tokens
  std::optional<bool> shown;           // are thoughts, or a summary of them, wanted in the answer?
  JsonString summary;                  // OpenAI: "auto" "concise" "detailed"
};

// JSON numbers as the client wrote them; "" unset.
struct Sampling {
  JsonText temperature;
  JsonText top_p;
  JsonText top_k;
  JsonText presence_penalty;
  JsonText frequency_penalty;
  JsonText seed;
  JsonText logit_bias;  // an object
};

struct Member {
  JsonString name;
  JsonText value;
};

struct Conversation {
  Dialect dialect = Dialect::openai_chat;  // it was read from
  std::vector<Turn> turns;                 // system turns stand where they stood, usually first
  std::vector<Tool> tools;
  ToolChoice tool_choice;
  Format format;
  Reasoning reasoning;
  Sampling sampling;
  std::vector<JsonString> stops;
  std::optional<std::int64_t> max_output_tokens;
  std::int64_t answers = 1;
  bool logprobs = false;
  std::optional<std::int64_t> top_logprobs;
  bool stream = false;
  bool include_usage = false;
  JsonString model;
  JsonString user;       // end user, an opaque id
  JsonString cache_key;  // prompt_cache_key
  JsonString service_tier;
  JsonString verbosity;
  JsonText metadata;              // an object
  JsonText store;                 // true or false
  JsonText modalities;            // an array
  JsonText audio;                 // how spoken answers shall be
  JsonText prediction;            // a predicted output
  std::vector<Member> others;     // top-level members without a place here
  std::vector<Member> repeated;   // members that the dialect's answers repeat, as they stand in the request
  bool legacy_functions = false;  // tools came as OpenAI's older `functions`, and calls are expected in that form
  std::string native_only;        // why it can be told in its own dialect only, as a sentence; "" it can in others
  std::string native_only_param;  // the member that this is for
  // Members that stand under another name than their dialect's usual one: OpenAI chat's name, and the client's.
  std::vector<std::pair<std::string_view, std::string_view>> spelled;
  std::optional<Place> marked;    // of the part whose cache mark stands for one of the whole request
  std::vector<std::string> lost;  // paths of what has no place here inside of others: "messages[2].content[0].foo"
  std::vector<std::shared_ptr<const std::string>> own;

  // A JSON string of our own that lives as long as the Conversation.
  JsonString keep(std::string_view plain);
  // JSON text of our own, likewise.
  JsonText keep_json(std::string text);
};

// The string as JSON, quotes included.
void append_string(std::string& out, const JsonString& string);
// The plain text of all text parts, joined by newlines.
std::string text_of(const std::vector<Part>& parts);
// `string`, which holds JSON in a JSON string (as OpenAI writes a call's arguments), as the JSON itself. What is no
// JSON object becomes {"input": string}; an empty string {}.
JsonText object_in(Conversation& conversation, const JsonString& string);

}  // namespace triaged::chat
