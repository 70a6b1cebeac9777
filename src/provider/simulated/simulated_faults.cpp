#include "provider/simulated/simulated_faults.hpp"

#include "triaged/base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace triaged::provider {
namespace {

using std::chrono::milliseconds;

// Reads the value behind '='; false if it is of no use.
using Reader = bool (*)(std::string_view value, Faults& faults);

bool read_number(std::string_view value, std::uint64_t otherwise, std::optional<std::uint64_t>& number) {
  number = value.empty() ? otherwise : parse_uint(value);
  return number.has_value();
}

bool read_duration(std::string_view value, Duration otherwise, Duration& duration) {
  const auto parsed = value.empty() ? std::optional<std::chrono::nanoseconds>(otherwise) : parse_duration(value);
  if (parsed) duration = *parsed;
  return parsed.has_value();
}

bool read_status(std::string_view value, Faults& faults) {
  const auto number = parse_uint(value);
  if (!number || *number < 400 || *number > 599) return false;
  faults.status = static_cast<int>(*number);
  return true;
}

bool read_drip(std::string_view value, Faults& faults) {
  Duration interval{0};
  if (!read_duration(value, milliseconds(500), interval)) return false;
  faults.drip = interval;
  return true;
}

bool read_filter(std::string_view value, Faults& faults) {
  if (!value.empty()) return read_number(value, 0, faults.filtered);
  faults.content_filter = true;
  return true;
}

bool read_flap(std::string_view value, Faults& faults) {
  const std::size_t slash = value.find('/');
  if (slash == std::string_view::npos) return false;
  const auto up = parse_duration(value.substr(0, slash));
  const auto down = parse_duration(value.substr(slash + 1));
  if (!up || !down || *up + *down <= Duration::zero()) return false;
  faults.flap = Flap{*up, *down};
  return true;
}

template <bool Faults::*Flag>
bool read_flag(std::string_view value, Faults& faults) {
  faults.*Flag = true;
  return value.empty();
}

struct Entry {
  std::string_view name;
  Reader read;
};

constexpr std::array<Entry, 20> table{{
    {"status", read_status},
    {"retry_after", [](std::string_view value,
                       Faults& faults) { return !value.empty() && read_number(value, 0, faults.retry_after); }},
    {"reset", read_flag<&Faults::reset>},
    {"silence", read_flag<&Faults::silence>},
    {"slow_first_token",
     [](std::string_view value, Faults& faults) {
       return read_duration(value, std::chrono::seconds(20), faults.slow_first_token);
     }},
    {"drip", read_drip},
    {"cut", [](std::string_view value, Faults& faults) { return read_number(value, 40, faults.cut); }},
    {"stall", [](std::string_view value, Faults& faults) { return read_number(value, 40, faults.stall); }},
    {"malformed", [](std::string_view value, Faults& faults) { return read_number(value, 10, faults.malformed); }},
    {"no_done", read_flag<&Faults::no_done>},
    {"wrong_length", read_flag<&Faults::wrong_length>},
    {"refusal", read_flag<&Faults::refusal>},
    {"empty", read_flag<&Faults::empty>},
    {"bad_json", read_flag<&Faults::bad_json>},
    {"context_length", read_flag<&Faults::context_length>},
    {"content_filter", read_filter},
    {"prefill_refused", read_flag<&Faults::prefill_refused>},
    {"flap", read_flap},
    {"times",
     [](std::string_view value, Faults& faults) {
       return !value.empty() && read_number(value, 0, faults.times) && *faults.times > 0;
     }},
    {"none", [](std::string_view value, Faults&) { return value.empty(); }},
}};

// Takes the next one off the front of the text.
std::optional<std::string_view> next_fault(std::string_view& text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(";,+"), text.size());
    const std::string_view fault = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!fault.empty()) return fault;
  }
  return std::nullopt;
}

Error unknown_fault(std::string_view fault) {
  std::string sentence =
      "'" + std::string(fault) + "' is not a fault that can be simulated, or its value is wrong. Faults are";
  for (const Entry& entry : table) sentence.append(" ").append(entry.name);
  return client_error(ErrorKind::invalid_request, 400, sentence + ".", "unknown_fault", "model");
}

}  // namespace

Result<void> parse_faults(std::string_view text, Faults& faults) {
  while (const std::optional<std::string_view> fault = next_fault(text)) {
    const std::size_t equals = std::min(fault->find('='), fault->size());
    const std::string_view name = fault->substr(0, equals);
    const std::string_view value = equals < fault->size() ? fault->substr(equals + 1) : std::string_view();
    const auto* const entry =
        std::find_if(table.begin(), table.end(), [name](const Entry& candidate) { return candidate.name == name; });
    if (entry == table.end() || !entry->read(value, faults)) return unknown_fault(*fault);
  }
  return {};
}

Faults at(const Faults& faults, Duration since) {
  if (faults.flap && since % (faults.flap->up + faults.flap->down) < faults.flap->up) return {};
  Faults now = faults;
  now.flap.reset();
  now.times.reset();
  if (now == Faults() && faults != now) now.status = 503;
  return now;
}

std::string momentary_words(std::string_view text) {
  std::string words;
  while (const std::optional<std::string_view> fault = next_fault(text)) {
    if (fault->starts_with("flap=") || fault->starts_with("times=")) continue;
    words.append(words.empty() ? "" : ";").append(*fault);
  }
  return words.empty() ? "status=503" : words;
}

}  // namespace triaged::provider
