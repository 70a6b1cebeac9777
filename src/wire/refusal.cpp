#include "wire/refusal.hpp"

#include <string>
#include <string_view>

namespace triaged::wire {

namespace {

struct Row {
  int status;
  std::string_view code;
  std::string_view sentence;
};

Row row_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::none: break;
    case Refusal::start_line:
      return {400, "bad_request_line", "The first line is not METHOD SP TARGET SP HTTP/1.1 or a status line."};
    case Refusal::method:
      return {400, "bad_method", "The method holds characters that a token may not hold. Is this plain HTTP, not TLS?"};
    case Refusal::target:
      return {400, "bad_target",
              "The request target holds a space, control, '#' or non-ASCII character: percent-encode it."};
    case Refusal::target_form:
      return {400, "bad_target", "The request target is neither a path nor an http or https URL with a host."};
    case Refusal::target_too_long:
      return {414, "target_too_long", "The request line is longer than this server accepts: send a shorter target."};
    case Refusal::version: return {505, "unsupported_version", "Only HTTP/1.0 and HTTP/1.1 are spoken here."};
    case Refusal::status_code: return {400, "bad_status", "The status code is not between 100 and 599."};
    case Refusal::line_end:
      return {400, "bad_line_end", "A line of the head does not end in CR LF, or holds a bare CR."};
    case Refusal::folded_field:
      return {400, "folded_header", "A header goes on in a line that begins with white space: send it in one line."};
    case Refusal::field_name:
      return {400, "bad_header_name",
              "A header name is empty, holds characters that it may not, or has no colon behind it."};
    case Refusal::field_value:
      return {400, "bad_header_value", "A header value holds a control character or a broken list."};
    case Refusal::head_too_large:
      return {431, "head_too_large",
              "The request line and headers together are too long: send fewer or shorter headers."};
    case Refusal::too_many_fields: return {431, "too_many_headers", "There are too many headers: send fewer."};
    case Refusal::host_missing: return {400, "host_missing", "An HTTP/1.1 request needs a Host header."};
    case Refusal::host_repeated: return {400, "host_repeated", "There is more than one Host header: send one."};
    case Refusal::host_invalid:
      return {400, "host_invalid", "The host is not a name or an address with an optional port."};
    case Refusal::host_differs:
      return {400, "host_differs", "The host of the request target and the Host header differ: send the same in both."};
    case Refusal::content_length:
      return {400, "bad_content_length", "Content-Length is not a plain decimal number below 2^64."};
    case Refusal::content_length_repeated:
      return {400, "content_length_repeated", "There is more than one Content-Length: send one."};
    case Refusal::coding_unknown:
      return {501, "unknown_transfer_coding", "The only transfer coding understood here is chunked."};
    case Refusal::coding_repeated:
      return {400, "transfer_encoding_repeated",
              "Transfer-Encoding is given more than once, or is empty: send chunked once."};
    case Refusal::coding_in_http_1_0:
      return {400, "transfer_encoding_in_http_1_0",
              "HTTP/1.0 has no Transfer-Encoding: use HTTP/1.1 or Content-Length."};
    case Refusal::length_and_coding:
      return {400, "ambiguous_length", "Content-Length and Transfer-Encoding are both present: send only one of them."};
    case Refusal::expectation:
      return {417, "unknown_expectation", "The only expectation understood here is 100-continue."};
    case Refusal::body_too_large: return {413, "body_too_large", "The body is larger than this server accepts."};
    case Refusal::chunk: return {400, "bad_chunk", "A chunk does not have the form SIZE CR LF DATA CR LF."};
    case Refusal::chunk_extensions:
      return {400, "chunk_extensions_too_long", "The chunk extensions are malformed or longer than 4 KiB in total."};
    case Refusal::trailers:
      return {400, "trailers_refused",
              "There are headers behind the last chunk: they are not accepted here, or are too long."};
    case Refusal::switched_protocols:
      return {400, "switched_protocols", "The connection switched to another protocol unasked."};
    case Refusal::too_many_interim:
      return {400, "too_many_interim", "Too many interim (1xx) responses came before the answer."};
  }
  return {400, "bad_message", "The message is not HTTP/1.1."};
}

ErrorKind kind_of(int status) {
  if (status == 413) return ErrorKind::too_large;
  if (status == 431 || status == 414) return ErrorKind::head_too_large;
  return ErrorKind::invalid_request;
}

}  // namespace

Error request_error(Refusal refusal) {
  const Row row = row_of(refusal);
  return client_error(kind_of(row.status), row.status, std::string(row.sentence), std::string(row.code));
}

Error response_error(Refusal refusal) {
  std::string sentence = "The upstream's answer is not sound HTTP/1.1: ";
  sentence += row_of(refusal).sentence;
  return upstream_error(ErrorKind::protocol, std::move(sentence));
}

}  // namespace triaged::wire
