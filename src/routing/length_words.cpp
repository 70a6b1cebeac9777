#include "routing/length_words.hpp"

#include "routing/phrases.hpp"

#include <string_view>

namespace triaged::routing {

namespace {

constexpr const char* owned_words =
    "this|these|that|those|my|our|your|his|her|its|their|following|attached|given|original|above|below|whose|"
    "dieser|diese|dieses|diesen|diesem|mein|meine|meinen|meinem|meiner|meines|unser|unsere|unseren|unserem|euer|"
    "ihr|ihre|ihren|ihrem|dein|deine|deinen|deinem|folgende|folgenden|folgender|folgendes|beigefugte|beigefugten|"
    "ce|cet|cette|ces|mon|ma|mes|ton|ta|tes|votre|vos|notre|nos|leur|leurs|suivant|suivante|ci|"
    "este|esta|estos|estas|ese|esa|esos|mi|mis|tu|tus|su|sus|nuestro|nuestra|siguiente|adjunto|adjunta|"
    "这|那|我|该|此|原|इस|इन|यह|ये|मेरे|मेरी|मेरा|हमारे|उस|उन|निम्नलिखित";

constexpr const char* being_words =
    "is|was|are|were|isnt|wasnt|has|have|had|having|contains|contain|contained|containing|counts|totals|exceeds|"
    "ist|sind|waren|hat|haben|habe|hatte|enthalt|umfasst|est|sont|etait|avait|contient|fait|comporte|compte|"
    "era|tiene|tengo|tenia|contiene|hay|有|共|है|हैं|था|थे";

constexpr const char* taker_words =
    "summarize|summarise|summarizing|shorten|condense|cut|trim|reduce|compress|paraphrase|rewrite|translate|"
    "proofread|edit|review|fix|check|correct|improve|analyze|analyse|critique|read|reads|reading|wrote|written|"
    "got|received|sent|remove|delete|skip|save|extract|contained|learn|memorize|split|"
    "fasse|fass|kurze|kurz|ubersetze|korrigiere|prufe|verbessere|geschrieben|gelesen|bekommen|erhalten|uberarbeite|"
    "resume|resumez|raccourcis|raccourcir|traduis|traduisez|corrige|corrigez|ecrit|lu|recu|reduis|"
    "resumir|acorta|acortar|traduce|corrige|reduce|lei|escribi|recibi|"
    "总|概|缩|译|改|删|读";

constexpr const char* maker_words =
    "write|writing|give|gimme|make|create|generate|draft|compose|produce|need|want|provide|prepare|get|use|using|"
    "craft|develop|continue|expand|extend|deliver|tell|explain|describe|discuss|add|"
    "schreib|schreibe|schreiben|verfasse|verfassen|erstelle|erstellen|brauche|mochte|gib|mach|mache|"
    "erzeuge|formuliere|erklare|erklar|beschreibe|beschreib|erzahle|nenne|liefere|"
    "ecris|ecrivez|ecrire|redige|redigez|rediger|cree|creez|creer|genere|generez|donne|donnez|fais|faites|"
    "explique|expliquez|decris|decrivez|veux|voudrais|raconte|prepare|"
    "escribe|escribeme|escriba|escribir|redacta|redacte|redactar|crea|cree|crear|genera|generar|dame|haz|hazme|"
    "necesito|quiero|explica|explicame|describe|cuenta|cuentame|elabora|"
    "写|作|告|给|做|编|生|लिखो|लिखें|लिखिए|लिख|दो|दीजिए|बताओ|बताइए";

constexpr const char* reply_words =
    "answer|answers|reply|respond|response|say|antworte|antworten|antwort|beantworte|sag|sage|reponds|repondez|"
    "repondre|reponse|dis|dites|responde|responda|respuesta|contesta|di|答|回|说|जवाब|उत्तर";

constexpr const char* modal_words =
    "must|should|shall|be|being|needs|can|may|soll|sollte|sollen|muss|mussen|darf|durfen|sein|"
    "doit|devrait|doivent|etre|faire|debe|deben|deberia|ser|tener|要|应|须|求|चाहिए";

constexpr const char* limit_words =
    "at|most|least|more|than|less|fewer|longer|no|only|just|simply|merely|exactly|precisely|about|around|approximately|"
    "roughly|approx|circa|ca|nearly|almost|up|max|maximum|minimum|min|between|over|above|"
    "hochstens|mindestens|genau|etwa|ungefahr|rund|knapp|maximal|minimal|nur|zu|mehr|als|weniger|zwischen|"
    "environ|exactement|seulement|uniquement|plus|moins|au|que|entre|juste|"
    "maximo|minimo|exactamente|aproximadamente|unos|unas|mas|menos|como|solo|solamente|alrededor|cerca|al|"
    "约|少|多|超|过|于|只|仅|लगभग|केवल|सिर्फ|अधिकतम|करीब|कम|ज्यादा";

constexpr const char* into_words =
    "in|into|to|within|under|below|as|limit|auf|unter|bis|innerhalb|im|en|dans|sous|jusqu|hasta|bajo|"
    "用|到|成|为|至|在";

constexpr const char* with_words = "with|mit|avec|con";
constexpr const char* of_words = "of|von|aus|de|d|du|des|del|का|की|के";
constexpr const char* article_words =
    "a|an|another|ein|eine|einen|einem|einer|eines|un|une|una|uno|篇|段|份|封|首|则|个|एक";

}  // namespace

LengthWord length_word_at(const Words& words, std::size_t i) {
  // What is added later counts where a word has several roles.
  static const Phrases built = [] {
    Phrases p;
    const auto add = [&p](const char* list, LengthWord role) { p.add(list, static_cast<std::uint16_t>(role)); };
    add(maker_words, LengthWord::maker);
    add(reply_words, LengthWord::reply);
    add("the|from|der|die|das|den|dem|le|la|les|l|el|los|las", LengthWord::the);
    add(being_words, LengthWord::being);
    add(taker_words, LengthWord::taker);
    add(owned_words, LengthWord::owned);
    add(modal_words, LengthWord::modal);
    add("not|dont|never|doesnt|didnt|without|nicht|kein|keine|keinen|ohne|pas|ne|sans|sin|不|别|勿|नहीं|मत",
        LengthWord::negation);
    add(into_words, LengthWord::into);
    add(limit_words, LengthWord::limit);
    add(with_words, LengthWord::with);
    add(of_words, LengthWord::of);
    add(article_words, LengthWord::article);
    add("each|every|apiece|respectively|jeweils|jede|jeder|jedes|jeden|jedem|chacun|chacune|chaque|cada|"
        "各|每|प्रत्येक|हर",
        LengthWord::each);
    add("per|pro|par|por", LengthWord::per);
    add("for|fur|pour|para", LengthWord::for_thing);
    add("and|or|und|oder|et|ou|y|o|u|或|और|या|से", LengthWord::either);
    add("में|以|内|左|之", LengthWord::closing);
    p.build();
    return p;
  }();
  LengthWord role = LengthWord::other;
  built.match(words, i, [&role](std::uint16_t id, std::size_t) { role = static_cast<LengthWord>(id); });
  return role;
}

}  // namespace triaged::routing
