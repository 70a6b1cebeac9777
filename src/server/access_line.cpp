#include "server/access_line.hpp"

#include "triaged/base/text.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace triaged::server {
namespace {

constexpr std::size_t longest_excerpt = 200;

void add_text(std::string& out, std::string_view key, std::string_view value) {
  out += ",\"";
  out += key;
  out += "\":";
  append_json_string(out, value);
}

void add_number(std::string& out, std::string_view key, std::int64_t value) {
  out += ",\"";
  out += key;
  out += "\":";
  out += std::to_string(value);
}

void add_milliseconds(std::string& out, std::string_view key, Duration value) {
  std::array<char, 32> digits{};
  const double ms = std::chrono::duration<double, std::milli>(value).count();
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), ms, std::chars_format::fixed, 3);
  out += ",\"";
  out += key;
  out += "\":";
  out.append(digits.data(), end.ptr);
}

void add_dollars(std::string& out, std::string_view key, const std::optional<NanoDollars>& value) {
  out += ",\"";
  out += key;
  out += "\":";
  out += value ? format_dollars(*value) : std::string("null");
}

// Cut at a character's end, so that the line stays valid UTF-8.
std::string_view excerpt(std::string_view text) {
  if (text.size() <= longest_excerpt) return text;
  std::size_t end = longest_excerpt;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

void add_decision(std::string& out, const routing::Plan& plan, const config::Settings& settings) {
  add_text(out, "requested_model", plan.wanted.model);
  add_text(out, "task", routing::name(plan.task.best));
  out += ",\"complexity\":";
  std::array<char, 16> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), plan.complexity.value, std::chars_format::fixed, 3);
  out.append(digits.data(), end.ptr);
  add_text(out, "planned_tier", settings.tier_name(plan.tier));
  if (settings.log.prompts) add_text(out, "prompt", excerpt(plan.features.task_text));
}

void add_outcome(std::string& out, const dispatch::Finished& finished, const config::Settings& settings) {
  add_text(out, "tier", settings.tier_name(finished.tier));
  if (finished.attempts > 0) add_text(out, "model", settings.targets[finished.target].name);
  add_number(out, "attempts", static_cast<std::int64_t>(finished.attempts));
  out += finished.complete ? ",\"complete\":true" : ",\"complete\":false";
  add_number(out, "input_tokens", finished.usage.total_input());
  add_number(out, "output_tokens", finished.usage.total_output());
  add_dollars(out, "cost_usd", finished.cost);
  add_dollars(out, "saved_usd", finished.saved);
  add_milliseconds(out, "first_content_ms", finished.first_content);
  add_milliseconds(out, "overhead_ms", finished.overhead);
}

void add_passed(std::string& out, const AccessLine& line) {
  add_text(out, "task", dispatch::pass_name);
  add_text(out, "provider", line.provider);
  add_number(out, "received", static_cast<std::int64_t>(line.received));
  add_number(out, "attempts", static_cast<std::int64_t>(line.passed->attempts));
  out += line.passed->complete ? ",\"complete\":true" : ",\"complete\":false";
}

}  // namespace

std::string timestamp(WallTime at) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(at));
  const auto milliseconds = at.time_since_epoch().count() % 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 40> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03dZ", static_cast<int>(milliseconds));
  return std::string(text.data(), size) + fraction.data();
}

std::string access_json(const AccessLine& line, const config::Settings& settings) {
  std::string out;
  out.reserve(640);
  out += "{\"time\":\"" + timestamp(line.at) + "\"";
  add_text(out, "id", line.id.text());
  add_text(out, "endpoint", line.endpoint);
  add_text(out, "method", line.method);
  add_text(out, "path", line.path);
  add_number(out, "status", line.status);
  add_number(out, "bytes", static_cast<std::int64_t>(line.bytes));
  add_milliseconds(out, "total_ms", line.total);
  if (!line.key.empty()) add_text(out, "key", line.key);
  if (line.plan != nullptr) add_decision(out, *line.plan, settings);
  if (!line.requested_model.empty()) add_text(out, "requested_model", excerpt(line.requested_model));
  if (line.finished != nullptr) add_outcome(out, *line.finished, settings);
  if (line.passed != nullptr) add_passed(out, line);
  const std::string_view error = line.finished != nullptr ? std::string_view(line.finished->error) : line.error;
  if (!error.empty()) add_text(out, "error", error);
  out += ",\"config\":\"" + settings.hash + "\"}";
  return out;
}

}  // namespace triaged::server
