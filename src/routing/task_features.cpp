#include "triaged/routing/task_features.hpp"

#include "routing/evidence.hpp"
#include "routing/follow_up.hpp"
#include "routing/salience.hpp"
#include "routing/unicode.hpp"
#include "routing/words.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace triaged::routing {

namespace {

constexpr float instruction_salience = 0.4F;
constexpr std::size_t instruction_words = 160;
constexpr std::size_t lettered_words = 64;  // of which letters are looked at, half from each end
constexpr std::size_t document_words = 128;
constexpr float document_share = 0.5F;  // what is asked decides, not what it is asked about
constexpr std::size_t system_bytes = 800;
constexpr std::size_t system_words = 100;
constexpr std::size_t sentences = 8;
constexpr std::size_t earlier_bytes = 600;
constexpr std::size_t inherited_words = 64;
constexpr std::size_t offer_bytes = 300;

// One round of MurmurHash3's body: cheap, and good enough that similar n-grams do not share buckets. Its first half
// depends on the value alone, so letters that stand in several n-grams go through it once.
constexpr std::uint32_t prepared(std::uint32_t value) { return std::rotl(value * 0xCC9E2D51U, 15) * 0x1B873593U; }
constexpr std::uint32_t stirred(std::uint32_t seed, std::uint32_t value) {
  return std::rotl(seed ^ value, 13) * 5U + 0xE6546B64U;
}
constexpr std::uint32_t mixed(std::uint32_t seed, std::uint32_t value) { return stirred(seed, prepared(value)); }

constexpr std::uint32_t seed_of(TextGroup group, std::uint32_t kind) {
  return mixed(0x9747B28CU, static_cast<std::uint32_t>(group) * 64U + kind);
}

// Numbers are alike, whatever their digits.
std::uint32_t hash_of(const Word& word) { return (word.flags & word_flag::number) != 0 ? 0x30303030U : word.hash; }

void add_word_grams(const Words& words, std::span<const std::uint16_t> picked, TextGroup group, TaskFeatures& out) {
  for (std::size_t k = 0; k < picked.size(); ++k) {
    const std::size_t i = picked[k];
    const std::uint32_t word = hash_of(words[i]);
    out.add(mixed(seed_of(group, 1), word));
    if (k + 1 == picked.size() || picked[k + 1] != i + 1) continue;
    const std::uint32_t next = hash_of(words[i + 1]);
    out.add(mixed(mixed(seed_of(group, 2), word), next));
    if (k + 2 == picked.size() || picked[k + 2] != i + 2 || !words[i].ideograph) continue;
    out.add(mixed(mixed(mixed(seed_of(group, 3), word), next), hash_of(words[i + 2])));
  }
}

// By byte: letters in lower case and digits, prepared; 0 for everything else.
constexpr std::array<std::uint32_t, 256> prepared_ascii = [] {
  std::array<std::uint32_t, 256> letters{};
  for (std::uint32_t c = 0; c < 0x80; ++c) {
    if (ascii_scripts[c] != Script::none) letters[c] = prepared(c | 0x20U);
  }
  return letters;
}();

// The letters of one word with its bounds: "_sum", "summ", ... folded as the words themselves are, prepared.
class Letters {
 public:
  Letters(std::string_view text, std::size_t at) {
    std::uint32_t* to = letters_.data();
    const std::uint32_t* const full = to + longest + 1;
    *to++ = bound;
    const char* from = text.data() + at;
    const char* const end = text.data() + text.size();
    for (;;) {
      const char* const stop = from + std::min(end - from, full - to);
      while (from != stop) {
        const std::uint32_t plain = prepared_ascii[static_cast<unsigned char>(*from)];
        if (plain == 0) break;
        *to++ = plain;
        ++from;
      }
      if (from == stop || static_cast<unsigned char>(*from) < 0x80U) break;
      const Character c = read_character(text, static_cast<std::size_t>(from - text.data()));
      if (script_of(c.code) == Script::none) break;
      const char base = base_letter(c.code);
      *to++ = prepared(base != '\0' ? static_cast<unsigned char>(base) : static_cast<std::uint32_t>(c.code));
      from += c.bytes;
    }
    *to++ = bound;
    size_ = static_cast<std::size_t>(to - letters_.data());
  }

  // Calls add(hash) for each run of 3, 4 and 5 of them.
  static constexpr std::size_t most_grams = 57;
  template <class Add>
  void for_each_gram(Add&& add) const {
    constexpr std::uint32_t seed = seed_of(TextGroup::instruction_letters, 0);
    const std::uint32_t* at = letters_.data();
    const std::uint32_t* const end = at + size_;
    for (; end - at >= 5; ++at) {
      const std::uint32_t three = stirred(stirred(stirred(seed, at[0]), at[1]), at[2]);
      const std::uint32_t four = stirred(three, at[3]);
      add(three);
      add(four);
      add(stirred(four, at[4]));
    }
    if (end - at == 4) {
      const std::uint32_t three = stirred(stirred(stirred(seed, at[0]), at[1]), at[2]);
      add(three);
      add(stirred(three, at[3]));
      ++at;
    }
    if (end - at == 3) add(stirred(stirred(stirred(seed, at[0]), at[1]), at[2]));
  }

 private:
  static constexpr std::uint32_t bound = prepared('_');
  static constexpr std::size_t longest = 20;
  static_assert(most_grams == 3 * (longest + 2) - 9);

  std::array<std::uint32_t, longest + 2> letters_;
  std::size_t size_ = 0;
};

void add_letter_grams(const Letters& letters, TaskFeatures& out) {
  const bool done = out.add_many(Letters::most_grams, [&letters](std::uint16_t* to) {
    letters.for_each_gram([&to](std::uint32_t hash) { *to++ = TaskFeatures::bucket_of(hash); });
    return to;
  });
  if (!done) letters.for_each_gram([&out](std::uint32_t hash) { out.add(hash); });
}

void add_letters(std::string_view text, const Words& words, std::span<const std::uint16_t> picked, TaskFeatures& out) {
  const std::size_t count = picked.size();
  for (std::size_t k = 0; k < count; ++k) {
    if (k >= lettered_words / 2 && k + lettered_words / 2 < count) continue;
    const Word& word = words[picked[k]];
    if ((word.flags & word_flag::number) != 0 || word.ideograph) continue;
    add_letter_grams(Letters(text, word.begin), out);
  }
}

void add_openings(const Words& words, std::span<const std::uint16_t> picked, TaskFeatures& out) {
  std::size_t seen = 0;
  std::size_t last = words.size();
  const auto add = [&](std::size_t i, std::uint32_t kind) {
    std::uint32_t hash = seed_of(TextGroup::openings, kind);
    for (std::size_t k = i; k < std::min(words.size(), i + 3); ++k) {
      if (k > i && (words[k].flags & word_flag::sentence_start) != 0) break;
      hash = mixed(hash, hash_of(words[k]));
      out.add(hash);
    }
  };
  for (const std::uint16_t i : picked) {
    if ((words[i].flags & word_flag::sentence_start) == 0) continue;
    if (seen < sentences) add(i, seen == 0 ? 1 : 2);
    ++seen;
    last = i;
  }
  if (seen > 1) add(last, 3);
  if (words.size() > 0) out.add(mixed(seed_of(TextGroup::openings, 4), hash_of(words[words.size() - 1])));
}

void add_plain(const Words& words, std::size_t most, TextGroup group, TaskFeatures& out) {
  const std::size_t count = std::min(words.size(), most);
  for (std::size_t i = 0; i < count; ++i) {
    out.add(mixed(seed_of(group, 1), hash_of(words[i])));
    if (i + 1 < count) out.add(mixed(mixed(seed_of(group, 2), hash_of(words[i])), hash_of(words[i + 1])));
  }
}

// The last user turn, if it is not the first; the one before it, and what the assistant said in between.
struct Turns {
  const chat::Message* last = nullptr;
  const chat::Message* before = nullptr;
  const chat::Message* answer = nullptr;
};

Turns find_turns(const chat::Request& request) {
  Turns turns;
  for (std::size_t i = request.messages.size(); i-- > 0;) {
    const chat::Message& message = request.messages[i];
    if (turns.last == nullptr) {
      if (message.role == chat::Role::user) turns.last = &message;
    } else if (message.role == chat::Role::user) {
      turns.before = &message;
      return turns;
    } else if (message.role == chat::Role::assistant && turns.answer == nullptr) {
      turns.answer = &message;
    }
  }
  return {};
}

// Few classes each: what matters is the order of magnitude.
std::uint32_t magnitude(std::uint64_t value) { return static_cast<std::uint32_t>(std::bit_width(value)); }
std::uint32_t share(double density) {
  constexpr std::array<double, 4> bounds = {0.02, 0.12, 0.35, 0.7};
  return static_cast<std::uint32_t>(std::upper_bound(bounds.begin(), bounds.end(), density) - bounds.begin());
}

void add_structure(const chat::Request& request, const Features& f, TaskFeatures& out) {
  std::uint32_t kind = 0;
  const auto add = [&](std::uint32_t value) {
    out.add(mixed(seed_of(TextGroup::structure, 0), kind++ * 256U + value));
  };
  add(0);  // always there
  add(magnitude(f.words));
  add(magnitude(f.sentences));
  add(std::min<std::uint32_t>(f.questions, 3));
  add(std::min<std::uint32_t>(magnitude(f.turns), 4));
  add(static_cast<std::uint32_t>(f.language));
  add(f.is_follow_up ? 1 : 0);
  add(static_cast<std::uint32_t>(f.format));
  add(std::min<std::uint32_t>(magnitude(f.tools), 4));
  add(std::min<std::uint32_t>(magnitude(f.tool_results), 3));
  add(f.assistant_called_tools ? 1 : 0);
  add(magnitude(f.list_items));
  add(f.has_code_fence ? 1 : 0);
  add(std::min<std::uint32_t>(f.images + f.files + f.audios, 2));
  add(share(f.code_density));
  add(share(f.math_density));
  add(share(f.table_density));
  add(std::min<std::uint32_t>(magnitude(f.numbers), 6));
  add(f.language == Language::zh ? 0 : std::min<std::uint32_t>(f.constraints, 4));
  add(std::min<std::uint32_t>(f.reasoning_cues, 4));
  add(!request.messages.empty() && request.messages.front().role == chat::Role::system ? 1 : 0);
}

// What the turn before asks for, by the features (and so the weights) of instructions.
void add_inherited(const Words& words, TaskFeatures& out) {
  const Salience salience(words);
  std::array<std::uint16_t, inherited_words> picked;
  std::size_t picks = 0;
  for (std::size_t i = 0; i < words.size() && picks < picked.size(); ++i) {
    if (salience(i) >= instruction_salience) picked[picks++] = static_cast<std::uint16_t>(i);
  }
  const std::span<const std::uint16_t> instruction(picked.data(), picks);
  add_word_grams(words, instruction, TextGroup::instruction_words, out);
  add_openings(words, instruction, out);
}

// The turns before count beside the last one: "and in French?" is told from what it leans on.
void add_turns(const chat::Request& request, const Features& features, Words& words, TaskFeatures& out) {
  const Turns turns = find_turns(request);
  const auto add = [&](std::string_view text, std::size_t most, TextGroup group) {
    words.scan(text, most);
    add_plain(words, most, group, out);
  };
  if (turns.last != nullptr) add(turns.last->text, 32, TextGroup::last_turn_words);
  out.end_group();
  if (const EarlierTask earlier = find_earlier_task(request, features); !earlier.text.empty()) {
    words.scan(earlier.text);
    add_inherited(words, out);
    out.set_earlier_share(earlier.share);
  } else if (turns.before != nullptr) {
    add(turns.before->text.substr(0, earlier_bytes), 60, TextGroup::earlier_words);
  }
  out.end_group();
  if (turns.answer != nullptr) {
    std::string_view tail = turns.answer->text;
    if (tail.size() > offer_bytes) tail.remove_prefix(next_character_start(tail, tail.size() - offer_bytes));
    add(tail, 48, TextGroup::offer_words);
  }
  out.end_group();
}

const CueTable& cue_table() {
  static const CueTable table;
  return table;
}

}  // namespace

std::span<const std::uint16_t> TaskFeatures::group(TextGroup which) const {
  const auto g = static_cast<std::size_t>(which);
  return {buckets_.data() + begin_[g], buckets_.data() + begin_[g + 1]};
}

float TaskFeatures::scale(TextGroup which) const {
  const std::size_t count = group(which).size();
  if (count == 0) return 0.0F;
  float share = 1.0F;
  if (which == TextGroup::earlier_words) share = earlier_share_;
  if (which == TextGroup::document_words) share = document_share;
  return share / std::sqrt(static_cast<float>(count));
}

void TaskFeatures::clear() {
  earlier_share_ = 1;
  size_ = 0;
  groups_ = 0;
  dense_size_ = 0;
  begin_[0] = 0;
  limit_ = group_capacity;
}

void TaskFeatures::end_group() {
  begin_[++groups_] = static_cast<std::uint16_t>(size_);
  limit_ = std::min(capacity, size_ + group_capacity);
}

void TaskFeatures::add_dense(std::span<const float> values) {
  const std::size_t count = std::min(values.size(), dense_capacity - dense_size_);
  std::copy_n(values.begin(), count, dense_.begin() + static_cast<std::ptrdiff_t>(dense_size_));
  dense_size_ += count;
}

std::size_t dense_feature_count() { return cue_table().cues().size() + signal_count; }

void extract_task_features(const chat::Request& request, const Features& features, TaskFeatures& out) {
  out.clear();
  Words scratch;
  const CueTable& cues = cue_table();
  const Evidence evidence = cues.find(request, features, scratch);
  out.add_dense(std::span(evidence.cues).first(cues.cues().size()));
  out.add_dense(evidence.signals);

  // Whoever says yes to an offer asks for what was offered.
  const std::string_view offer = features.is_follow_up ? find_accepted_offer(request) : std::string_view{};
  const std::string_view text = offer.empty() ? features.task_text : offer;
  Words own;
  const bool known = features.task_words != nullptr && offer.empty();
  if (!known) own.scan(text);
  const Words& words = known ? *features.task_words : own;
  const Salience salience(words);
  std::array<std::uint16_t, instruction_words> picked;
  std::array<std::uint16_t, document_words> others;
  std::size_t picks = 0;
  std::size_t rest = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (salience(i) >= instruction_salience) {
      if (picks < picked.size()) picked[picks++] = static_cast<std::uint16_t>(i);
    } else if (rest < others.size()) {
      others[rest++] = static_cast<std::uint16_t>(i);
    }
  }
  const std::span<const std::uint16_t> instruction(picked.data(), picks);
  add_word_grams(words, instruction, TextGroup::instruction_words, out);
  out.end_group();
  add_letters(text, words, instruction, out);
  out.end_group();
  for (std::size_t k = 0; k < rest; ++k) {
    out.add(mixed(seed_of(TextGroup::document_words, 1), hash_of(words[others[k]])));
  }
  out.end_group();
  add_openings(words, instruction, out);
  out.end_group();

  if (!request.messages.empty() && request.messages.front().role == chat::Role::system &&
      request.messages.front().text.data() != text.data()) {
    if (!evidence.found_system_words) {
      scratch.scan(request.messages.front().text.substr(0, system_bytes), system_words);
    }
    add_plain(scratch, system_words, TextGroup::system_words, out);
  }
  out.end_group();
  add_turns(request, features, scratch, out);
  add_structure(request, features, out);
  out.end_group();
}

}  // namespace triaged::routing
