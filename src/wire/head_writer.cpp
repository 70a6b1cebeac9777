#include "triaged/wire/head_writer.hpp"

#include "wire/characters.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace triaged::wire {

namespace {

template <int base, class Integer>
void append_integer(std::string& out, Integer value) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, base).ptr;
  out.append(digits.data(), end);
}

void append_percent(std::string& out, char c) {
  static constexpr std::string_view hex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += hex[byte >> 4U];
  out += hex[byte & 15U];
}

bool fits_a_target(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7F;
}

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 102: return "Processing";
    case 103: return "Early Hints";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 203: return "Non-Authoritative Information";
    case 204: return "No Content";
    case 205: return "Reset Content";
    case 206: return "Partial Content";
    case 207: return "Multi-Status";
    case 208: return "Already Reported";
    case 226: return "IM Used";
    case 300: return "Multiple Choices";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 305: return "Use Proxy";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 407: return "Proxy Authentication Required";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 423: return "Locked";
    case 424: return "Failed Dependency";
    case 425: return "Too Early";
    case 426: return "Upgrade Required";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 451: return "Unavailable For Legal Reasons";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 506: return "Variant Also Negotiates";
    case 507: return "Insufficient Storage";
    case 508: return "Loop Detected";
    case 511: return "Network Authentication Required";
    case 529: return "Site Overloaded";  // not registered, but several model providers answer with it
    default: return "Unknown";
  }
}

void append_status_line(std::string& out, int status) {
  // The grammar demands three digits; a status that has not is a mistake of ours and becomes the status for such.
  const int shown = status >= 100 && status <= 999 ? status : 500;
  out += "HTTP/1.1 ";
  append_integer<10>(out, shown);
  out += ' ';
  out += reason_phrase(shown);
  out += "\r\n";
}

void append_request_line(std::string& out, std::string_view method, std::string_view target) {
  out += method;
  out += ' ';
  if (std::all_of(target.begin(), target.end(), [](char c) { return fits_a_target(c); })) {
    out += target;
  } else {
    for (const char c : target) {
      if (fits_a_target(c)) {
        out += c;
      } else {
        append_percent(out, c);
      }
    }
  }
  out += " HTTP/1.1\r\n";
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  if (is_token(name)) append_known_field(out, name, value);
}

void append_known_field(std::string& out, std::string_view name, std::string_view value) {
  std::array<char, 256> line;  // put together here: one append for all of it
  const std::size_t size = name.size() + value.size() + 4;
  if (size > line.size() || may_hold_control(value)) {
    out.append(name).append(": ");
    std::replace_copy_if(value.begin(), value.end(), std::back_inserter(out), is_control, ' ');
    out += "\r\n";
    return;
  }
  char* to = std::copy(name.begin(), name.end(), line.data());
  *to++ = ':';
  *to++ = ' ';
  to = std::copy(value.begin(), value.end(), to);
  *to++ = '\r';
  *to++ = '\n';
  out.append(line.data(), size);
}

void append_length_field(std::string& out, std::size_t length) {
  out += "Content-Length: ";
  append_integer<10>(out, length);
  out += "\r\n";
}

void end_head(std::string& out) { out += "\r\n"; }

void append_chunk(std::string& out, std::string_view data) {
  if (data.empty()) return;
  append_integer<16>(out, data.size());
  out += "\r\n";
  out += data;
  out += "\r\n";
}

std::string_view last_chunk() { return "0\r\n\r\n"; }

std::string_view continue_response() { return "HTTP/1.1 100 Continue\r\n\r\n"; }

}  // namespace triaged::wire
