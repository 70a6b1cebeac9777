// A chat request as routing sees it: facts and text, no JSON. The codec of the client's dialect fills it. It owns its
// text; views point into `text_` and stay valid while the Request lives and is not moved from (moves keep them valid,
// because the text sits in one heap block).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::chat {

struct Conversation;

// How requests and answers are written, of clients and of providers.
enum class Dialect : std::uint8_t {
  openai_chat,         // POST /v1/chat/completions
  openai_completions,  // POST /v1/completions, the one before it
  openai_responses,    // POST /v1/responses
  openai_embeddings,   // POST /v1/embeddings
  anthropic,           // POST /v1/messages
  gemini,              // generateContent, streamGenerateContent: providers only
  bedrock,             // Converse, ConverseStream: providers only
};
std::string_view name(Dialect dialect);

enum class Role : std::uint8_t { system, user, assistant, tool };
std::string_view name(Role role);

struct Message {
  Role role = Role::user;
  std::string_view text;  // all text parts, joined by newlines
  std::uint16_t images = 0;
  std::uint16_t audios = 0;
  std::uint16_t files = 0;
  std::uint16_t tool_calls = 0;  // made by the assistant in this turn
};

// What kind of output was asked for.
enum class OutputFormat : std::uint8_t { text, json_object, json_schema };

// A half-open range of bytes in the body, for the lossless splice.
struct ByteRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Request {
  Dialect dialect = Dialect::openai_chat;
  std::string_view model;                // as the client wrote it
  std::vector<std::string_view> models;  // the body's `models` list, if any
  std::vector<Message> messages;
  bool stream = false;
  bool include_usage = false;  // stream_options.include_usage
  OutputFormat format = OutputFormat::text;
  std::uint32_t tools = 0;  // tools offered
  bool tool_choice_forced = false;
  std::optional<std::int64_t> max_output_tokens;
  std::int64_t answers = 1;  // `n`
  bool wants_logprobs = false;
  bool wants_audio = false;  // audio among the output modalities
  std::string_view reasoning_effort;
  std::string_view user;
  std::string_view session;  // prompt_cache_key, or what the header x-session-id said
  std::vector<std::pair<std::string_view, std::string_view>> metadata;

  // Where the codec found what a same-dialect route replaces. Every occurrence, should a key stand there twice.
  std::vector<ByteRange> model_values;  // the JSON value with its quotes
  std::vector<ByteRange> stream_options_values;
  std::vector<ByteRange> models_members;  // whole members with their comma: a triaged extension, cut out upstream
  std::size_t messages_end =
      0;  // the closing bracket of `messages`, which is not empty: more can be added there; 0 none
  std::size_t object_begin = 0;  // just behind the opening brace, where a member can be added
  std::size_t body_bytes = 0;

  std::uint32_t images() const;
  std::uint32_t audios() const;
  std::uint32_t files() const;
  std::size_t text_bytes() const;  // of all messages

  // All of it, for targets of another dialect; null where none of the plan's is.
  std::shared_ptr<const Conversation> conversation;

  // Storage behind the views.
  std::shared_ptr<const std::string> text_;
};

}  // namespace triaged::chat
