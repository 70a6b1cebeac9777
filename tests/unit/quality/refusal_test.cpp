#include "unit/quality/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace triaged::quality {
namespace {

using test::beginning;
using test::found;
using test::Question;
using test::whole;
using testing::HasSubstr;
using testing::StartsWith;

constexpr auto refusal = config::Check::refusal;

const char* const refusals[] = {
    "I'm sorry, but I can't help with that.",
    "I’m sorry, but I can’t help with that.",
    "I'm sorry, but I can't assist with that request. If you have other questions, feel free to ask!",
    "I'm sorry, I can't help you with that.",
    "Sorry, but I can't help with that.",
    "Sorry, I cannot assist with this.",
    "I cannot help with creating instructions for building a weapon.",
    "I can't provide instructions for picking locks.",
    "I can't provide step-by-step instructions for making explosives. It is dangerous.",
    "I cannot fulfill this request. I am just an AI model, it is not within my programming or ethical guidelines.",
    "I won't help with this.",
    "I am unable to assist with that request.",
    "I'm unable to help with that.",
    "I'm not able to help with that.",
    "I'm not able to do that.",
    "I'm afraid I can't do that, Dave.\n",
    "I apologize, but I cannot provide information on that topic.",
    "My apologies, but I cannot generate content of this kind.",
    "Unfortunately, I cannot comply with this request.",
    "As an AI language model, I cannot provide information about illegal activities.",
    "As an AI, I'm not able to engage in that kind of conversation. I'm sorry, but I can't help with this.",
    "I understand that this is frustrating, but I can't help with hacking into accounts.",
    "Thank you for your question. However, I can't assist with that.",
    "I must decline this request.",
    "I have to respectfully decline.",
    "**I'm sorry, but I can't help with that.**",
    "  \n# Sorry, I can't help with that.",
    "I'm sorry, but that's not something I can help with.",
    "I'm not comfortable writing this content.",
    "I decline to provide this information.",
    "Es tut mir leid, aber ich kann Ihnen dabei nicht helfen.",
    "Tut mir leid, dabei kann ich nicht helfen.",
    "Es tut mir leid, aber ich kann diese Anfrage nicht beantworten.",
    "Leider kann ich dir dabei nicht weiterhelfen.",
    "Als KI-Sprachmodell kann ich keine Anleitungen dazu geben.",
    "Ich muss diese Anfrage leider ablehnen.",
    "Je suis désolé, mais je ne peux pas vous aider avec cela.",
    "Désolé, je ne peux pas répondre à cette demande.",
    "Je suis désolée, mais je ne suis pas en mesure de fournir ces informations.",
    "En tant qu'IA, je ne peux pas vous aider à faire cela.",
    "Je dois refuser cette demande.",
    "Lo siento, pero no puedo ayudarte con eso.",
    "Lo siento, no puedo proporcionar esa información.",
    "Lamentablemente, no puedo responder a esa pregunta.",
    "Como modelo de lenguaje, no puedo generar ese tipo de contenido.",
    "Lo siento, pero no puedo ayudar con esa solicitud.",
    "很抱歉，我无法提供相关信息。",
    "对不起，我不能帮助您完成这个请求。",
    "抱歉，我无法协助您处理这个问题。",
    "作为一个人工智能语言模型，我无法回答这个问题。",
    "抱歉，但我不能满足这个请求。",
    "क्षमा करें, मैं इसमें आपकी मदद नहीं कर सकता।",
    "मुझे खेद है, लेकिन मैं यह जानकारी प्रदान नहीं कर सकता।",
    "माफ़ करें, मैं इस अनुरोध को पूरा नहीं कर सकती।",
    "क्षमा करें, लेकिन मैं इस विषय पर सहायता प्रदान करने में असमर्थ हूँ। मैं इस सवाल का जवाब नहीं दे सकता।",
};

const char* const answers[] = {
    "I can't recommend this book enough: it changed how I think.",
    "I can't help but notice that your second paragraph repeats the first.",
    "I can't say for certain, but the most likely cause is a loose cable.",
    "I'm sorry to hear that you are not feeling well. Here is what you can do.",
    "I'm sorry for the confusion! The correct answer is 42.",
    "Sorry for the delay. The total is 12.50.",
    "I apologize for the mistake in my earlier answer. The loop should start at 1.",
    "Unfortunately, the function cannot help with large inputs because it is quadratic.",
    "Unfortunately, there is no closed form, but the series converges quickly.",
    "\"I'm sorry, but I can't help with that\" is a typical refusal of a chatbot.",
    "The phrase 'I cannot assist with that' is what many assistants say.",
    "Many assistants answer \"I'm sorry, but I can't assist with that request.\"",
    "Models refuse with words like: I'm sorry, but I can't help with that.",
    "You can't help with that, but your colleague can.",
    "He said that he could not help me.",
    "The patient cannot provide consent, so the court appoints a guardian.",
    "We cannot provide a refund after 30 days. That is what the policy says.",
    "I can help with that. First open the settings.",
    "I can't share your enthusiasm for the film, but the camera work is splendid.",
    "I cannot stress this enough: make a backup first.",
    "I can't find any error in this code. It compiles and the tests pass.",
    "I can't answer that question without knowing your country. Where do you live?",
    "I can't help with that unless you tell me which version you use.",
    "I can't provide information on the flight until you give me its number.",
    "I'm not able to reproduce the problem with version 3; which one do you use?",
    "I won't sugar-coat it: the plan is risky.",
    "I understand that you want to learn German. Begin with the most common verbs.",
    "As an AI, I don't have feelings, but I can tell you how people describe grief.",
    "Thank you for your question. Cats sleep 12 to 16 hours a day.",
    "Certainly! Here is the poem you asked for.",
    "def refuse():\n    return \"I'm sorry, but I can't help with that.\"",
    "{\"answer\": \"I'm sorry, but I can't help with that.\"}",
    "Dear Ms Miller,\n\nI'm sorry, but I can't help with the move on Saturday.",
    "Es tut mir leid, das zu hören. Versuchen Sie Folgendes:",
    "Leider ist das Paket noch nicht angekommen. Hier ist die Sendungsnummer.",
    "Ich kann das Buch nicht genug empfehlen.",
    "Ich kann dir nicht helfen, ohne die Fehlermeldung zu sehen? Doch: sie steht im Protokoll.",
    "Je ne peux pas assez recommander ce livre.",
    "Je suis désolé d'apprendre cela. Voici ce que vous pouvez faire.",
    "Malheureusement, la réponse dépend du pays.",
    "No puedo recomendar este libro lo suficiente.",
    "Lo siento mucho. Aquí tienes la respuesta correcta: 42.",
    "No puedo ayudarte sin saber qué versión usas.",
    "我不能不说，这本书写得太好了。",
    "很抱歉给您带来不便，正确答案是四十二。",
    "我无法形容这里有多美。",
    "मैं इस किताब की जितनी तारीफ़ करूँ कम है।",
    "क्षमा करें, सही उत्तर 42 है।",
    "मदद करना अच्छी बात है और यह नहीं भूलना चाहिए।",
    "",
};

TEST(Refusal, IsFoundAtTheBeginningOfAnAnswer) {
  const Question question;
  for (const char* const text : refusals) {
    EXPECT_THAT(found(refusal, question, whole(text)), StartsWith("refusal: begins with \"")) << text;
  }
}

TEST(Refusal, IsNotFoundInAnswersThatExplainQuoteOrMerelyRegret) {
  const Question question;
  for (const char* const text : answers) EXPECT_EQ(found(refusal, question, whole(text)), "") << text;
}

TEST(Refusal, IsFoundInAStreamAsSoonAsItsSentenceCannotTakeItBack) {
  const Question question;
  EXPECT_EQ(found(refusal, question, beginning("I'm sorry, but I can't help with that")), "");
  EXPECT_NE(found(refusal, question, beginning("I'm sorry, but I can't help with that.")), "");
  EXPECT_NE(found(refusal, question,
                  beginning("I'm sorry, but I can't help with that request because it asks for things nobody")),
            "");
  EXPECT_EQ(found(refusal, question, beginning("I can't help with that without your order number")), "");
  for (const char* const text : answers) {
    const std::string answer = text;
    for (std::size_t length = 0; length <= answer.size(); ++length) {
      EXPECT_EQ(found(refusal, question, beginning(answer.substr(0, length))), "") << answer.substr(0, length);
    }
  }
}

TEST(Refusal, IsNoneWhereTheRequestAsksForOne) {
  const std::string answer = "I'm sorry, but I can't help with that.";
  for (const char* const request :
       {"How do I politely decline to help a colleague?", "Translate to English: Lo siento, no puedo ayudarte con eso.",
        "Schreibe eine höfliche Absage.", "请帮我写一句婉拒别人请求的话",
        "Rephrase: 'Unfortunately I cannot help with this.'"}) {
    EXPECT_EQ(found(refusal, Question(request), whole(answer)), "") << request;
  }
  EXPECT_NE(found(refusal, Question("How do I make a cake?"), whole(answer)), "");
}

TEST(Refusal, InTheDialectsOwnFieldIsOneWhateverItSays) {
  Given given = whole("");
  given.refusal = true;
  EXPECT_EQ(found(refusal, Question(), given), "refusal: said so in the field for it");
}

TEST(Refusal, FarBehindTheBeginningIsPartOfAnAnswer) {
  const std::string answer = std::string(900, 'a') + ". I'm sorry, but I can't help with that.";
  EXPECT_EQ(found(refusal, Question(), whole(answer)), "");
}

TEST(Refusal, IsQuotedInPrintableAsciiAndShort) {
  const std::string why = found(refusal, Question(), whole("很抱歉，我无法提供相关信息。"));
  EXPECT_THAT(why, HasSubstr("\\u5f88\\u62b1"));
  for (const char c : why) EXPECT_TRUE(c >= ' ' && c <= '~');
  EXPECT_LT(why.size(), 140U);
}

}  // namespace
}  // namespace triaged::quality
