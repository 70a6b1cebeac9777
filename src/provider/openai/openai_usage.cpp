#include "provider/openai/openai_usage.hpp"

#include "provider/token_count.hpp"

#include <algorithm>

namespace triaged::provider {
namespace {

void raise(std::int64_t& figure, std::optional<std::int64_t> count) { figure = std::max(figure, count.value_or(0)); }

void read_prompt_details(JsonReader& reader, UsageFigures& figures) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    const auto count = read_token_count(reader);
    if (key.equals("cached_tokens")) raise(figures.cached, count);
    if (key.equals("audio_tokens")) raise(figures.audio_input, count);
    const bool write = key.equals("cache_write_tokens") || key.equals("cache_creation_tokens") ||
                       key.equals("cache_creation_input_tokens");
    if (write) raise(figures.cache_write, count);
  }
}

void read_completion_details(JsonReader& reader, UsageFigures& figures) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    const auto count = read_token_count(reader);
    if (key.equals("reasoning_tokens")) raise(figures.reasoning, count);
    if (key.equals("audio_tokens")) raise(figures.audio_output, count);
  }
}

// Some providers report cached or reasoning tokens beside the main figure instead of within it. Where there is a total,
// the gap between it and the main figures tells which; else a part that exceeds its whole does.
void include_what_stands_outside(UsageFigures& figures) {
  std::int64_t& prompt = *figures.prompt;
  std::int64_t& completion = *figures.completion;
  const std::int64_t cache = figures.cached + figures.cache_write;
  if (!figures.total) {
    if (figures.reasoning > completion) completion += figures.reasoning;
    if (cache > prompt) prompt += cache;
    return;
  }
  const std::int64_t gap = *figures.total - prompt - completion;
  if (gap <= 0) return;
  const bool is_cache = gap == cache || gap == figures.cached || gap == figures.cache_write;
  if (gap != figures.reasoning && is_cache) {
    prompt += gap;
    return;
  }
  if (gap == figures.reasoning + cache && cache > 0) {
    prompt += cache;
    completion += figures.reasoning;
    return;
  }
  // Unexplained tokens are thought that was not reported by name: billed as output, not shown.
  const bool within = figures.reasoning <= completion && figures.reasoning != gap;
  figures.reasoning = within ? figures.reasoning + gap : std::max(figures.reasoning, gap);
  completion += gap;
}

// Takes at most what is left; true if it had to be cut.
bool take(std::int64_t& left, std::int64_t wanted, std::int64_t& taken) {
  taken = std::min(left, wanted);
  left -= taken;
  return taken != wanted;
}

}  // namespace

std::optional<chat::Usage> normalise(UsageFigures figures) {
  if (!figures.prompt && !figures.completion) return {};
  const std::int64_t known = figures.prompt.value_or(0) + figures.completion.value_or(0);
  if (figures.total == 0 && known > 0) figures.total.reset();
  if (!figures.prompt) figures.prompt = std::max<std::int64_t>(0, figures.total.value_or(known) - known);
  if (!figures.completion) figures.completion = std::max<std::int64_t>(0, figures.total.value_or(known) - known);
  include_what_stands_outside(figures);

  std::int64_t prompt = *figures.prompt;
  std::int64_t completion = *figures.completion;
  bool cut = false;
  if (figures.total && prompt + completion > *figures.total) {  // a total smaller than its parts
    completion = std::max<std::int64_t>(0, *figures.total - prompt);
    prompt = *figures.total - completion;
    cut = true;
  }

  chat::Usage usage;
  cut |= take(prompt, figures.cached, usage.cached_input);
  cut |= take(prompt, figures.cache_write, usage.cache_write_5m);
  cut |= take(prompt, figures.audio_input, usage.audio_input);
  usage.input = prompt;
  cut |= take(completion, figures.reasoning, usage.reasoning);
  cut |= take(completion, figures.audio_output, usage.audio_output);
  usage.output = completion;
  usage.certainty = cut ? chat::Certainty::estimated : chat::Certainty::exact;
  return usage;
}

std::optional<chat::Usage> read_usage(JsonReader& reader) {
  if (!reader.enter_object_or_skip()) return {};
  UsageFigures figures;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("prompt_tokens")) {
      figures.prompt = read_token_count(reader);
    } else if (key.equals("completion_tokens")) {
      figures.completion = read_token_count(reader);
    } else if (key.equals("total_tokens")) {
      figures.total = read_token_count(reader);
    } else if (key.equals("prompt_tokens_details")) {
      read_prompt_details(reader, figures);
    } else if (key.equals("completion_tokens_details")) {
      read_completion_details(reader, figures);
    } else if (key.equals("prompt_cache_hit_tokens") || key.equals("cached_tokens") ||
               key.equals("cache_read_input_tokens")) {
      raise(figures.cached, read_token_count(reader));
    } else if (key.equals("cache_creation_input_tokens")) {
      raise(figures.cache_write, read_token_count(reader));
    } else if (key.equals("reasoning_tokens")) {
      raise(figures.reasoning, read_token_count(reader));
    } else {
      reader.skip();
    }
  }
  return normalise(figures);
}

}  // namespace triaged::provider
