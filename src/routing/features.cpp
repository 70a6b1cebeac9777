#include "triaged/routing/features.hpp"

#include "routing/asked_length.hpp"
#include "routing/feature_phrases.hpp"
#include "routing/follow_up.hpp"
#include "routing/language.hpp"
#include "routing/salience.hpp"
#include "routing/shape.hpp"
#include "routing/words.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace triaged::routing {

namespace {

constexpr Tokenizer usual = Tokenizer::o200k;
constexpr std::int64_t tokens_per_message = 4;   // what chat templates add around each
constexpr std::int64_t bare_frame = 16;          // what a bare message takes besides its text
constexpr std::int64_t tokens_per_image = 1000;  // between a thumbnail's 85 and a full page's 1,600
constexpr std::int64_t tokens_per_audio = 600;   // a minute of speech
constexpr std::int64_t tokens_per_file = 3000;
constexpr std::int64_t tokens_per_tool = 60;       // the least a tool takes
constexpr std::size_t counted_bytes = 16U << 10U;  // so much text is looked at, the rest is taken in proportion

TextCounts count_texts(const chat::Request& request, std::string_view task, const TextCounts& task_counts) {
  std::size_t looked_at = 0;
  std::size_t known_bytes = 0;
  std::size_t other_bytes = 0;
  TextCounts counts;
  for (auto message = request.messages.rbegin(); message != request.messages.rend(); ++message) {
    if (looked_at >= counted_bytes) {
      other_bytes += message->text.size();
      continue;
    }
    const bool is_task = message->text.data() == task.data() && message->text.size() == task.size();
    counts += is_task ? task_counts : count_text(message->text);
    known_bytes += message->text.size();
    looked_at += std::min(message->text.size(), counted_whole);
  }
  if (other_bytes > 0) counts *= 1.0F + static_cast<float>(other_bytes) / static_cast<float>(known_bytes);
  return counts;
}

// The schemas of tools are not part of the text: they are what the body holds besides, unless media hide their size.
std::int64_t count_tools(const chat::Request& request, bool media) {
  if (request.tools == 0) return 0;
  const std::int64_t least = static_cast<std::int64_t>(request.tools) * tokens_per_tool;
  if (media) return 2 * least;
  const std::size_t escapes = request.text_bytes() / 16;
  const std::size_t frames = 40 * request.messages.size();
  const std::size_t known = request.text_bytes() + escapes + frames;
  const std::size_t rest = request.body_bytes > known ? request.body_bytes - known : 0;
  return std::max(least, static_cast<std::int64_t>(rest / 4));
}

void add_structure(const chat::Request& request, Features& features) {
  features.tools = request.tools;
  features.format = request.format;
  features.max_output_tokens = request.max_output_tokens.value_or(0);
  for (const chat::Message& message : request.messages) {
    if (message.role == chat::Role::user) ++features.turns;
    if (message.role == chat::Role::tool) ++features.tool_results;
    if (message.tool_calls > 0) features.assistant_called_tools = true;
    features.images += message.images;
    features.audios += message.audios;
    features.files += message.files;
  }
  const bool media = features.images + features.audios + features.files > 0;
  features.beside_texts =
      count_tools(request, media) + tokens_per_message * static_cast<std::int64_t>(request.messages.size()) +
      tokens_per_image * features.images + tokens_per_audio * features.audios + tokens_per_file * features.files;
}

void add_sizes(const chat::Request& request, const TaskText& task, Features& features) {
  const TextCounts counts = count_text(task.text);
  features.task_tokens = estimate_tokens(counts, usual);
  features.trained_task_tokens = trained_tokens(task.text);
  features.last_turn_tokens = task.is_follow_up ? estimate_tokens(task.last, usual) : features.task_tokens;
  features.texts = count_texts(request, task.text, counts);
  features.input_tokens = input_tokens_of(features, usual);
  features.history_tokens = std::max<std::int64_t>(0, features.input_tokens - features.task_tokens - bare_frame);
}

std::int64_t tokens_per_unit(std::uint16_t unit) {
  switch (unit) {
    case unit_page: return 600;
    case unit_slide: return 120;
    case unit_chapter: return 5000;
    case unit_document: return 3000;
    case unit_word: return 1;
    case unit_line: return 12;
    default: return 0;
  }
}

// The digits at `at`, with the group before a comma where they continue one ("1,200"); capped, so that nothing
// overflows. What mentioned_tokens was made with when models were trained, and not to be improved without them.
std::int64_t read_number(std::string_view text, std::size_t at) {
  constexpr std::int64_t most = 1'000'000;
  const auto digit = [text](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  std::size_t begin = at;
  if (begin >= 2 && text[begin - 1] == ',' && digit(begin - 2)) {
    --begin;
    while (begin > 0 && at - begin < 5 && digit(begin - 1)) --begin;
  }
  std::int64_t value = 0;
  for (std::size_t i = begin; digit(i) || (i < at && text[i] == ','); ++i) {
    if (text[i] == ',') continue;
    value = std::min(most, value * 10 + (text[i] - '0'));
  }
  return value;
}

// Sizes above this differ in nothing that routing could do about them.
constexpr std::int64_t most_mentioned = 10'000'000;
constexpr std::int64_t large_document_tokens = 20'000;
constexpr std::int64_t attached_document_tokens = 1'500;

void add_phrase(std::uint16_t id, std::string_view text, const Words& words, std::size_t i, Features& features) {
  switch (id) {
    case constraint: ++features.constraints; return;
    case reasoning: ++features.reasoning_cues; return;
    case domain: ++features.domain_cues; return;
    case large_document: features.mentioned_tokens += large_document_tokens; break;
    case attached_document: features.mentioned_tokens += attached_document_tokens; break;
    default: {
      const bool counted = i > 0 && (words[i - 1].flags & word_flag::number) != 0;
      if (!counted) return;
      features.mentioned_tokens += read_number(text, words[i - 1].begin) * tokens_per_unit(id);
      break;
    }
  }
  features.mentioned_tokens = std::min(features.mentioned_tokens, most_mentioned);
}

void add_words(std::string_view text, const Words& words, Features& features) {
  const Salience salience(words);
  const Phrases& phrases = feature_phrases();
  std::array<std::size_t, one_paragraph + 1> next{};  // a phrase within a longer one of the same kind counts once
  AskedLength asked(text, words, features.language);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Word& word = words[i];
    if ((word.flags & word_flag::sentence_start) != 0) ++features.sentences;
    if ((word.flags & word_flag::number) != 0) ++features.numbers;
    phrases.match(words, i, [&](std::uint16_t id, std::size_t length) {
      // The field shows in the document, too; all else is what the instruction asks for.
      const bool counts = id == domain ? i < words.tail_begin() : salience.in_instruction(i);
      if (i < next[id] || !counts) return;
      next[id] = i + length;
      if (id >= length_word) return asked.add(id, i, length);
      add_phrase(id, text, words, i, features);
    });
  }
  features.asked_output_tokens = asked.tokens();
  features.words = static_cast<std::uint32_t>(words.size());
  if (words.scanned_bytes() > 0 && words.scanned_bytes() < text.size()) {
    const double share = static_cast<double>(text.size()) / static_cast<double>(words.scanned_bytes());
    features.words = static_cast<std::uint32_t>(std::min(4e9, static_cast<double>(words.size()) * share));
  }
}

std::uint32_t count_questions(std::string_view text) {
  const std::string_view head = text.substr(0, head_bytes + tail_bytes);
  std::uint32_t count = 0;
  for (const std::string_view mark : {"?", "\xEF\xBC\x9F"}) {
    for (std::size_t at = head.find(mark); at != std::string_view::npos; at = head.find(mark, at + mark.size()))
      ++count;
  }
  if (text.size() > head.size() && text.back() == '?') ++count;
  return count;
}

}  // namespace

std::int64_t input_tokens_of(const Features& features, Tokenizer tokenizer) {
  return features.beside_texts + estimate_tokens(features.texts, tokenizer);
}

Features extract_features(const chat::Request& request) {
  Words words;
  Features features = extract_features(request, words);
  features.task_words = nullptr;
  return features;
}

Features extract_features(const chat::Request& request, Words& words) {
  Features features;
  const TaskText task = find_task_text(request);
  features.task_text = task.text;
  features.is_follow_up = task.is_follow_up;
  features.questions = count_questions(task.text);
  add_structure(request, features);
  add_sizes(request, task, features);

  words.scan(task.text);
  features.task_words = &words;
  features.language = detect_language(task.text, words);
  add_words(task.text, words, features);

  const Shape shape = scan_shape(task.text);
  features.code_density = shape.code_density;
  features.math_density = shape.math_density;
  features.table_density = shape.table_density;
  features.list_items = shape.list_items;
  features.has_code_fence = shape.has_code_fence;
  features.starts_with_code = shape.starts_with_code;
  return features;
}

}  // namespace triaged::routing
