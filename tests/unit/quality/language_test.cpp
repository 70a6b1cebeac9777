#include "unit/quality/support.hpp"

#include <gtest/gtest.h>

#include <map>

namespace triaged::quality {
namespace {

using config::Check;
using test::beginning;
using test::found;
using test::Question;
using test::whole;

const std::map<std::string, std::string> questions{
    {"en",
     "What is the best way to keep my plants alive while I am on holiday for two weeks? Please tell me what to do."},
    {"de",
     "Wie kann ich meine Pflanzen am besten pflegen, wenn ich zwei Wochen nicht zu Hause bin? Was ist mit der Sonne "
     "auf dem Balkon?"},
    {"fr",
     "Comment puis-je garder mes plantes en vie quand je suis en vacances pour deux semaines avec ma famille et que je "
     "ne suis pas dans la maison ?"},
    {"es",
     "¿Cuál es la mejor forma de cuidar las plantas de mi casa cuando no estoy, y qué hago con las que están en el "
     "balcón?"},
    {"zh", "我要去度假两个星期，家里的植物应该怎么办才能不枯死？请给我一些建议。"},
    {"hi", "मैं दो हफ़्ते की छुट्टी पर जा रहा हूँ, मेरे पौधे जीवित रहें इसके लिए मुझे क्या करना चाहिए?"},
};
const std::map<std::string, std::string> answers{
    {"en",
     "The easiest way is to put the plants in the shade and to water them well before you leave. It is also good to "
     "ask a friend for help."},
    {"de",
     "Am einfachsten ist es, die Pflanzen in den Schatten zu stellen und sie vor der Reise gut zu gießen. Du kannst "
     "auch einen Freund bitten, mit dem du die Blumen teilst."},
    {"fr",
     "Le plus simple est de mettre les plantes à l'ombre et de les arroser avant le départ. Vous pouvez demander à un "
     "ami de passer dans la maison pour vous aider avec les fleurs."},
    {"es",
     "Lo más fácil es poner las plantas en la sombra y regarlas bien antes de salir de casa. También puedes pedir a un "
     "amigo que pase por la casa para que las mire."},
    {"zh", "最简单的办法是把植物放在阴凉的地方，出发之前浇足水。也可以请朋友来帮忙照看。"},
    {"hi", "सबसे आसान तरीका है कि पौधों को छाया में रखें और जाने से पहले अच्छी तरह पानी दें। आप किसी दोस्त से भी मदद माँग सकते हैं।"},
};

TEST(Language, OfTheAnswerIsThatOfTheRequest) {
  for (const auto& [asked, question] : questions) {
    for (const auto& [given, answer] : answers) {
      const std::string expected = asked == given ? "" : "language: is " + given + ", the request " + asked;
      EXPECT_EQ(found(Check::language, Question(question), whole(answer)), expected) << asked << " " << given;
      EXPECT_EQ(found(Check::language, Question(question), beginning(answer)), expected) << asked << " " << given;
    }
  }
}

TEST(Language, IsFreeWhereTheRequestSpeaksOfLanguages) {
  for (const std::string& request : std::vector<std::string>{
           "Please translate this for me, it is what I have to say to the people who live in the house: good morning "
           "to "
           "you all.",
           "What is the word for this in French, and how do you say it to the people in the street? " +
               questions.at("en"),
           "Bitte schreibe die Antwort auf Englisch. " + questions.at("de"),
           "Antworte in der Sprache, die du für richtig hältst. " + questions.at("de"),
           "Traduis cela s'il te plaît. " + questions.at("fr"), "Escribe la respuesta en inglés. " + questions.at("es"),
           "请用法语回答。" + questions.at("zh"), "अंग्रेज़ी में उत्तर दें। " + questions.at("hi")}) {
    for (const auto& [language, answer] : answers) {
      EXPECT_EQ(found(Check::language, Question(request), whole(answer)), "") << request << " " << language;
    }
  }
  Question told(questions.at("en"));
  told.say(chat::Role::system, "Always answer in German.").say(chat::Role::user, questions.at("en"));
  EXPECT_EQ(found(Check::language, told, whole(answers.at("de"))), "");
}

TEST(Language, IsNotDoubtedInShortMixedOrForeignTexts) {
  const Question german(questions.at("de"));
  for (const char* const answer :
       {"OK", "Yes.", "42", "Berlin", "Hello World",
        "```python\n# this is the code that you have to use for the plants in the house\nfor plant in the_house: "
        "water(plant)\n```",
        "\"To be or not to be, that is the question: what is it that you want to do with this?\"",
        "Il modo più semplice è mettere le piante all'ombra e non dimenticare che hanno bisogno di acqua.",
        "Der Satz the quick brown fox jumps over the lazy dog ist ein Pangramm, mit dem man die Schrift und die Tasten "
        "prüft."}) {
    EXPECT_EQ(found(Check::language, german, whole(answer)), "") << answer;
  }
  EXPECT_EQ(found(Check::language, Question("Hola"), whole(answers.at("en"))), "");
  EXPECT_EQ(found(Check::language, Question("植物"), whole(answers.at("en"))), "");
}

TEST(Language, IsNotDoubtedWhereTheRequestHasTwo) {
  std::string document;
  for (int i = 0; i < 12; ++i) document += answers.at("en") + " ";
  const Question question(
      "Fasse bitte den folgenden Text für mich zusammen, ich habe nicht die Zeit, ihn zu lesen und zu prüfen: " +
      document);
  EXPECT_EQ(found(Check::language, question, whole(answers.at("en"))), "");
}

TEST(Language, IsNotLookedAtInData) {
  Question question(questions.at("de"));
  question.request.format = chat::OutputFormat::json_object;
  EXPECT_EQ(found(Check::language, question, whole("{\"answer\":\"" + answers.at("en") + "\"}")), "");
}

}  // namespace
}  // namespace triaged::quality
