#include "provider/anthropic/anthropic_usage.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace triaged::provider {
namespace {

constexpr std::int64_t most = std::int64_t{1} << 40;  // sums stay far from overflow

// Not negative; nothing for null and other types, which are skipped.
std::optional<std::int64_t> take_count(JsonReader& reader) {
  if (reader.peek() != JsonType::number) {
    reader.skip();
    return std::nullopt;
  }
  const auto value = json_integer(reader.take_number());
  if (!value) return std::nullopt;
  return std::clamp<std::int64_t>(*value, 0, most);
}

// One member of an object of numbers.
std::optional<std::int64_t> take_member(JsonReader& reader, std::string_view name) {
  std::optional<std::int64_t> found;
  if (!reader.enter_object_or_skip()) return found;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals(name)) {
      if (const auto count = take_count(reader)) found = count;
    } else {
      reader.skip();
    }
  }
  return found;
}

void keep(std::int64_t& figure, std::optional<std::int64_t> told) { figure = told.value_or(figure); }

}  // namespace

void AnthropicUsage::read(JsonReader& reader) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("input_tokens")) {
      if (const auto count = take_count(reader)) input_ = count;
    } else if (key.equals("output_tokens")) {
      if (const auto count = take_count(reader)) output_ = count;
    } else if (key.equals("cache_read_input_tokens")) {
      keep(cache_read_, take_count(reader));
    } else if (key.equals("cache_creation_input_tokens")) {
      keep(cache_write_, take_count(reader));
    } else if (key.equals("cache_creation")) {
      keep(cache_write_1h_, take_member(reader, "ephemeral_1h_input_tokens"));
    } else if (key.equals("output_tokens_details")) {
      keep(thinking_, take_member(reader, "thinking_tokens"));
    } else {
      reader.skip();
    }
  }
}

std::optional<chat::Usage> AnthropicUsage::normalised() const {
  if (!input_ || !output_) return std::nullopt;
  chat::Usage usage;
  usage.input = *input_;
  usage.cached_input = cache_read_;
  usage.cache_write_1h = std::min(cache_write_1h_, cache_write_);
  usage.cache_write_5m = cache_write_ - usage.cache_write_1h;
  usage.reasoning = std::min(thinking_, *output_);
  usage.output = *output_ - usage.reasoning;
  usage.certainty = chat::Certainty::exact;
  return usage;
}

}  // namespace triaged::provider
