// What the dispatcher tells the client, through whoever speaks the client's dialect (server). One reply per request:
// either a stream (begin, events, flush ... end or break), or one answer, or one failure.
#pragma once

#include "triaged/base/ids.hpp"
#include "triaged/base/money.hpp"
#include "triaged/base/result.hpp"
#include "triaged/chat/event.hpp"
#include "triaged/chat/request.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/net/task.hpp"
#include "triaged/provider/provider.hpp"
#include "triaged/routing/plan.hpp"
#include "triaged/wire/headers.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::dispatch {

// One line of an answer's history.
struct AttemptNote {
  std::size_t target = 0;
  std::size_t tier = 0;
  std::string_view outcome;  // ledger::Outcome
  std::string error;         // kind or failure class; "" when answered
  int upstream_status = 0;
  std::optional<NanoDollars> cost;
};

// What is told with every answer, in headers and, if wanted, in the body. Views and references outlive the reply.
struct AnswerInfo {
  const config::Settings* settings = nullptr;
  const routing::Plan* plan = nullptr;
  RequestId id;
  std::size_t target = 0;  // that answers; the last one tried when all failed
  std::size_t tier = 0;
  const std::vector<AttemptNote>* attempts = nullptr;
  std::size_t running = 0;                            // attempts that are not among them yet, because a stream begins
  const std::vector<std::string>* dropped = nullptr;  // of the request, because the target cannot be told; null: none
  std::string_view raised;                            // why it started above the plan's tier, "" if it did not
  bool continued = false;                             // a stream broke and another target went on with it
  std::optional<NanoDollars> cost;       // of attempts and side calls; empty while a stream runs or when one is unknown
  std::optional<NanoDollars> side_cost;  // of the side calls among them
  std::optional<NanoDollars> saved;
  const provider::Provider* provider = nullptr;  // whose response header fields may be passed on; null: none
  const wire::Headers* upstream_headers = nullptr;
};

// An upstream's own error answer, relayed when it was the only attempt.
struct UpstreamAnswer {
  int status = 502;
  chat::Dialect dialect = chat::Dialect::openai_chat;  // of the body
  std::string content_type;
  std::string body;
};

class EventWriter {
 public:
  virtual ~EventWriter() = default;
  virtual void event(const chat::Event& event) = 0;
};

class Reply : public EventWriter {
 public:
  // A stream that may begin: what an earlier attempt wrote and never flushed is forgotten.
  virtual void begin_stream(const AnswerInfo& info) = 0;
  // The stream broke, and what comes now is another target's, which goes on with it.
  virtual void continue_stream(const AnswerInfo& info) = 0;
  // Sends what event() collected; the first flush sends the head and commits. Error: client_gone.
  virtual net::Task<Result<void>> flush() = 0;
  // A comment in the stream that was begun, which clients skip: tells that the connection is alive.
  virtual net::Task<Result<void>> comment() = 0;
  // The stream is whole: what is left, the trailer object if wanted, the dialect's end. Its row is booked by now.
  virtual net::Task<Result<void>> end_stream(const AnswerInfo& info) = 0;
  // The stream broke after it was begun: an error event in-band, and an end that no client takes for a clean one.
  virtual net::Task<Result<void>> break_stream(const Error& error) = 0;
  virtual net::Task<Result<void>> answer(const AnswerInfo& info, std::string_view body) = 0;
  virtual net::Task<Result<void>> fail(const AnswerInfo& info, const Error& error, std::optional<Duration> retry_after,
                                       const UpstreamAnswer* relayed) = 0;

  virtual bool client_gone() const = 0;
  // Called at most once, on this thread, when the client is noticed to have left. Empty: nobody listens any more.
  virtual void on_client_gone(std::function<void()> notice) = 0;
};

}  // namespace triaged::dispatch
