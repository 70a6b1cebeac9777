#include "triaged/wire/sse.hpp"

#include <algorithm>

namespace triaged::wire {

namespace {

constexpr std::string_view line_ends = "\r\n";

void append_in_one_line(std::string& out, std::string_view text) {
  const std::size_t begin = out.size();
  out += text;
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
}

}  // namespace

void append_sse_data(std::string& out, std::string_view data) {
  for (;;) {
    const std::size_t feed = std::min(data.find('\n'), data.size());
    const std::size_t end = std::min(data.substr(0, feed).find('\r'), feed);
    out += "data: ";
    out += data.substr(0, end);
    out += '\n';
    if (end == data.size()) break;
    data.remove_prefix(end + (data.substr(end, 2) == line_ends ? 2 : 1));
  }
  out += '\n';
}

void append_sse_event(std::string& out, std::string_view event, std::string_view data) {
  if (!event.empty()) {
    out += "event: ";
    append_in_one_line(out, event);
    out += '\n';
  }
  append_sse_data(out, data);
}

void append_sse_comment(std::string& out, std::string_view text) {
  out += ": ";
  append_in_one_line(out, text);
  out += "\n\n";
}

}  // namespace triaged::wire
