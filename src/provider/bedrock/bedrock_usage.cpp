#include "provider/bedrock/bedrock_usage.hpp"

#include "provider/token_count.hpp"

#include <algorithm>

namespace triaged::provider {
namespace {

// How much of what was written to the cache is to live for an hour: [{"ttl":"1h","inputTokens":12},...]
std::int64_t read_long_lived(JsonReader& reader) {
  std::int64_t sum = 0;
  if (!reader.enter_array_or_skip()) return sum;
  while (reader.next_element()) {
    if (!reader.enter_object_or_skip()) continue;
    bool long_lived = false;
    std::int64_t count = 0;
    JsonString key;
    while (reader.next_member(key)) {
      if (key.equals("ttl")) {
        const auto life = reader.string_or_skip();
        long_lived = life && life->equals("1h");
      } else if (key.equals("inputTokens")) {
        count = read_token_count(reader).value_or(0);
      } else {
        reader.skip();
      }
    }
    if (long_lived) sum = std::min(sum + count, most_tokens);
  }
  return sum;
}

}  // namespace

// `inputTokens` is what was neither read from the cache nor written to it. Thoughts are within `outputTokens`, and no
// figure tells how many.
std::optional<chat::Usage> read_bedrock_usage(JsonReader& reader) {
  if (!reader.enter_object_or_skip()) return {};
  chat::Usage usage;
  std::int64_t written = 0;
  std::int64_t long_lived = 0;
  bool any = false;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("inputTokens") || key.equals("outputTokens")) {
      const auto count = read_token_count(reader);
      any = any || count.has_value();
      (key.equals("inputTokens") ? usage.input : usage.output) = count.value_or(0);
    } else if (key.equals("cacheReadInputTokens")) {
      usage.cached_input = read_token_count(reader).value_or(0);
    } else if (key.equals("cacheWriteInputTokens")) {
      written = read_token_count(reader).value_or(0);
    } else if (key.equals("cacheDetails")) {
      long_lived = read_long_lived(reader);
    } else {
      reader.skip();
    }
  }
  if (!any) return {};
  usage.cache_write_1h = std::min(long_lived, written);
  usage.cache_write_5m = written - usage.cache_write_1h;
  usage.certainty = chat::Certainty::exact;
  return usage;
}

}  // namespace triaged::provider
