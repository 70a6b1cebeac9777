#include "routing/asked_length.hpp"

#include "routing/feature_phrases.hpp"
#include "routing/length_words.hpp"
#include "routing/number_before.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace triaged::routing {

namespace {

// Of an answer, as tokens of OpenAI's models are: English words with their spaces, a little more for other languages.
double tokens_per_length(std::uint16_t unit) {
  switch (unit) {
    case one_word: return 4;  // with what little is said around it
    case length_word: return 1.4;
    case one_sentence:
    case length_sentence: return 28;
    case one_paragraph:
    case length_paragraph: return 110;
    default: return 0;
  }
}

enum class Kind { none, made, within, plain, unclear };

constexpr std::size_t no_word = static_cast<std::size_t>(-1);

bool asks(LengthWord verb) { return verb == LengthWord::maker || verb == LengthWord::reply; }

bool shares_out(LengthWord behind) { return behind == LengthWord::each || behind == LengthWord::per; }

// A number like that, alone, is rather a year than a length.
bool is_year(const WrittenNumber& number, std::size_t last) {
  return number.first == last && number.value > 1900 && number.value < 2100 && std::fmod(number.value, 50) != 0;
}

// Reads the sentence backwards from a length, to tell whose it is.
class Sentence {
 public:
  Sentence(std::string_view text, const Words& words, Language language)
      : text_(text), words_(words), language_(language) {}

  LengthWord role(std::size_t i) const {
    if (i == no_word) return LengthWord::other;
    if ((words_[i].flags & word_flag::number) != 0) return LengthWord::number;
    const LengthWord role = length_word_at(words_, i);
    return role == LengthWord::article && starts(i, "\xC3\xA0") ? LengthWord::into : role;  // "à 500 mots"
  }

  // The same directly before a number, where Spanish "a 500 palabras" is "to" and French "il a 500 mots" is "has".
  LengthWord role_at_number(std::size_t i) const {
    const LengthWord found = role(i);
    if (found != LengthWord::article || !(starts(i, "a ") || starts(i, "A "))) return found;
    if (language_ == Language::es) return LengthWord::into;
    return language_ == Language::fr ? LengthWord::being : found;
  }

  // The word before `i` in its sentence.
  std::size_t before(std::size_t i) const {
    if (i == no_word || i == 0 || i == words_.tail_begin()) return no_word;
    return (words_[i].flags & word_flag::sentence_start) != 0 ? no_word : i - 1;
  }

  // The word that goes on with the sentence at `i`.
  std::size_t behind(std::size_t i) const {
    if (i >= words_.size() || i == words_.tail_begin()) return no_word;
    return (words_[i].flags & word_flag::sentence_start) != 0 ? no_word : i;
  }

  bool opens_clause(std::size_t i) const { return (words_[i].flags & word_flag::clause_start) != 0 || in_brackets(i); }

  bool in_brackets(std::size_t i) const {
    const std::size_t begin = words_[i].begin;
    return begin > 0 && (text_[begin - 1] == '(' || (begin > 2 && text_.compare(begin - 3, 3, "\xEF\xBC\x88") == 0));
  }

  bool names_each(std::size_t from) const {
    for (std::size_t i = from, n = 0; i != no_word && n < reach; i = before(i), ++n) {
      if (role(i) == LengthWord::each) return true;
    }
    return false;
  }

  // Whether the nearest verb from `i` backwards asks for something to be made. Without one, `otherwise` counts.
  bool is_made(std::size_t i, bool otherwise) const {
    bool owned = false;
    for (std::size_t n = 0; i != no_word && n < reach; i = before(i), ++n) {
      switch (role(i)) {
        case LengthWord::maker:
        case LengthWord::reply: return !is_negated(i);
        case LengthWord::taker:
        case LengthWord::being: return false;
        case LengthWord::owned: owned = true; break;
        default: break;
      }
    }
    return otherwise && !owned;
  }

  bool is_negated(std::size_t verb) const {
    const std::size_t i = before(verb);
    return role(i) == LengthWord::negation || role(before(i)) == LengthWord::negation;
  }

  Kind of_article(std::size_t article) const {
    const std::size_t i = before(article);
    switch (role(i)) {
      case LengthWord::into: return Kind::made;
      case LengthWord::of:
      case LengthWord::for_thing:
      case LengthWord::owned:
      case LengthWord::the: return Kind::none;
      default: return is_made(i, i == no_word || opens_clause(article)) ? Kind::made : Kind::none;
    }
  }

  // A length that says nothing of itself, with what it belongs to a few words before it: "a detailed 500-word essay",
  // "an essay of 500 words". `at_start` is what it is where the sentence begins with it.
  Kind of_thing(std::size_t i, Kind at_start) const {
    constexpr int far = 4;
    for (int n = 0; n < far && role(i) == LengthWord::other && i != no_word; ++n) i = before(i);
    if (i == no_word) return at_start;
    if (role(i) == LengthWord::article) return of_article(i);
    return asks(role(i)) && !is_negated(i) ? Kind::plain : Kind::none;
  }

  // The lesser number of a range whose greater one begins at `first`: "200-300 words", "2 or 3 sentences".
  std::optional<WrittenNumber> range_before(std::size_t first) const {
    std::size_t i = before(first);
    if (role(i) == LengthWord::number) {
      const std::string_view gap = text_.substr(words_[i].begin, words_[first].begin - words_[i].begin);
      if (gap.find('-') == std::string_view::npos && gap.find("\xE2\x80\x93") == std::string_view::npos)
        return std::nullopt;
    } else {
      const LengthWord between = role_at_number(i);
      if (between != LengthWord::either && between != LengthWord::into) return std::nullopt;
      i = before(i);
    }
    return i == no_word ? std::nullopt : number_at(text_, words_, i);
  }

  Kind of_number(std::size_t first, std::size_t next) const;
  Kind of_phrase(std::size_t first, std::size_t next) const;

 private:
  static constexpr std::size_t reach = 24;  // words

  bool starts(std::size_t i, std::string_view with) const {
    return text_.compare(words_[i].begin, with.size(), with) == 0;
  }

  bool is_up_to(std::size_t to) const {
    const std::size_t up = before(to);
    return up != no_word && starts(to, "to") && starts(up, "up");
  }

  bool closes_brackets(std::size_t next) const {
    const std::size_t begin = words_[next - 1].begin;
    return text_.substr(begin, words_[next].begin - begin).find(')') != std::string_view::npos;
  }

  // Passes "at most", "no more than", "up to", "pas plus de"; no word where a clause opens with them.
  std::size_t before_limit(std::size_t i, bool& limited) const {
    for (;;) {
      const LengthWord it = role(i);
      const bool leads_on =
          it == LengthWord::of ? role(before(i)) == LengthWord::limit : it == LengthWord::into && is_up_to(i);
      if (it != LengthWord::limit && !leads_on) return i;
      limited = true;
      if (opens_clause(i)) return no_word;
      i = before(i);
    }
  }

  const std::string_view text_;
  const Words& words_;
  const Language language_;
};

// Of the number from word `first` on, with word `next` behind its unit.
Kind Sentence::of_number(std::size_t first, std::size_t next) const {
  const LengthWord after = role(behind(next));
  if (shares_out(after) || names_each(before(first))) return Kind::unclear;
  if (after == LengthWord::being) return Kind::none;
  const bool owner_follows = after == LengthWord::of && !closes_brackets(next);
  const LengthWord whose = owner_follows ? role(behind(next + 1)) : LengthWord::other;
  if (whose == LengthWord::owned || whose == LengthWord::the) return Kind::none;
  bool limited = false;
  const std::size_t i = opens_clause(first) ? no_word : before_limit(before(first), limited);
  const Kind usual = limited ? Kind::within : Kind::plain;
  if (i == no_word) return is_made(before(first), true) ? usual : Kind::none;
  switch (role_at_number(i)) {
    case LengthWord::into: return Kind::within;
    case LengthWord::article: return of_article(i);
    case LengthWord::with:
    case LengthWord::of: return of_thing(before(i), Kind::plain);
    case LengthWord::maker:
    case LengthWord::reply: return is_negated(i) ? Kind::none : usual;
    case LengthWord::negation: return limited ? Kind::within : Kind::none;
    case LengthWord::being:
      if (role(before(i)) != LengthWord::modal) return Kind::none;
      [[fallthrough]];
    case LengthWord::modal: return is_made(before(before(i)), true) ? usual : Kind::none;
    case LengthWord::other: break;
    default: return Kind::none;
  }
  if (limited) return is_made(i, false) ? usual : Kind::none;
  if (after == LengthWord::closing) return Kind::within;
  if (after == LengthWord::limit) return is_made(i, true) ? Kind::within : Kind::none;
  return of_thing(i, Kind::none);
}

// Of "one sentence" and the like, which are lengths only where they say so, or are all that is said.
Kind Sentence::of_phrase(std::size_t first, std::size_t next) const {
  const std::size_t after = behind(next);
  if (shares_out(role(after)) || names_each(before(first))) return Kind::unclear;
  if (role(after) == LengthWord::of) return Kind::none;
  if (role(after) == LengthWord::closing) return Kind::within;
  std::size_t i = before(first);
  if (i == no_word || opens_clause(first)) {
    const bool alone = after == no_word || asks(role(after)) || role(after) == LengthWord::taker;
    return alone ? Kind::within : Kind::none;
  }
  if (role(i) == LengthWord::article) i = before(i);
  switch (role(i)) {
    case LengthWord::into:
    case LengthWord::with:
    case LengthWord::limit:
    case LengthWord::reply: return Kind::within;
    default: return Kind::none;
  }
}

}  // namespace

void AskedLength::Length::add(std::int64_t more, bool& unclear) {
  if (tokens != 0 && tokens != more) unclear = true;
  tokens = more;
}

void AskedLength::add(std::uint16_t id, std::size_t i, std::size_t length) {
  if ((words_[i].flags & word_flag::quoted) != 0) return;
  const Sentence sentence(text_, words_, language_);
  double units = 1;
  Kind kind = Kind::none;
  if (id >= one_word) {
    kind = sentence.of_phrase(i, i + length);
  } else {
    const auto number = number_before(text_, words_, i);
    if (!number || is_year(*number, i - 1)) return;
    units = number->value;
    std::size_t first = number->first;
    if (const auto least = sentence.range_before(first); least && least->value < units) {
      units = (units + least->value) / 2;
      first = least->first;
    }
    kind = sentence.of_number(first, i + length);
  }
  const auto tokens = static_cast<std::int64_t>(std::min(1e6, units * tokens_per_length(id)));
  switch (kind) {
    case Kind::none: return;
    case Kind::unclear: unclear_ = true; return;
    case Kind::made: return made_.add(tokens, unclear_);
    case Kind::within: return within_.add(tokens, unclear_);
    case Kind::plain: return plain_.add(tokens, unclear_);
  }
}

std::int64_t AskedLength::tokens() const {
  if (unclear_) return 0;
  if (plain_.tokens == 0)
    return made_.tokens != 0 ? made_.tokens : within_.tokens;  // "an essay, with a summary in ..."
  const bool disagree =
      (made_.tokens != 0 && made_.tokens != plain_.tokens) || (within_.tokens != 0 && within_.tokens != plain_.tokens);
  return disagree ? 0 : plain_.tokens;
}

}  // namespace triaged::routing
