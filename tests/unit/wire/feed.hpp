// Feeds parsers the way a connection does: pieces of any size arrive, what was not used stays in front of the next
// piece.
#pragma once

#include "triaged/wire/request_parser.hpp"
#include "triaged/wire/response_parser.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace triaged::wire {

constexpr std::size_t whole = static_cast<std::size_t>(-1);

struct RequestOutcome {
  int refused = 0;  // the status, 0 if none
  std::string code;
  bool head_done = false;
  bool done = false;
  std::string method;
  std::string target;
  std::string fields;  // "name: value|..."
  std::string body;
  std::size_t used = 0;  // of an accepted message

  bool operator==(const RequestOutcome&) const = default;
};

inline std::string joined(const Headers& headers) {
  std::string text;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    text.append(headers[i].name).append(": ").append(headers[i].value).append("|");
  }
  return text;
}

inline RequestOutcome feed_request(RequestParser& parser, std::string_view bytes, std::size_t piece) {
  RequestOutcome outcome;
  std::string pending;
  while (!bytes.empty() && !parser.done()) {
    const std::string_view part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    pending += part;
    const Result<std::size_t> used = parser.put(pending);
    if (!used) {
      outcome.refused = used.error().status;
      outcome.code = used.error().code;
      break;
    }
    outcome.used += *used;
    pending.erase(0, *used);
  }
  outcome.head_done = parser.head_done();
  outcome.done = parser.done();
  if (outcome.refused != 0) {
    outcome.used = 0;
    return outcome;
  }
  outcome.method = parser.method();
  outcome.target = parser.target();
  outcome.fields = joined(parser.headers());
  outcome.body = parser.body();
  return outcome;
}

inline RequestOutcome feed_request(std::string_view bytes, std::size_t piece, RequestLimits limits = {}) {
  RequestParser parser(limits);
  return feed_request(parser, bytes, piece);
}

struct ResponseOutcome {
  bool refused = false;
  std::string detail;
  bool done = false;  // before the end of the connection
  bool done_at_end = false;
  ErrorKind end_error = ErrorKind::internal;
  int status = 0;
  std::string fields;
  std::string body;
  std::size_t used = 0;

  bool operator==(const ResponseOutcome&) const = default;
};

// Feeds all, then closes the connection unless the message was complete.
inline ResponseOutcome feed_response(ResponseParser& parser, std::string_view bytes, std::size_t piece) {
  ResponseOutcome outcome;
  std::string pending;
  while (!bytes.empty() && !parser.done()) {
    const std::string_view part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    pending += part;
    const Result<std::size_t> used = parser.put(pending, outcome.body);
    if (!used) {
      outcome.refused = true;
      outcome.detail = used.error().detail;
      break;
    }
    outcome.used += *used;
    pending.erase(0, *used);
  }
  outcome.done = parser.done();
  if (!outcome.refused) {
    const Result<void> end = parser.put_eof();
    outcome.done_at_end = parser.done();
    if (!end) outcome.end_error = end.error().kind;
    outcome.status = parser.status();
    outcome.fields = joined(parser.headers());
  } else {
    outcome.used = 0;
  }
  return outcome;
}

inline ResponseOutcome feed_response(std::string_view bytes, std::size_t piece, ResponseLimits limits = {}) {
  ResponseParser parser(limits);
  return feed_response(parser, bytes, piece);
}

}  // namespace triaged::wire
