// Bytes of request and response heads and of chunk frames, appended to a caller's buffer. Field values are checked: a
// CR, LF, NUL or other control character (not a tab) in one is replaced by a space, and a field whose name is no token
// is left out, so nothing that we relay can open a new header or a new message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace triaged::wire {

std::string_view reason_phrase(int status);

// "HTTP/1.1 200 OK\r\n"; then any number of append_field; then end_head.
void append_status_line(std::string& out, int status);
// "POST /v1/x HTTP/1.1\r\n"; `target` must hold no space, control or non-ASCII characters (checked: replaced by %XX).
void append_request_line(std::string& out, std::string_view method, std::string_view target);
void append_field(std::string& out, std::string_view name, std::string_view value);
// A name that stands in our own code is a token, and need not be looked at in every head.
void append_known_field(std::string& out, std::string_view name, std::string_view value);
template <std::size_t size>
void append_field(std::string& out, const char (&name)[size], std::string_view value) {
  append_known_field(out, {name, size - 1}, value);
}
void append_length_field(std::string& out, std::size_t length);  // Content-Length
void end_head(std::string& out);

// One chunk of chunked coding: size line, data, CRLF; empty data appends nothing. The last chunk ends the body.
void append_chunk(std::string& out, std::string_view data);
std::string_view last_chunk();  // "0\r\n\r\n"
// "HTTP/1.1 100 Continue\r\n\r\n"
std::string_view continue_response();

}  // namespace triaged::wire
