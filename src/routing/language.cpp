#include "routing/language.hpp"

#include "routing/phrases.hpp"
#include "routing/unicode.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace triaged::routing {

namespace {

constexpr std::size_t language_count = 8;

const Phrases& common_words() {
  static const Phrases built = [] {
    const auto id = [](Language language) { return static_cast<std::uint16_t>(language); };
    Phrases p;
    p.add(
        "the|and|is|are|of|to|in|what|how|you|my|for|with|this|that|it|i|please|can|do|does|write|why|when|who|on|from|"
        "be|"
        "your|where|which|an|have|was|will|would|should|me|if|not|thanks|hello|hi|hey|yes",
        id(Language::en));
    p.add(
        "der|die|das|und|ist|sind|nicht|ein|eine|einen|einem|ich|du|wie|was|warum|wer|wann|wo|mit|fur|auf|den|dem|"
        "bitte|"
        "mir|zu|zum|zur|von|im|welche|welcher|kannst|schreibe|schreib|danke|hallo|uber|ins|sie|es|kurz|diese|dieses|"
        "diesen|"
        "folgenden|guten|ja|wird|hat|bei",
        id(Language::de));
    p.add(
        "le|la|les|des|du|un|une|et|est|sont|que|qui|quoi|comment|pourquoi|quel|quelle|quels|quelles|dans|pour|avec|"
        "sur|"
        "je|tu|vous|nous|mon|ma|ce|cette|ces|au|aux|en|ne|pas|merci|bonjour|quand|combien|moi|ecris|de|l|d|a|bonne|"
        "nuit|"
        "oui|plus|par",
        id(Language::fr));
    p.add(
        "el|la|los|las|un|una|y|es|son|que|quien|como|por|cual|cuales|cuando|cuanto|cuantos|donde|en|para|con|del|de|"
        "al|mi|"
        "tu|su|se|lo|no|gracias|hola|buenos|dias|escribe|este|esta|estas|muchas|hasta|luego|estoy|mas|sobre|si|eres|a",
        id(Language::es));
    // Neighbours that would otherwise pass for one of the above.
    p.add(
        "il|lo|gli|che|di|non|sono|sei|per|della|perche|cosa|quanti|chi|ti|mi|o|os|as|voce|nao|uma|um|em|do|da|qual|"
        "por|"
        "het|een|van|ik|niet|wat|hoe|og|jeg|det|att|och|jag|som|ve|bir|bu|icin|nedir|jak|je|se|na|jest|nie|czy|w|z|va|"
        "la|cho|"
        "toi|mot|khong|cua|nhu|yang|dan|apa|saya|untuk",
        id(Language::other));
    p.build();
    return p;
  }();
  return built;
}

using Hits = std::array<std::size_t, language_count>;

constexpr std::size_t looked_at_words = 200;

// How many of the first words are common ones of each language. A word may be one of several.
Hits common_word_hits(const Words& words) {
  const Phrases& phrases = common_words();
  Hits hits{};
  for (std::size_t i = 0; i < std::min<std::size_t>(words.size(), looked_at_words); ++i) {
    phrases.match(words, i, [&hits](std::uint16_t id, std::size_t) { ++hits[id]; });
  }
  return hits;
}

// Ties go to the language named first: English before German before French before Spanish.
Language most_hit(const Hits& hits) {
  constexpr std::array order{Language::en, Language::de, Language::fr, Language::es, Language::other};
  Language best = Language::unknown;
  std::size_t most = 0;
  for (const Language language : order) {
    const std::size_t count = hits[static_cast<std::size_t>(language)];
    if (count > most) {
      most = count;
      best = language;
    }
  }
  return best;
}

Language by_common_words(const Words& words) { return most_hit(common_word_hits(words)); }

// Enough words that are common in one language alone, and next to none of any other. What stands in code and in
// quotation marks does not count.
Language certain_by_common_words(const Words& words) {
  constexpr std::size_t least_hits = 5;
  constexpr std::uint8_t foreign = word_flag::code | word_flag::quoted;
  const Phrases& phrases = common_words();
  Hits hits{};
  std::size_t counted = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(words.size(), looked_at_words); ++i) {
    if ((words[i].flags & foreign) != 0) continue;
    ++counted;
    std::uint16_t only = 0;
    std::size_t languages = 0;
    phrases.match(words, i, [&only, &languages](std::uint16_t id, std::size_t) {
      only = id;
      ++languages;
    });
    if (languages == 1) ++hits[only];
  }
  const Language best = most_hit(hits);
  const std::size_t most = hits[static_cast<std::size_t>(best)];
  if (best == Language::unknown || best == Language::other || most < least_hits || most * 10 < counted) {
    return Language::unknown;
  }
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (i != static_cast<std::size_t>(best) && hits[i] * 3 > most) return Language::unknown;
  }
  return best;
}

}  // namespace

std::string_view name(Language language) {
  switch (language) {
    case Language::unknown: return "unknown";
    case Language::en: return "en";
    case Language::de: return "de";
    case Language::fr: return "fr";
    case Language::es: return "es";
    case Language::zh: return "zh";
    case Language::hi: return "hi";
    case Language::other: return "other";
  }
  return "unknown";
}

Language detect_language(std::string_view text, const Words& words) {
  // The beginning states the task, whatever language the document below it has.
  constexpr std::size_t looked_at = 400;
  if (is_ascii(text.substr(0, looked_at + 3))) return by_common_words(words);
  std::array<std::size_t, 8> letters{};
  for (std::size_t at = 0; at < std::min(text.size(), looked_at);) {
    const Character c = read_character(text, at);
    ++letters[static_cast<std::size_t>(script_of(c.code))];
    at += c.bytes;
  }
  const auto count = [&letters](Script script) { return letters[static_cast<std::size_t>(script)]; };
  const std::size_t latin = count(Script::latin);
  // An ideograph or a Devanagari syllable says more than a Latin letter; a single foreign name says nothing.
  if (count(Script::kana) > 0 && count(Script::kana) * 4 >= count(Script::han)) {
    if (count(Script::kana) * 3 >= latin) return Language::other;
  }
  if (count(Script::han) > 0 && count(Script::han) * 12 >= latin) return Language::zh;
  if (count(Script::devanagari) * 6 > latin) return Language::hi;
  if (count(Script::other) + count(Script::hangul) > latin) return Language::other;
  return by_common_words(words);
}

Language certain_language(std::string_view text) {
  constexpr std::size_t looked_at = 600;
  constexpr std::size_t least_letters = 16;
  if (text.find("```") > looked_at) {  // code has Latin letters whatever the language is
    std::array<std::size_t, 8> letters{};
    for (std::size_t at = 0; at < std::min(text.size(), looked_at);) {
      const Character c = read_character(text, at);
      ++letters[static_cast<std::size_t>(script_of(c.code))];
      at += c.bytes;
    }
    const auto count = [&letters](Script script) { return letters[static_cast<std::size_t>(script)]; };
    const std::size_t latin = count(Script::latin);
    const std::size_t foreign = count(Script::kana) + count(Script::hangul) + count(Script::other);
    const bool mixed = foreign > 0;
    if (count(Script::han) >= least_letters && count(Script::han) > latin)
      return mixed ? Language::unknown : Language::zh;
    if (count(Script::devanagari) >= least_letters && count(Script::devanagari) > latin) {
      return mixed ? Language::unknown : Language::hi;
    }
    if (latin < 8 * (foreign + count(Script::han) + count(Script::devanagari))) return Language::unknown;
  }
  Words words;
  words.scan(text, Words::head_capacity);
  return certain_by_common_words(words);
}

}  // namespace triaged::routing
