#include "triaged/base/result.hpp"

#include <stdexcept>

namespace triaged {

std::string_view name(Blame blame) {
  switch (blame) {
    case Blame::client: return "client";
    case Blame::upstream: return "upstream";
    case Blame::gateway: return "gateway";
  }
  return "gateway";
}

std::string_view name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid_request: return "invalid_request";
    case ErrorKind::unauthorized: return "unauthorized";
    case ErrorKind::forbidden: return "forbidden";
    case ErrorKind::not_found: return "not_found";
    case ErrorKind::method_not_allowed: return "method_not_allowed";
    case ErrorKind::too_large: return "too_large";
    case ErrorKind::head_too_large: return "head_too_large";
    case ErrorKind::unsupported_media_type: return "unsupported_media_type";
    case ErrorKind::request_timeout: return "request_timeout";
    case ErrorKind::client_gone: return "client_gone";
    case ErrorKind::dns: return "dns";
    case ErrorKind::connect: return "connect";
    case ErrorKind::tls: return "tls";
    case ErrorKind::reset: return "reset";
    case ErrorKind::connect_timeout: return "connect_timeout";
    case ErrorKind::head_timeout: return "head_timeout";
    case ErrorKind::first_content_timeout: return "first_content_timeout";
    case ErrorKind::idle_timeout: return "idle_timeout";
    case ErrorKind::total_timeout: return "total_timeout";
    case ErrorKind::protocol: return "protocol";
    case ErrorKind::truncated: return "truncated";
    case ErrorKind::upstream_status: return "upstream_status";
    case ErrorKind::stream_error: return "stream_error";
    case ErrorKind::too_slow: return "too_slow";
    case ErrorKind::poor_answer: return "poor_answer";
    case ErrorKind::unsupported: return "unsupported";
    case ErrorKind::overloaded: return "overloaded";
    case ErrorKind::draining: return "draining";
    case ErrorKind::no_target: return "no_target";
    case ErrorKind::storage: return "storage";
    case ErrorKind::internal: return "internal";
  }
  return "internal";
}

Error::Error(Blame whose, ErrorKind what, int http_status, std::string sentence)
    : blame(whose), kind(what), status(http_status), detail(std::move(sentence)) {}

Error client_error(ErrorKind kind, int status, std::string detail, std::string code, std::string param) {
  Error error(Blame::client, kind, status, std::move(detail));
  error.code = std::move(code);
  error.param = std::move(param);
  return error;
}

Error upstream_error(ErrorKind kind, std::string detail) {
  const bool timed_out = kind == ErrorKind::connect_timeout || kind == ErrorKind::head_timeout ||
                         kind == ErrorKind::first_content_timeout || kind == ErrorKind::idle_timeout ||
                         kind == ErrorKind::total_timeout || kind == ErrorKind::too_slow;
  Error error(Blame::upstream, kind, timed_out ? 504 : 502, std::move(detail));
  error.code = name(kind);
  return error;
}

Error gateway_error(ErrorKind kind, int status, std::string detail) {
  Error error(Blame::gateway, kind, status, std::move(detail));
  error.code = name(kind);
  return error;
}

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  throw std::logic_error("read the value of an error: " + error.detail + " (" + where.file_name() + ":" +
                         std::to_string(where.line()) + ")");
}

}  // namespace triaged
