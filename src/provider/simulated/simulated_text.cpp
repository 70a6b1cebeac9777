#include "provider/simulated/simulated_text.hpp"

#include "triaged/base/counted.hpp"
#include "triaged/base/json.hpp"
#include "triaged/base/text.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace triaged::provider {
namespace {

constexpr std::size_t token_characters = 4;

// '@' stands for a word of the question.
constexpr std::array<std::string_view, 6> openers{
    "In short: @ comes first, everything else follows from it.",
    "The question about @ has a direct answer.",
    "Yes, and the reason lies in how @ is set up.",
    "Here is what matters about @.",
    "Let us look at @ step by step.",
    "There are two sides to @, and both count.",
};
constexpr std::array<std::string_view, 20> sentences{
    "Start with @, because the later steps depend on it.",
    "A small example shows the effect of @ better than a rule does.",
    "Keep @ apart from the rest, so that each can be changed alone.",
    "The usual mistake is to treat @ as fixed when it moves with the load.",
    "Measure @ before and after; without numbers it stays a matter of taste.",
    "If @ fails, fall back to the simpler path and say so plainly.",
    "What looks like a detail of @ decides the cost in the end.",
    "Compare at least two ways to handle @ and write down why one was chosen.",
    "The first assumption concerns @, and it can be checked in a minute.",
    "Nothing else needs to change as long as @ keeps its meaning.",
    "With more data the picture of @ becomes sharper, not different.",
    "It helps to name the parts of @ before arguing about them.",
    "One limit remains: @ cannot grow without end.",
    "The order matters here, since @ is read before it is written.",
    "For most cases a plain treatment of @ is enough.",
    "Where @ is shared, agree on who owns it.",
    "The effect on @ is small but adds up over a day.",
    "Edge cases of @ are rare; handle them, then forget them.",
    "Both views of @ agree on the result and differ only in effort.",
    "This is why @ deserves a test of its own.",
};
constexpr std::array<std::string_view, 4> closings{
    "That covers @.",
    "With this, @ is settled.",
    "Ask again if @ should be taken further.",
    "In sum, @ is manageable.",
};
constexpr std::string_view code_block =
    "```python\ndef simulated(values):\n    total = 0\n    for value in values:\n        total += value\n    return "
    "total\n```";

template <std::size_t Size>
std::string_view pick(const std::array<std::string_view, Size>& from, Random& random) {
  return from[random.next() % Size];
}

// Longer words of the question, which make the answer sound as if it were about it.
std::vector<std::string_view> topics_of(std::string_view question) {
  std::vector<std::string_view> topics;
  question = question.substr(0, 2000);
  std::size_t at = 0;
  while (at < question.size() && topics.size() < 24) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const char* const begin = std::find_if(question.begin() + at, question.end(), is_letter);
    const char* const end = std::find_if_not(begin, question.end(), is_letter);
    const auto size = static_cast<std::size_t>(end - begin);
    if (size >= 5 && size <= 20) topics.emplace_back(begin, size);
    at = static_cast<std::size_t>(end - question.begin());
  }
  if (topics.empty()) topics.emplace_back("this");
  return topics;
}

void append_sentence(std::string& text, std::string_view sentence, const std::vector<std::string_view>& topics,
                     Random& random) {
  const std::size_t place = sentence.find('@');
  text.append(" ").append(sentence.substr(0, place));
  text.append(topics[random.next() % topics.size()]);
  text.append(sentence.substr(place + 1));
}

// Sentences between opener and closing.
std::uint64_t body_sentences(const SimulatedRequest& request, Random& random) {
  const std::uint64_t by_question = std::min<std::uint64_t>(request.question.size() / 400, 4);
  switch (request.tier) {
    case SimulatedTier::light: return 1 + random.next() % 3;
    case SimulatedTier::standard: return 4 + random.next() % 6 + by_question;
    case SimulatedTier::premium: return 12 + random.next() % 14 + 2 * by_question;
  }
  return 1;
}

bool asks_for_code(std::string_view question) {
  const std::string lowered = to_lower(question.substr(0, 2000));
  const std::initializer_list<std::string_view> words{"code", "function", "python", "script", "program", "```"};
  return std::any_of(words.begin(), words.end(),
                     [&lowered](std::string_view word) { return lowered.find(word) != std::string::npos; });
}

}  // namespace

std::string simulated_text(const SimulatedRequest& request, Random& random) {
  const std::vector<std::string_view> topics = topics_of(request.question);
  std::string text(simulated_label);
  if (request.images > 0)
    text.append(" I was given ").append(counted(request.images, "image")).append(" and looked at it all.");
  if (request.audios > 0) text.append(" I was given ").append(counted(request.audios, "recording")).append(".");
  if (request.answers_tool) text.append(" The tool's result is taken into account.");
  append_sentence(text, pick(openers, random), topics, random);
  const std::uint64_t count = body_sentences(request, random);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i % 5 == 4) text.append("\n\n");
    append_sentence(text, pick(sentences, random), topics, random);
  }
  if (asks_for_code(request.question)) text.append("\n\n").append(code_block).append("\n\n");
  if (request.tier != SimulatedTier::light) append_sentence(text, pick(closings, random), topics, random);
  return text;
}

std::string simulated_refusal() {
  return std::string(simulated_label) + " I'm sorry, but I can't help with that request.";
}

std::vector<std::string_view> simulated_tokens(std::string_view text) {
  std::vector<std::string_view> tokens;
  tokens.reserve(text.size() / token_characters + 1);
  std::size_t begin = 0;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool starts_character = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
    if (!starts_character) continue;
    if (characters == token_characters) {
      tokens.push_back(text.substr(begin, at - begin));
      begin = at;
      characters = 0;
    }
    ++characters;
  }
  if (begin < text.size()) tokens.push_back(text.substr(begin));
  return tokens;
}

std::uint64_t simulated_token_count(std::string_view text) {
  return (utf8_length(text) + token_characters - 1) / token_characters;
}

}  // namespace triaged::provider
