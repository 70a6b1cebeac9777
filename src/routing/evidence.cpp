#include "routing/evidence.hpp"

#include "routing/follow_up.hpp"
#include "routing/salience.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace triaged::routing {

namespace {

// Said before the verb that matters.
constexpr const char* polite_phrases =
    "please|can you|could you|would you|will you|can you please|could you please|kindly|hey|hi|hello|dear assistant|"
    "i want you to|i need you to|i would like you to|i d like you to|id like you to|i want to|i need to|i would like "
    "to|"
    "i d like to|i need|i want|i m trying to|im trying to|i am trying to|i m looking to|help me|help me to|can you "
    "help me|"
    "could you help me|help us|would you like me to|shall i|should i|do you want me to|want me to|your task is to|"
    "you are to|the task is to|you need to|we need to|you should|you will|you must|go ahead "
    "and|now|then|also|just|first|"
    "finally|lets|let s|try to|quickly|briefly|carefully|ok|okay|so|and|but|"
    "in this task|in this task you|given a|read the following|using|for me|in python|in c++|in java|in javascript|q|"
    "question|task|instruction|instructions|prompt|problem|input|do the following|answer this|"
    "bitte|kannst du|kannst du bitte|konntest du|konnen sie|konnten sie|kannst du mir|konnen sie mir|ich mochte dass "
    "du|"
    "ich brauche|hilf mir|mal|jetzt|dann|und|soll ich|"
    "s il te plait|s il vous plait|peux tu|peux tu me|pouvez vous|pouvez vous me|pourriez vous|pourrais tu|"
    "je veux que tu|j aimerais que tu|aide moi a|merci de|maintenant|ensuite|et|veux tu que je|voulez vous que je|"
    "por favor|puedes|podrias|puede|podria|quiero que|necesito que|necesito|me gustaria|ayudame a|ahora|luego|y|"
    "quieres que|"
    "请|请你|请您|帮我|请帮我|麻烦|麻烦你|你能|你能不能|能不能|能否|可以|你可以|我想让你|我需要|现在|然后|要我|"
    "कृपया|क्या आप|क्या तुम|मुझे|मेरे लिए|अब|फिर|"
    "pls|plz|can u|could u|hi there|hello there|good morning|good afternoon|quick question|ok so|pls can you|"
    "mach mal|bitte mal|kannst du mal|hallo|moin|guten tag|einmal|ich brauche mal|ich will dass du|bonjour|"
    "salut|stp|svp|tu peux|tu pourrais|tu me|vous pouvez|j ai besoin de|j ai besoin que tu|il me faut|hola|"
    "oye|buenas|porfa|me puedes|podeis|necesito que me|你帮我|帮忙|替我|给我|请帮忙|麻烦帮我|你给我|先|再|"
    "顺便|老师|भाई|यार|ज़रा|प्लीज़|भैया|bhai|yaar|zara|jara|bhaiya|sir|please ek";

constexpr std::size_t document_words = 25;
constexpr std::size_t whole_words = 8;
constexpr std::size_t story_words = 150;  // an exercise told as a story is rarely longer

float at_most_one(double value) { return static_cast<float>(std::clamp(value, 0.0, 1.0)); }

// Follows where instructions open: at the start of a sentence, behind what is only polite.
class LeadFinder {
 public:
  LeadFinder(const Words& words, const Phrases& polite) : words_(words), polite_(polite) {}

  // Called for each word in turn: how much it opens an instruction.
  float at(std::size_t i) {
    const std::uint8_t flags = words_[i].flags;
    if ((flags & word_flag::sentence_start) != 0) {
      start(i, i == 0 ? 1.0F : 0.8F);
      if (first_ == 0) first_ = lead_;
    } else if ((flags & word_flag::clause_start) != 0) {
      start(i, 0.6F);
    }
    return i == begin_ || i == lead_ ? strength_ : 0.35F;
  }

  std::size_t first() const { return first_; }  // of the first sentence, behind what is polite

 private:
  void start(std::size_t i, float strength) {
    constexpr int most = 4;
    begin_ = i;
    lead_ = i;
    strength_ = strength;
    for (int k = 0; k < most && lead_ < words_.size(); ++k) {
      const std::size_t length = polite_.longest(words_, lead_);
      if (length == 0 || lead_ + length >= words_.size()) return;
      lead_ += length;
    }
  }

  const Words& words_;
  const Phrases& polite_;
  std::size_t begin_ = 0;
  std::size_t lead_ = 0;
  std::size_t first_ = 0;
  float strength_ = 0;
};

bool has_options(const Words& words) {
  // Lettered lines: "A. ...", "(B) ...".
  static const std::array<std::uint32_t, 12> letters = [] {
    std::array<std::uint32_t, 12> hashes{};
    hash_words("a b c d", hashes);
    return hashes;
  }();
  std::size_t lettered = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if ((words[i].flags & word_flag::line_start) == 0) continue;
    if (std::find(letters.begin(), letters.begin() + 4, words[i].hash) != letters.begin() + 4) ++lettered;
  }
  return lettered >= 2;
}

bool ends_with_question(const Words& words) {
  return words.size() > 0 && (words[words.size() - 1].flags & word_flag::question) != 0;
}

void add_signals(const chat::Request& request, const Features& features, const Words& words, Evidence& evidence) {
  const auto set = [&evidence](Signal signal, double value) {
    evidence.signals[static_cast<std::size_t>(signal)] = at_most_one(value);
  };
  const std::size_t count = words.size();
  const Salience salience(words);
  set(Signal::always, 1);
  set(Signal::code_fence, features.has_code_fence ? 1 : 0);
  set(Signal::code_first, features.starts_with_code ? 1 : 0);
  set(Signal::code_density, 2.5 * features.code_density);
  set(Signal::math_density, 2.0 * features.math_density);
  set(Signal::table, features.table_density);
  set(Signal::ends_with_question, ends_with_question(words) ? 1 : 0);
  set(Signal::two_words, count > 0 && count <= 2 ? 1 : 0);
  set(Signal::eight_words, count > 0 && count <= 8 ? 1 : 0);
  set(Signal::sixty_words, count > 60 ? 1 : 0);
  set(Signal::many_words, count > 250 ? 1 : 0);
  // Numbers in a document to work on make it no exercise in arithmetic.
  std::size_t numbers = 0;
  std::size_t stated = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (salience(i) < 0.5F) continue;
    ++stated;
    if ((words[i].flags & word_flag::number) != 0) ++numbers;
  }
  set(Signal::numbers, static_cast<double>(numbers) / 6.0);
  set(Signal::number_share, 5.0 * static_cast<double>(numbers) / static_cast<double>(std::max<std::size_t>(stated, 1)));
  set(Signal::document, salience.document_begin() + document_words <= count ? 1 : 0);
  set(Signal::options, has_options(words) ? 1 : 0);
  set(Signal::json_output, features.format == chat::OutputFormat::text ? 0 : 1);
  set(Signal::media, features.images + features.audios + features.files > 0 ? 1 : 0);
  set(Signal::no_text, count == 0 ? 1 : 0);
  set(Signal::tools_offered, features.tools > 0 ? 1 : 0);
  set(Signal::tools_used, features.assistant_called_tools || features.tool_results > 0 ? 1 : 0);
  set(Signal::tool_forced, request.tool_choice_forced ? 1 : 0);
}

}  // namespace

CueTable::CueTable() {
  for (const std::span<const Cue> part : {text_work_cues(), thinking_cues()}) {
    cues_.insert(cues_.end(), part.begin(), part.end());
  }
  instruction_cues_ = cues_.size();
  cues_.insert(cues_.end(), open_ended_cues().begin(), open_ended_cues().end());
  for (std::size_t i = 0; i < cues_.size(); ++i) phrases_.add(cues_[i].phrases, static_cast<std::uint16_t>(i));
  phrases_.build();
  polite_.add(polite_phrases, 0);
  polite_.build();
}

void CueTable::add_words(const Words& words, float share, bool instructions_only, Evidence& evidence) const {
  const Salience salience(words);
  LeadFinder lead(words, polite_);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const float opening = lead.at(i);
    phrases_.match(words, i, [&](std::uint16_t id, std::size_t length) {
      if (instructions_only && id >= instruction_cues_) return;
      const float weight = salience(i);
      float value = weight;
      switch (cues_[id].where) {
        case Where::lead: value *= opening; break;
        case Where::zone: break;
        case Where::any: value = std::max(weight, words.size() <= story_words ? 0.5F : 0.2F); break;
        case Where::whole: {
          const bool starts = i == 0 || i == lead.first();
          value = starts && words.size() <= whole_words && i + length + 2 >= words.size() ? 1.0F : 0.0F;
          if (i + length < words.size()) value *= 0.7F;
          break;
        }
      }
      evidence.cues[id] = std::max(evidence.cues[id], value * share);
    });
  }
}

Evidence CueTable::find(const chat::Request& request, const Features& features, Words& words) const {
  Evidence evidence;
  // An offer that was accepted says more than the turn before it; both count.
  const std::string_view offer = features.is_follow_up ? find_accepted_offer(request) : std::string_view{};
  if (features.task_words == nullptr) words.scan(features.task_text);
  const Words& task = features.task_words != nullptr ? *features.task_words : words;
  add_signals(request, features, task, evidence);
  add_words(task, offer.empty() ? 1.0F : 0.6F, false, evidence);
  if (!offer.empty()) {
    words.scan(offer);
    add_words(words, 0.9F, false, evidence);
  }

  // A short turn leans on the one before it, the more the shorter it is.
  if (const EarlierTask earlier = find_earlier_task(request, features); !earlier.text.empty()) {
    words.scan(earlier.text);
    add_words(words, earlier.share, false, evidence);
  }

  // "You are a helpful assistant" tells nothing; "Classify the user's message" tells all.
  constexpr std::size_t system_bytes = 600;
  constexpr float system_share = 0.7F;
  if (!request.messages.empty() && request.messages.front().role == chat::Role::system) {
    const std::string_view system = request.messages.front().text.substr(0, system_bytes);
    if (system.data() != features.task_text.data()) {
      words.scan(system);
      evidence.found_system_words = system.size() == request.messages.front().text.size();
      add_words(words, system_share, true, evidence);
    }
  }
  return evidence;
}

}  // namespace triaged::routing
