#include "provider/gemini/gemini_usage.hpp"

#include "provider/token_count.hpp"

#include <algorithm>

namespace triaged::provider {
namespace {

struct Figures {
  std::int64_t prompt = 0;  // with `cached`
  std::int64_t cached = 0;
  std::int64_t answer = 0;
  std::int64_t thoughts = 0;
  std::int64_t tool_prompt = 0;  // what tools of Google's own read for the model
  std::optional<std::int64_t> total;
  std::int64_t audio_prompt = 0;
  std::int64_t audio_cached = 0;
  std::int64_t audio_answer = 0;
};

// [{"modality":"AUDIO","tokenCount":12},...]
std::int64_t read_audio(JsonReader& reader) {
  std::int64_t sum = 0;
  if (!reader.enter_array_or_skip()) return sum;
  while (reader.next_element()) {
    if (!reader.enter_object_or_skip()) continue;
    bool audio = false;
    std::int64_t count = 0;
    JsonString key;
    while (reader.next_member(key)) {
      if (key.equals("modality")) {
        const auto modality = reader.string_or_skip();
        audio = modality && modality->equals("AUDIO");
      } else if (key.equals("tokenCount")) {
        count = read_token_count(reader).value_or(0);
      } else {
        reader.skip();
      }
    }
    if (audio) sum = std::min(sum + count, most_tokens);
  }
  return sum;
}

bool read_figures(JsonReader& reader, Figures& figures) {
  bool any = false;
  const auto take = [&](std::int64_t& figure) {
    const auto count = read_token_count(reader);
    any = any || count.has_value();
    figure = count.value_or(0);
  };
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("promptTokenCount")) {
      take(figures.prompt);
    } else if (key.equals("cachedContentTokenCount")) {
      take(figures.cached);
    } else if (key.equals("candidatesTokenCount")) {
      take(figures.answer);
    } else if (key.equals("thoughtsTokenCount")) {
      take(figures.thoughts);
    } else if (key.equals("toolUsePromptTokenCount")) {
      take(figures.tool_prompt);
    } else if (key.equals("totalTokenCount")) {
      figures.total = read_token_count(reader);
    } else if (key.equals("promptTokensDetails")) {
      figures.audio_prompt = read_audio(reader);
    } else if (key.equals("cacheTokensDetails")) {
      figures.audio_cached = read_audio(reader);
    } else if (key.equals("candidatesTokensDetails")) {
      figures.audio_answer = read_audio(reader);
    } else {
      reader.skip();
    }
  }
  return any;
}

// The total decides where it and the other figures do not go together: thoughts can be within the answer's figure, and
// tokens can be named nowhere but in the total.
void settle_total(Figures& figures) {
  const std::int64_t sum = figures.prompt + figures.answer + figures.thoughts + figures.tool_prompt;
  if (!figures.total || *figures.total == sum) return;
  if (*figures.total == sum - figures.thoughts && figures.answer >= figures.thoughts) {
    figures.answer -= figures.thoughts;
  } else if (*figures.total > sum) {
    figures.answer += *figures.total - sum;
  }
}

}  // namespace

std::optional<chat::Usage> read_gemini_usage(JsonReader& reader) {
  if (!reader.enter_object_or_skip()) return {};
  Figures figures;
  if (!read_figures(reader, figures)) return {};
  settle_total(figures);
  chat::Usage usage;
  usage.cached_input = std::min(figures.cached, figures.prompt);
  const std::int64_t fresh = figures.prompt - usage.cached_input;
  usage.audio_input = std::clamp<std::int64_t>(figures.audio_prompt - figures.audio_cached, 0, fresh);
  usage.input = fresh - usage.audio_input + figures.tool_prompt;
  usage.audio_output = std::min(figures.audio_answer, figures.answer);
  usage.output = figures.answer - usage.audio_output;
  usage.reasoning = figures.thoughts;
  usage.certainty = chat::Certainty::exact;
  return usage;
}

}  // namespace triaged::provider
