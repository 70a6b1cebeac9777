// Results and errors of the request path. An Error is a value that carries facts: whose fault it was, what kind, and
// what a client may be told. Nothing on the request path throws an exception of ours.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace triaged {

// Whose fault a failure was. Only `upstream` failures count against a provider's health.
enum class Blame : std::uint8_t { client, upstream, gateway };

enum class ErrorKind : std::uint8_t {
  // client
  invalid_request,  // bytes, JSON or parameters that we cannot act on
  unauthorized,     // no key, or a wrong one
  forbidden,        // a key that may not do this
  not_found,        // no such path or model
  method_not_allowed,
  too_large,       // body over the limit
  head_too_large,  // request head over the limit
  unsupported_media_type,
  request_timeout,  // the client did not finish its request in time
  client_gone,      // the client left; never retried, never held against an upstream
  // upstream
  dns,
  connect,  // refused or unreachable: nothing was sent
  tls,
  reset,  // connection closed or reset before an answer was complete
  connect_timeout,
  head_timeout,           // no response head in time
  first_content_timeout,  // a head, but no content in time
  idle_timeout,           // content stopped coming
  total_timeout,          // the whole attempt took too long
  protocol,               // an answer that is not HTTP, JSON or SSE as its dialect demands
  truncated,              // an answer that ended before its own terminal event
  upstream_status,        // an HTTP error status from the provider
  stream_error,           // an error event inside a stream
  too_slow,               // content came, but slower than the target may
  poor_answer,            // a whole answer, or the beginning of one, that a quality gate rejects
  // gateway
  overloaded,
  draining,
  unsupported,  // what the client asked for cannot be told to a target that must not leave it out
  no_target,    // nothing is configured, allowed or healthy enough to send this to
  storage,
  internal,
};

std::string_view name(Blame blame);
std::string_view name(ErrorKind kind);

// `status` is the HTTP status a client is answered with. `detail` is one sentence for the client; it never contains
// keys or prompts. `code` is the machine-readable code of the error body, `param` the request field at fault ("" if
// none).
struct Error {
  Blame blame = Blame::gateway;
  ErrorKind kind = ErrorKind::internal;
  int status = 500;
  std::string detail;
  std::string code;
  std::string param;

  Error() = default;
  Error(Blame whose, ErrorKind what, int http_status, std::string sentence);
};

Error client_error(ErrorKind kind, int status, std::string detail, std::string code = {}, std::string param = {});
Error upstream_error(ErrorKind kind, std::string detail);  // status 502, or 504 for a time-out
Error gateway_error(ErrorKind kind, int status, std::string detail);

// Value or Error. Test with `if (!result)`, read with `*result` and `result.error()` (a copy in this Boost version).
template <class T>
using Result = boost::system::result<T, Error>;

// boost::system::result needs this to be found by argument-dependent look-up: reading a value out of an error throws.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

// How far an attempt got when it failed; decides what may be retried without being billed twice.
enum class Progress : std::uint8_t { nothing_sent, request_sent, response_started };

}  // namespace triaged
