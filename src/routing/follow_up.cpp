#include "routing/follow_up.hpp"

#include "triaged/base/text.hpp"

#include "routing/phrases.hpp"
#include "routing/unicode.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace triaged::routing {

namespace {

using chat::Message;
using chat::Role;

constexpr std::size_t longest_follow_up = 200;  // bytes
constexpr std::size_t longest_follow_up_words = 16;
constexpr std::size_t longest_leaning_words = 9;  // when only "it" or "that" points back
constexpr std::size_t look_back = 32;             // messages
constexpr std::size_t offer_reach = 400;          // bytes at the end of the assistant's turn

enum Kind : std::uint16_t { accepts, leans, points_back, own_task, small_talk, offers, says_nothing };

const Phrases& phrases() {
  static const Phrases built = [] {
    Phrases p;
    p.add(
        "yes|yeah|yep|yup|sure|ok|okay|alright|absolutely|definitely|go ahead|do it|do that|do so|please do|sounds "
        "good|"
        "that works|lets do it|let s do it|proceed|correct|exactly|right|ja|jawohl|klar|gerne|mach das|oui|d "
        "accord|vas y|"
        "allez y|bien sur|si|claro|vale|de acuerdo|adelante|hazlo|好|好的|是的|可以|行吧|对的|没问题|हाँ|हां|जी|ठीक है|कर "
        "दो",
        accepts);
    p.add(
        "continue|go on|keep going|carry on|more|again|and|also|but|or|no|nope|not quite|now|then|instead|next|so|"
        "what about|how about|what if|same|the same|another|one more|try again|once more|shorter|longer|simpler|make "
        "it|"
        "make that|make them|why|why not|how so|how come|really|are you sure|the first|the second|the third|the last|"
        "option|in english|in french|in german|in spanish|weiter|mach "
        "weiter|und|aber|auch|noch|nochmal|nein|warum|kurzer|"
        "langer|jetzt|et|mais|encore|non|pourquoi|plus court|plus long|continuez|y|pero|otra|otro|mas|no|por que|sigue|"
        "continua|ahora|tambien|继续|再来|再写|那么|那 "
        "用|还有|但是|为什么呢|不对|不是|换成|换一|और|जारी|लेकिन|फिर|क्यों|नहीं|अब",
        leans);
    p.add(
        "it|that|this|these|those|them|its|above|previous|earlier|both|das|dies|dieses|diese|davon|ca|cela|ceci|eso|"
        "esto|"
        "esa|它|这个|那个|上面|इसे|इसका|यह|वह",
        points_back);
    p.add(
        "translate|summarize|summarise|rewrite|rephrase|paraphrase|proofread|classify|categorize|extract|calculate|"
        "compute|"
        "solve|prove|compare|analyze|analyse|debug|refactor|implement|ubersetze|fasse|vergleiche|berechne|analysiere|"
        "traduis|traduisez|resume|resumez|compare|calcule|traduce|traduzca|resumen|compara|calcula|翻译|总结|概括|比较|"
        "分析|"
        "计算|अनुवाद|सारांश|तुलना|विश्लेषण",
        own_task);
    p.add(
        "thanks|thank|thx|bye|goodbye|hello|hi|hey|good morning|good night|danke|tschuss|hallo|merci|bonjour|au revoir|"
        "gracias|hola|adios|谢谢|再见|你好|धन्यवाद|शुक्रिया|नमस्ते|अलविदा",
        small_talk);
    p.add(
        "would you like|do you want|want me to|shall i|should i|may i|can i|let me know if you|i can|i could|soll ich|"
        "mochtest du|mochten sie|kann ich|voulez vous|veux tu|dois je|souhaitez vous|quieres que|desea que|te gustaria|"
        "debo|要我|需要我|想让我|क्या मैं|क्या आप चाहते",
        offers);
    p.add(
        "should i continue|shall i continue|continue|proceed|go ahead|do that|do it|do this|do "
        "so|start|begin|weitermachen|"
        "continuer|continuar|seguir|继续",
        says_nothing);
    p.build();
    return p;
  }();
  return built;
}

bool has(const Words& words, std::size_t i, Kind kind) {
  bool found = false;
  phrases().match(words, i, [&](std::uint16_t id, std::size_t) { found = found || id == kind; });
  return found;
}

bool has_anywhere(const Words& words, Kind kind) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (has(words, i, kind)) return true;
  }
  return false;
}

bool is_follow_up(std::string_view text) {
  if (text.size() > longest_follow_up || text.find("```") != std::string_view::npos) return false;
  Words words;
  words.scan(text);
  if (words.size() == 0) return !trim(text).empty();  // "?", "..." or an emoji
  if (words.size() > longest_follow_up_words || has_anywhere(words, small_talk)) return false;
  if (has_anywhere(words, own_task)) return false;
  if (has(words, 0, accepts) || has(words, 0, leans)) return true;
  return words.size() <= longest_leaning_words && has_anywhere(words, points_back);
}

std::size_t turns_before(const chat::Request& request, std::size_t i) {
  return static_cast<std::size_t>(std::count_if(request.messages.begin(),
                                                request.messages.begin() + static_cast<std::ptrdiff_t>(i),
                                                [](const Message& m) { return m.role == Role::user; }));
}

const Message* last_of(const chat::Request& request, Role role) {
  for (std::size_t i = request.messages.size(); i-- > 0;) {
    if (request.messages[i].role == role) return &request.messages[i];
  }
  return nullptr;
}

}  // namespace

TaskText find_task_text(const chat::Request& request) {
  TaskText found;
  std::size_t seen = 0;
  bool have_last = false;
  for (std::size_t i = request.messages.size(); i-- > 0;) {
    const Message& message = request.messages[i];
    if (have_last && ++seen > look_back) return found;
    if (message.role != Role::user) continue;
    if (!have_last) {
      found.last = message.text;
      found.text = message.text;
      have_last = true;
      const bool own_media = message.images + message.audios + message.files > 0;
      if (own_media || turns_before(request, i) == 0 || !is_follow_up(message.text)) return found;
      continue;
    }
    if (trim(message.text.substr(0, head_bytes)).empty()) continue;
    found.text = message.text;
    found.is_follow_up = true;
    if (!is_follow_up(message.text)) return found;
  }
  if (have_last) return found;
  if (const Message* system = last_of(request, Role::system)) found.text = system->text;
  return found;
}

EarlierTask find_earlier_task(const chat::Request& request, const Features& features) {
  constexpr float usual_words = 8;  // of a last turn that leans on the one before as much as it stands for itself
  constexpr std::size_t most_bytes = 600;
  if (features.is_follow_up || features.turns < 2) return {};
  std::size_t seen = 0;
  for (std::size_t i = request.messages.size(); i-- > 0 && seen <= look_back;) {
    const Message& message = request.messages[i];
    if (message.role != Role::user || seen++ == 0) continue;
    if (trim(message.text.substr(0, most_bytes)).empty() || is_follow_up(message.text)) continue;
    const auto words = static_cast<float>(features.words);
    return {message.text.substr(0, most_bytes), usual_words / (usual_words + words)};
  }
  return {};
}

std::string_view find_accepted_offer(const chat::Request& request) {
  const std::vector<Message>& messages = request.messages;
  if (messages.size() < 2 || messages.back().role != Role::user) return {};
  const Message& before = messages[messages.size() - 2];
  const std::string_view reply = messages.back().text;
  if (before.role != Role::assistant || before.text.empty() || reply.size() > longest_follow_up) return {};

  Words words;
  words.scan(reply);
  if (words.size() == 0 || !has(words, 0, accepts)) return {};

  std::string_view tail = before.text;
  if (tail.size() > offer_reach) tail.remove_prefix(next_character_start(tail, tail.size() - offer_reach));
  words.scan(tail);
  for (std::size_t i = words.size(); i-- > 0;) {
    if (!has(words, i, offers)) continue;
    const std::string_view offer = tail.substr(words[i].begin);
    words.scan(offer);
    return words.size() < 4 || has_anywhere(words, says_nothing) ? std::string_view{} : offer;
  }
  return {};
}

}  // namespace triaged::routing
