// The providers' dialects: how a request is written, how answers, stream events and failures are read. Pure; one file
// per provider. Adding one touches its file, the registry in provider.cpp and its tests.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/chat/delta.hpp"
#include "triaged/chat/event.hpp"
#include "triaged/chat/request.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/wire/headers.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {

// An upstream request: head bytes of our own making, and the body as pieces to be written in one gathered write. Pieces
// are views into the client's body and into `owned`: both must outlive the write.
struct Outgoing {
  std::string head;  // request line, fields, blank line
  std::vector<std::string_view> body;
  std::size_t body_bytes = 0;
  std::vector<std::shared_ptr<const std::string>> owned;
  std::vector<std::string> dropped;  // members of the client's request that the target cannot be told
};

// The classes of upstream failure that rules tell apart.
enum class FailureClass : std::uint8_t {
  rate_limited,    // 429
  quota,           // 429 insufficient_quota, 402: this key has no money
  auth,            // 401, 403: this key is not accepted
  overloaded,      // 503, 529
  server_error,    // other 5xx
  timeout,         // 408, 504
  conflict,        // 409
  context_length,  // the prompt does not fit the model's window
  content_policy,  // refused by the provider's filter
  model_missing,   // 404: no such model or deployment at this provider
  bad_request,     // other 4xx: the client's
};
std::string_view name(FailureClass failure_class);

struct Failure {
  FailureClass failure_class = FailureClass::server_error;
  int status = 0;
  std::string message;  // the provider's own sentence, at most 500 bytes
  std::string code;
  std::optional<std::chrono::milliseconds> retry_after;  // retry-after-ms, Retry-After (seconds or HTTP date)
};

class StreamDecoder {
 public:
  virtual ~StreamDecoder() = default;
  // One event of the stream. Error (protocol) for an event that its dialect does not allow. Views in the result are
  // valid until the next call and while `data` is.
  virtual Result<chat::Event> decode(std::string_view event_type, std::string_view data) = 0;
  // Adds what the event decoded last says beyond its text. What is not understood is passed over.
  virtual void add_detail(chat::AnswerDetail& detail) = 0;
};

// How the answers of a provider are read, in one dialect.
class AnswerCodec {
 public:
  virtual ~AnswerCodec() = default;
  virtual chat::Dialect dialect() const = 0;
  // Views in the answer are valid while `body` is and until the next call on this thread.
  virtual Result<chat::Answer> decode_answer(std::string_view body) const = 0;
  virtual void add_answer_detail(std::string_view body, chat::AnswerDetail& detail) const = 0;
  virtual std::unique_ptr<StreamDecoder> make_stream_decoder() const = 0;
  // For answers that have to be written in another dialect. Outlived by the codec.
  virtual std::unique_ptr<chat::AnswerReader> make_reader() const = 0;
};

// What is to be sent. `body` is the client's, untouched; its header fields are passed on where the provider's table
// says so. `key`: which of the provider's keys is sent, below keys(). References outlive the call.
struct Sending {
  const chat::Request& request;
  std::string_view body;
  const wire::Headers& client_headers;
  const config::Target& target;
  std::size_t key = 0;
  WallTime now{};
};

// A request that is passed on unread. References outlive the call.
struct Passing {
  std::string_view method;
  std::string_view path;  // below base_url, with the client's query
  const wire::Headers& client_headers;
  bool chunked = false;                 // how the body is framed ...
  std::optional<std::uint64_t> length;  // ... or how long it is; neither: there is none
  WallTime now{};
};

class Provider {
 public:
  virtual ~Provider() = default;

  // How the answers to requests of that dialect are read. A request whose dialect is the codec's own is passed on as it
  // came; another one is written anew, from Request::conversation.
  virtual const AnswerCodec& codec(chat::Dialect client) const = 0;
  // Error: unsupported, for what the target cannot be told and must not be left out.
  virtual Result<Outgoing> build(const Sending& sending) const = 0;
  virtual std::string build_get(std::string_view path) const = 0;  // a whole request without a body, below base_url
  // The head of a request that is passed on: the client's as far as it means something upstream, with the provider's
  // first key in place of the client's.
  virtual std::string build_passed(const Passing& passing) const = 0;
  virtual std::size_t keys() const = 0;  // at least 1: no key counts as one
  virtual Failure read_failure(int status, const wire::Headers& headers, std::string_view body, WallTime now) const = 0;
  // Response header fields of the provider that are passed on to the client (x-request-id, openai-*, x-ratelimit-*
  // ...).
  virtual bool passes_response_header(std::string_view name) const = 0;
};

// `settings` outlives the provider.
std::unique_ptr<Provider> make_provider(const config::Provider& settings);

// Usage estimated when a provider gave none (a cut stream, a client that left): characters by script. Marked
// `estimated`.
chat::Usage estimate_usage(std::int64_t input_tokens, std::uint64_t output_characters);

}  // namespace triaged::provider
