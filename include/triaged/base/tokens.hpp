// About how many tokens a text has, by whose tokenizer, before anyone who counts exactly is asked. A text is read once:
// an automaton over kinds of characters counts how often it passes each of its traits (first letters of words, letters
// far inside of words, digits, indentation ...), and every tokenizer has a weight for each trait. Counts of texts add
// up, and no weight is negative, so that more characters never make fewer tokens. Pure; any bytes will do.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace triaged {

// What the weights were measured with stands beside them (src/base/token_weights.cpp).
enum class Tokenizer : std::uint8_t {
  o200k,       // OpenAI since GPT-4o
  cl100k,      // OpenAI's GPT-4, GPT-3.5 and embeddings
  claude,      // Anthropic's Claude 3 to 4.6
  claude_4_7,  // Anthropic's since Opus 4.7: up to half as much again for European languages and code
  gemini,      // Google's Gemini and Gemma
  llama,       // Meta's Llama 3 and 4
  qwen,
  mistral,
  deepseek,
};
constexpr std::size_t tokenizer_count = 9;
std::string_view name(Tokenizer tokenizer);

// Whose a model is, by its name wherever it is served ("us.anthropic.claude-sonnet-4-5-v1:0", "Qwen/Qwen3-32B");
// nothing where the name does not tell.
std::optional<Tokenizer> tokenizer_of(std::string_view model);

constexpr std::size_t text_traits = 55;

struct TextCounts {
  std::array<float, text_traits> of{};
  TextCounts& operator+=(const TextCounts& other);
  TextCounts& operator*=(float factor);
};

// Of a text above `counted_whole` bytes, windows spread evenly over it stand for the whole.
constexpr std::size_t counted_whole = 4096;
TextCounts count_text(std::string_view text);

// Zero for nothing only.
std::int64_t estimate_tokens(const TextCounts& counts, Tokenizer tokenizer);
std::int64_t estimate_tokens(std::string_view text, Tokenizer tokenizer);

}  // namespace triaged
