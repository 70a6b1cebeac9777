// The first byte chooses a limit and a size of pieces, the rest is a stream. However it is split, the same events come
// out, they are those of a plain reading of the rules, and written again they are read back.
#include "triaged/wire/sse.hpp"

#include "fuzz/require.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using triaged::fuzz::require;
using triaged::wire::SseEvent;
using triaged::wire::SseReader;

struct Event {
  std::string event;
  std::string data;
  std::string id;

  bool operator==(const Event&) const = default;
};

struct Outcome {
  std::vector<Event> events;
  bool failed = false;
  bool partial = false;

  bool operator==(const Outcome&) const = default;
};

Outcome read(std::string_view text, std::size_t piece, std::size_t max_event) {
  SseReader reader(max_event);
  Outcome outcome;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, piece);
    text.remove_prefix(part.size());
    if (!reader.put(part)) outcome.failed = true;
    while (const std::optional<SseEvent> event = reader.next()) {
      outcome.events.push_back({std::string(event->event), std::string(event->data), std::string(event->id)});
    }
  }
  outcome.partial = reader.has_partial();
  return outcome;
}

std::vector<std::string> complete_lines(std::string_view text) {
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r' && text[i] != '\n') {
      line += text[i];
      continue;
    }
    lines.push_back(line);
    line.clear();
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
  }
  return lines;
}

// The interpretation of WHATWG HTML section 9.2.6, step by step and without any thought of speed.
std::vector<Event> interpret(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  std::vector<Event> events;
  std::string data;
  std::string type;
  std::string id;
  for (const std::string& line : complete_lines(text)) {
    if (line.empty()) {
      if (!data.empty()) events.push_back({type, data.substr(0, data.size() - 1), id});
      data.clear();
      type.clear();
      continue;
    }
    const std::size_t colon = std::min(line.find(':'), line.size());
    std::string value = line.substr(std::min(colon + 1, line.size()));
    if (!value.empty() && value.front() == ' ') value.erase(0, 1);
    const std::string field = line.substr(0, colon);
    if (field == "data") data += value + "\n";
    if (field == "event") type = value;
    if (field == "id" && value.find('\0') == std::string::npos) id = value;
  }
  return events;
}

bool same_lines(const std::string& written, const std::string& data) {
  SseReader reader;
  require(static_cast<bool>(reader.put(written)), "what is written is not too large");
  const std::optional<SseEvent> event = reader.next();
  return event && event->data == data && !reader.next() && !reader.has_partial();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t limit = (data[0] & 1U) != 0 ? 20 : 1U << 20U;

  const Outcome at_once = read(text, size, limit);
  require(read(text, 1, limit) == at_once, "byte by byte is the same");
  require(read(text, 2U + (data[0] >> 1U), limit) == at_once, "in pieces is the same");
  if (at_once.failed) return 0;

  require(at_once.events == interpret(text), "the events are those of the standard");
  for (const Event& event : at_once.events) {
    std::string written;
    triaged::wire::append_sse_event(written, event.event, event.data);
    require(same_lines(written, event.data), "an event written is read back");
  }
  return 0;
}
