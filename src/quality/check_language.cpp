#include "triaged/routing/features.hpp"

#include "quality/check.hpp"

#include <algorithm>
#include <re2/re2.h>

namespace triaged::quality {

namespace {

using routing::Language;

// A request that speaks of languages may want its answer in any.
const RE2& language_words() {
  static const RE2 words(
      "(?i)translat|übersetz|uebersetz|tradu|traduc|翻译|翻譯|译成|अनुवाद|"
      "\\blanguages?\\b|sprache|\\blangues?\\b|idioma|lengua|语言|語言|भाषा|multilingual|bilingual|"
      "english|german|french|spanish|chinese|mandarin|hindi|italian|portugu|japan|korean|russian|arabic|dutch|turkish|"
      "polish|latin\\b|"
      "englisch|deutsch|französisch|spanisch|chinesisch|italienisch|russisch|japanisch|"
      "anglais|allemand|français|espagnol|chinois|italien|"
      "inglés|alemán|francés|español|chino\\b|castellano|"
      "英语|英文|中文|汉语|法语|法文|德语|德文|西班牙|日语|日文|韩语|俄语|印地|"
      "अंग्रेज|हिंदी|हिन्दी|फ़्रेंच|जर्मन|स्पेनिश|संस्कृत");
  return words;
}

bool speaks_of_languages(std::string_view text) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), language_words());
}

bool language_is_open(const chat::Request& request) {
  static constexpr std::size_t looked_at = 2000;
  static constexpr std::size_t turns = 8;  // from the last one on, and the system message wherever it is
  std::size_t seen = 0;
  return std::any_of(request.messages.rbegin(), request.messages.rend(), [&seen](const chat::Message& message) {
    const bool counts = message.role == chat::Role::system || (message.role == chat::Role::user && seen++ < turns);
    if (!counts) return false;
    const std::string_view text = message.text;
    const std::size_t rest = text.size() - std::min(text.size(), looked_at);
    return speaks_of_languages(text.substr(0, looked_at)) ||
           (rest > 0 && speaks_of_languages(text.substr(text.size() - std::min(rest, looked_at))));
  });
}

// The one language of the last user turn, beginning and end: below an instruction there may be a text in another.
Language asked_in(const chat::Request& request) {
  constexpr std::size_t end = 400;
  constexpr std::size_t is_long = 1000;
  const auto last = std::find_if(request.messages.rbegin(), request.messages.rend(),
                                 [](const chat::Message& message) { return message.role == chat::Role::user; });
  if (last == request.messages.rend()) return Language::unknown;
  const Language begins = routing::certain_language(last->text);
  if (last->text.size() < is_long) return begins;
  return routing::certain_language(last->text.substr(last->text.size() - end)) == begins ? begins : Language::unknown;
}

}  // namespace

std::string check_language(const Asked& asked, const Given& given) {
  const chat::Request& request = asked.request();
  if (request.format != chat::OutputFormat::text || given.text.empty()) return {};
  const Language answer = routing::certain_language(given.text);
  if (answer == Language::unknown) return {};
  const Language question = asked_in(request);
  if (question == Language::unknown || question == answer || language_is_open(request)) return {};
  return "is " + std::string(routing::name(answer)) + ", the request " + std::string(routing::name(question));
}

}  // namespace triaged::quality
