#include "quality/check.hpp"
#include "quality/words.hpp"

#include <optional>
#include <re2/re2.h>
#include <string>
#include <string_view>

namespace triaged::quality {

namespace {

// A refusal stands at the beginning: what is behind so many bytes is not looked at.
constexpr std::size_t looked_at = 600;
// Where a sentence that has not ended so long after the refusal did not take it back, it will not.
constexpr std::size_t rest_of_sentence = 48;

// First person, a word of not being able or willing, and a word for what an assistant does for somebody. "I can't
// recommend it enough" has no such word, "I can't help but laugh" has it without an object.
constexpr const char* english =
    "(?:(?:"
    "(?:i['’]?m|i am)(?: really| very| so| truly)? (?:sorry|afraid)|sorry|(?:my|sincere) apologies|i "
    "apologi[sz]e|unfortunately|"
    "(?:thank you|thanks) for [^.!?\\n]{0,60}|i (?:understand|appreciate|see) [^.!?\\n]{0,100}|"
    "as an? (?:ai|artificial intelligence|language model|large language model|assistant|responsible)[^.,!?\\n]{0,60}"
    ")[ ,.;:!—–-]*(?:(?:but|however|and|that|because)[ ,]*)?){0,3}"
    "(?:i(?: simply| just| really| must| have to| respectfully| politely){0,2} ?"
    "(?:can['’]?t|cannot|can not|won['’]?t|will not|decline to|refuse to|"
    "(?:am|['’]m) (?:not (?:able|allowed|permitted|willing|going) to|unable to|not comfortable(?: with)?))"
    "(?: in good conscience| ethically| legally| directly| really| simply)? "
    "(?:help(?:ing)?(?: you)?(?: out)?(?: (?:with|in|on|to)\\b|[ ]*[.,!;:\\n])|help you\\b|assist(?:ing)?\\b|comply\\b|"
    "(?:fulfil+|complete|process|answer|respond to|engage (?:in|with)|participate in|discuss(?:ing)?|support) "
    "(?:that|this|these|those|such|your|any)\\b|"
    "(?:provid(?:e|ing)|offer|give|supply|shar(?:e|ing)|creat(?:e|ing)|generat(?:e|ing)|writ(?:e|ing)|produc(?:e|ing)|"
    "mak(?:e|ing)|compos(?:e|ing))"
    "(?: you)?(?: with)? (?:that|this|such|any|(?:the |step-by-step |detailed |specific |explicit |harmful |illegal )?"
    "(?:information|instructions|content|guidance|assistance|help|details|material))\\b)|"
    "i (?:must|have to|need to|['’]ll have to|will have to) (?:respectfully |politely )?(?:decline|refuse)\\b|"
    "i(?:['’]m| am) (?:not able|unable|not allowed|not permitted) to do (?:that|this|so)\\b|"
    "i (?:can['’]?t|cannot|can not) do (?:that|this|so)[ ]*[.,!;:\\n]|"
    "(?:that|this|it)(?: request)? (?:goes|is) against (?:my|our|openai)|"
    "(?:that|this)(?:['’]s| is) (?:not something (?:that )?i can|something (?:that )?i (?:can['’]?t|cannot|won['’]?t)) "
    "(?:help|assist|do|provide|discuss))";

constexpr const char* german =
    "(?:(?:(?:es )?tut mir (?:sehr |wirklich )?leid|entschuldigung|entschuldige|entschuldigen sie|verzeihung|leider|"
    "ich verstehe [^.!?\\n]{0,100}|als (?:ki|sprachmodell|künstliche intelligenz)[^.,!?\\n]{0,60})[ "
    ",.;:!—–-]*(?:(?:aber|doch)[ ,]*)?){0,3}"
    "(?:(?:ich (?:kann|darf|werde|möchte)|(?:kann|darf|werde|möchte) ich)(?: leider)?[^.!?\\n,]{0,80}? "
    "(?:nicht|keine?n?)\\b[^.!?\\n,]{0,60}? ?"
    "(?:helfen|weiterhelfen|behilflich sein|unterstützen|beantworten|bereitstellen|nachkommen|erfüllen|"
    "(?:informationen|anleitungen?|inhalte|auskunft|auskünfte|hilfe|unterstützung) (?:dazu |dafür |hierzu "
    ")?(?:geben|anbieten|bereitstellen|erstellen|liefern))|"
    "ich (?:muss|möchte) (?:das|dies|diese (?:bitte|anfrage)|ihre (?:bitte|anfrage)|deine (?:bitte|anfrage)) (?:leider "
    ")?ablehnen|"
    "(?:dabei|damit|das|hierbei) (?:kann|darf|werde) ich (?:dir |ihnen |leider )*nicht "
    "(?:helfen|weiterhelfen|tun|machen|unterstützen|beantworten))";

constexpr const char* french =
    "(?:(?:je suis (?:vraiment |sincèrement )?désolée?|désolée?|je m['’]excuse|je regrette|malheureusement|je "
    "comprends [^.!?\\n]{0,100}|"
    "en tant qu['’](?:ia|intelligence artificielle|assistant|modèle)[^.,!?\\n]{0,60})[ "
    ",.;:!—–-]*(?:(?:mais|cependant)[ ,]*)?){0,3}"
    "(?:je (?:ne (?:peux|puis|suis)|n['’]ai)(?: malheureusement| vraiment)?(?: pas| point)?(?: en mesure de| "
    "autorisée? à| capable de| le droit de)? "
    "(?:vous |t['’]|te )?(?:y )?(?:aider|assister|répondre à (?:cette|votre|ta|ce)|fournir (?:cette|ces|ce|d['’]|de "
    "|des )|"
    "donner (?:d['’]|de |ces|cette|ce )|satisfaire|accéder à (?:cette|votre|ta) demande|créer "
    "(?:ce|cette|ces|de|du)|générer (?:ce|cette|ces|de|du)|discuter de (?:ce|cette))|"
    "je (?:dois|suis obligée? de|suis contrainte? de) (?:refuser|décliner)\\b)";

constexpr const char* spanish =
    "(?:(?:lo siento(?: mucho)?|perdón|perdona|disculpa|disculpe|mis "
    "disculpas|lamentablemente|desafortunadamente|lamento|entiendo [^.!?\\n]{0,100}|"
    "como (?:ia|inteligencia artificial|asistente|modelo)[^.,!?\\n]{0,60})[ ,.;:!—–-]*(?:(?:pero|sin embargo)[ "
    ",]*)?){0,3}"
    "(?:(?:yo )?no (?:puedo|podré|voy a|estoy autorizad[oa] (?:a|para)|estoy en condiciones de|me es posible|soy capaz "
    "de) "
    "(?:ayudar(?:te|le|los|les)?\\b|asistir(?:te|le)?\\b|responder a (?:esa|esta|eso|su|tu)|cumplir|atender|"
    "(?:proporcionar|ofrecer|dar|compartir|crear|generar|escribir|facilitar)(?:te|le)?(?: con)? "
    "(?:es[aeo]s?|est[aeo]s?|ese tipo|información|instrucciones|contenido|asistencia|ayuda)|"
    "hacer eso)|"
    "(?:debo|tengo que) (?:rechazar|negarme|declinar)\\b)";

constexpr const char* chinese =
    "(?:(?:很|非常|十分)?(?:抱歉|对不起|不好意思|遗憾)(?:地)?|我(?:很|非常)?(?:抱歉|遗憾)|作为(?:一个|一名)?(?:"
    "人工智能|ai|语言模型|大语言模型)[^。！？\\n，,]{0,20}|"
    "我理解[^。！？\\n]{0,40}|[ ，,。！、：:]|但是?|不过){0,8}"
    "我(?:暂时|目前|实在)?(?:无法|不能|不可以|没办法|没有办法|拒绝)(?:为您|为你|给您|给你|向您|向你|在这方面|就此|直接)"
    "*"
    "(?:提供(?:任何|有关|关于|此类|这类|这种|该|相关|您|你|这|帮助|协助|信息|详细|具体)|协助|帮助(?:您|你)?|帮(?:您|你|"
    "到)|回答(?:这|此|您|你|该|关于)|满足(?:您|你|这|此|该)|"
    "完成(?:这|此|您|你|该)|生成(?:这|此|该|任何|相关)|讨论(?:这|此|该)|参与(?:这|此)|执行(?:这|此|您|你|该)|处理(?:这|"
    "此|您|你|该))";

constexpr const char* hindi =
    "(?:(?:मुझे )?(?:क्षमा (?:करें|कीजिए|कीजिएगा|चाहता हूँ|चाहती हूँ|चाहता हूं|चाहती हूं)|माफ़? ?(?:करें|कीजिए|करना)|माफ़ करें|माफ़ "
    "कीजिए|खेद है|अफ़सोस है|अफसोस है|दुर्भाग्य से|दुर्भाग्यवश)"
    "[ ,।.!]*(?:(?:लेकिन|परंतु|परन्तु|पर|कि)[ ,]*)?){0,3}"
    "मैं [^।.!?\\n]{0,160}(?:मदद|सहायता|जानकारी|निर्देश|उत्तर|जवाब|अनुरोध|सामग्री|प्रदान|पूरा)[^।.!?\\n]{0,60}(?:नहीं "
    "(?:कर|दे|बता|बना|लिख) ?(?:सकता|सकती|पाऊँगा|पाऊंगा|पाऊँगी|पाऊंगी)|"
    "(?:करने|देने|बताने|बनाने) में (?:असमर्थ|सक्षम नहीं))";

std::string any_language() {
  std::string all;
  for (const char* const one : {english, german, french, spanish, chinese, hindi}) {
    all += all.empty() ? "(?:" : "|(?:";
    all += one;
    all += ')';
  }
  return all;
}

RE2::Options options() {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_max_mem(16 << 20);
  return options;
}

const RE2& refusal() {
  static const RE2 expression("(?:" + any_language() + ")", options());
  return expression;
}

// What takes it back, or makes it a condition: "... without your order number", "..., but here is what I know".
const RE2& mended() {
  static const RE2 expression(
      "\\b(?:without|unless|until|before you|but here|but i can|but i['’]ll|however|ohne|bevor|solange|aber "
      "hier|sans|avant|tant que|mais voici|"
      "sin (?:más|saber|conocer|ver)|a menos|hasta que|pero aquí)\\b|但|除非|不过|बिना|लेकिन|जब तक",
      options());
  return expression;
}

// Whoever asks how to say no gets a refusal for an answer.
const RE2& asked_for() {
  static const RE2 expression(
      "declin|refus|reject|turn(?:ing|s)? (?:\\w+ )?down|say(?:ing)? no\\b|apolog|(?:can['’]?t|cannot|unable to) "
      "(?:help|assist)|"
      "ablehn|absag|verweiger|nicht (?:weiter)?helfen|déclin|excus|peux pas (?:vous "
      "|t['’])?aider|rechaz|negar|disculp|no puedo ayudar|"
      "拒绝|婉拒|道歉|无法(?:帮助|提供)|不能帮|मना |इनकार|इंकार|माफ़ी|मदद नहीं",
      options());
  return expression;
}

bool asks_for_refusal(const chat::Request& request) {
  const auto in = [](std::string_view part) {
    return RE2::PartialMatch(re2::StringPiece(part.data(), part.size()), asked_for());
  };
  const TaskWords words = task_words(request);
  return in(words.head) || in(words.tail);
}

std::string_view without_decoration(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n*_#>");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

// The rest of the sentence that goes on at `at`; nothing where it is not known yet how it ends.
std::optional<std::string_view> sentence_rest(std::string_view text, std::size_t at, bool whole) {
  static const RE2 end("[.!?\\n。！？।]");
  re2::StringPiece rest(text.data() + at, text.size() - at);
  re2::StringPiece found;
  if (end.Match(rest, 0, rest.size(), RE2::UNANCHORED, &found, 1)) {
    return text.substr(at, static_cast<std::size_t>(found.data() - rest.data()));
  }
  if (!whole && rest.size() < rest_of_sentence) return std::nullopt;
  return text.substr(at);
}

}  // namespace

std::string check_refusal(const Asked& asked, const Given& given) {
  if (given.refusal) return "said so in the field for it";
  std::string text(without_decoration(given.text).substr(0, looked_at));
  const bool whole = given.whole && text.size() < looked_at;
  if (whole) text += '\n';
  re2::StringPiece found;
  if (!refusal().Match(text, 0, text.size(), RE2::ANCHOR_START, &found, 1)) return {};
  // The match may have taken the mark that ends the sentence.
  const std::size_t end = found.empty() ? 0 : found.size() - 1;
  const auto rest = sentence_rest(text, end, whole);
  if (!rest || RE2::PartialMatch(re2::StringPiece(rest->data(), rest->size()), mended())) return {};
  if (asks_for_refusal(asked.request())) return {};
  return "begins with " + in_quotes(text.substr(0, found.size()));
}

}  // namespace triaged::quality
