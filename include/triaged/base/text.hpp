// Small text functions that the standard library lacks. ASCII only unless a name says otherwise.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged {

std::string_view trim(std::string_view text);
char lower(char c);
std::string to_lower(std::string_view text);
bool iequals(std::string_view a, std::string_view b);
std::vector<std::string_view> split(std::string_view text, char separator);
std::optional<std::uint64_t> parse_uint(std::string_view text);  // all digits, no sign, no overflow

// Edit distance (Levenshtein), for "did you mean"; stops counting above `limit` and returns limit + 1.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit = 8);
// The candidate nearest to `word` within a third of its length, "" if none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

// "1.5s", "250ms", "2m", "1h", "30d": one number with a unit (ns us ms s m h d). Nothing else is accepted.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);
std::string format_duration(std::chrono::nanoseconds duration);  // "1.5s"; shortest exact form

// Percent-encoding (RFC 3986): everything but unreserved characters, appended to `out`; and back, where what is no
// proper escape stays as it is.
void append_percent_encoded(std::string& out, std::string_view text);
std::string percent_decoded(std::string_view text);

// JSON string escaping, appended to `out` without the quotes. Input is assumed to be UTF-8 and passed on as it is.
void append_json_escaped(std::string& out, std::string_view text);
void append_json_string(std::string& out, std::string_view text);  // with the quotes

// True if all bytes form valid UTF-8.
bool valid_utf8(std::string_view text);

}  // namespace triaged
