#include "triaged/routing/features.hpp"

#include "unit/routing/support.hpp"

#include <gtest/gtest.h>

#include <string>

namespace triaged::routing {
namespace {

using test::Conversation;
using test::user;

Features features_of(std::string text) { return extract_features(user(std::move(text)).request); }

struct Spoken {
  const char* text;
  Language language;
};

class Languages : public testing::TestWithParam<Spoken> {};

TEST_P(Languages, AreRecognised) {
  EXPECT_EQ(features_of(GetParam().text).language, GetParam().language) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Prompts, Languages,
    testing::Values(Spoken{"What are your opening hours?", Language::en},
                    Spoken{"Write a poem about the sea", Language::en},
                    Spoken{"Wie sind Ihre Öffnungszeiten?", Language::de}, Spoken{"Schreibe ein Gedicht", Language::de},
                    Spoken{"Quels sont vos horaires d'ouverture ?", Language::fr},
                    Spoken{"Résume ce texte", Language::fr}, Spoken{"¿Cuál es su horario de apertura?", Language::es},
                    Spoken{"Escribe un poema", Language::es}, Spoken{"你们的营业时间是几点？", Language::zh},
                    Spoken{"用Python写一个函数", Language::zh}, Spoken{"भारत की राजधानी क्या है?", Language::hi},
                    Spoken{"東京の天気はどうですか", Language::other}, Spoken{"Напиши стихотворение", Language::other},
                    Spoken{"서울의 날씨는 어때요", Language::other},
                    Spoken{"Qual é a capital do Brasil e o que você sabe sobre ela?", Language::other},
                    Spoken{"", Language::unknown}, Spoken{"12345", Language::unknown},
                    Spoken{"Translate 火车 into English please", Language::en}));

TEST(Features, CountTheWholeRequest) {
  Conversation conversation;
  conversation.system("You answer questions about our shop.")
      .user("Hello")
      .assistant("Hi, what can I do?")
      .user("Prices?");

  const Features features = extract_features(conversation.request);

  EXPECT_EQ(features.turns, 2U);
  EXPECT_GT(features.input_tokens, 15);
  EXPECT_LT(features.input_tokens, 60);
  EXPECT_LE(features.last_turn_tokens, 3);
}

TEST(Features, CountTheRequestAsEachTokenizerDoes) {
  const Features features =
      extract_features(user("नगर परिषद ने मंगलवार को ट्राम लाइन को बंदरगाह तक बढ़ाने का निर्णय लिया।").request);

  EXPECT_EQ(input_tokens_of(features, Tokenizer::o200k), features.input_tokens);
  EXPECT_LT(3 * input_tokens_of(features, Tokenizer::o200k), 2 * input_tokens_of(features, Tokenizer::cl100k));
}

TEST(Features, TellTheHistoryFromTheTask) {
  const std::string sentence = "The quick brown fox jumps over the lazy dog and runs away into the forest. ";
  Conversation conversation;
  conversation.user("Tell me about foxes and dogs in the forest, please.").assistant(sentence + sentence);
  conversation.user("Now write the same about cats and mice in the house, as an exercise.");

  const Features alone = extract_features(user(sentence + sentence).request);
  const Features after_others = extract_features(conversation.request);

  EXPECT_EQ(alone.history_tokens, 0);
  EXPECT_GT(after_others.history_tokens, 25);
  EXPECT_LT(after_others.history_tokens, after_others.input_tokens);
}

TEST(Features, CountHistoriesInProportionBeyondWhatIsLookedAt) {
  Conversation conversation;
  for (int i = 0; i < 400; ++i) {
    conversation.user("The quick brown fox jumps over the lazy dog and runs away into the forest.");
    conversation.assistant("The quick brown fox jumps over the lazy dog and runs away into the forest.");
  }

  const Features features = extract_features(conversation.request);

  EXPECT_NEAR(static_cast<double>(features.input_tokens), 800.0 * (16 + 4), 800.0 * 3);
}

TEST(Features, CountToolsByWhatTheBodyHoldsBesidesText) {
  Conversation conversation = user("Weather in Paris?");
  conversation.request.tools = 2;
  const Features small = extract_features(conversation.request);
  conversation.request.body_bytes = 8'000;
  const Features large = extract_features(conversation.request);

  EXPECT_GE(small.input_tokens, 120);
  EXPECT_NEAR(static_cast<double>(large.input_tokens), 2'000, 100);
}

TEST(Features, CountMedia) {
  Conversation conversation = user("What is this?");
  conversation.request.messages[0].images = 2;
  conversation.request.messages[0].audios = 1;
  conversation.request.messages[0].files = 1;

  const Features features = extract_features(conversation.request);

  EXPECT_EQ(features.images, 2U);
  EXPECT_EQ(features.audios, 1U);
  EXPECT_EQ(features.files, 1U);
  EXPECT_GT(features.input_tokens, 2'000);
}

TEST(Features, SeeToolUseInTheHistory) {
  Conversation conversation;
  conversation.user("Book a table").assistant("").tool("{\"ok\":true}");
  conversation.request.messages[1].tool_calls = 1;

  const Features features = extract_features(conversation.request);

  EXPECT_TRUE(features.assistant_called_tools);
  EXPECT_EQ(features.tool_results, 1U);
}

TEST(Features, SeeTheShapeOfCodeFormulasTablesAndLists) {
  const Features code = features_of("Why does this fail?\n```\nint main() {\n  return 1;\n}\n```");
  EXPECT_TRUE(code.has_code_fence);
  EXPECT_GT(code.code_density, 0.3);

  EXPECT_GT(features_of("def add(a, b):\n    return a + b\nprint(add(1, 2))").code_density, 0.6);
  EXPECT_GT(features_of("Solve:\n3x + 5 = 20\n2y - 4 = 8").math_density, 0.5);
  EXPECT_GT(features_of("Let \\(f(x) = \\frac{1}{x}\\)").math_density, 0.5);
  EXPECT_GT(features_of("name|age|city\nann|31|rome\nbob|25|oslo").table_density, 0.9);
  EXPECT_EQ(features_of("Rules:\n- be brief\n- be kind\n1. no lies").list_items, 3U);

  const Features prose = features_of("Tell me about the history of Rome, from its founding to the fall of the empire.");
  EXPECT_EQ(prose.code_density, 0.0);
  EXPECT_EQ(prose.math_density, 0.0);
  EXPECT_EQ(prose.table_density, 0.0);
}

TEST(Features, CountConstraintsReasoningAndDomainsOfTheInstruction) {
  const Features features = features_of(
      "Prove the theorem step by step. The proof must use at most three lemmas and should not rely on induction.");
  EXPECT_GE(features.constraints, 3U);
  EXPECT_GE(features.reasoning_cues, 2U);
  EXPECT_GE(features.domain_cues, 2U);
  EXPECT_EQ(features.sentences, 2U);

  const Features plain = features_of("Hello, nice weather today");
  EXPECT_EQ(plain.constraints, 0U);
  EXPECT_EQ(plain.reasoning_cues, 0U);
  EXPECT_EQ(plain.domain_cues, 0U);
}

// Of a text, how many tokens a feature has at least and at most.
struct Tokens {
  const char* text;
  std::int64_t least;
  std::int64_t most;

  void hold_for(std::int64_t Features::*feature) const {
    const std::int64_t tokens = features_of(text).*feature;
    EXPECT_GE(tokens, least) << text;
    EXPECT_LE(tokens, most) << text;
  }
};

TEST(Features, KnowTheSizeOfDocumentsSpokenOf) {
  const Tokens cases[] = {
      {"Analyse the attached 50-page contract", 25'000, 40'000},
      {"Summarize this report of 200 pages", 100'000, 150'000},
      {"Summarize 1,200 pages", 500'000, 900'000},
      {"Fasse die 50 Seiten zusammen", 25'000, 40'000},
      {"总结这份50页的合同", 25'000, 40'000},
      {"इस 50 पेज के अनुबंध का सारांश", 25'000, 40'000},
      {"Review the entire codebase", 5'000, 50'000},
      {"Read page 3", 0, 0},
      {"I have 3 cats", 0, 0},
      {"99999999999999999999 pages", 1'000'000, 10'000'000},
  };
  for (const Tokens& it : cases) it.hold_for(&Features::mentioned_tokens);
}

TEST(Features, KnowTheLengthOfAnAnswerThatIsAskedFor) {
  const Tokens cases[] = {
      {"Write a 3,000-word article about bees", 3'500, 5'000},
      {"Summarize this in 100 words.", 100, 160},
      {"Explain it in 3 sentences, please", 50, 120},
      {"Schreibe einen Aufsatz mit 500 Wörtern", 500, 900},
      {"Écris un texte de 300 mots sur la mer", 300, 500},
      {"Escribe 2 párrafos sobre el mar", 150, 300},
      {"写一篇800字的文章", 500, 1'300},
      {"समुद्र पर 200 शब्दों में लिखो", 200, 400},
      {"Answer in one word: what is the capital of France?", 1, 8},
      {"Is this right? Yes or no.", 1, 8},
      {"Sum it up in one sentence", 15, 50},
      {"Write a 500-word essay and sum it up in one sentence", 500, 900},
      {"Write 999999999 words", 500'000, 2'000'000},
      {"Summarize this report of 200 pages", 0, 0},
      {"Write a story about a word", 0, 0},
      {"What is the capital of France?", 0, 0},
      {"Give me 2 or 3 sentences on bees", 70, 70},
      {"Write a detailed 200-300 word review", 350, 350},
      {"Explain gravity in no more than 100 words", 140, 140},
      {"Keep it under 50 words.", 70, 70},
      {"Explain recursion, 50 words max", 70, 70},
      {"Your answer should be about 100 words.", 140, 140},
      {"500 words on bees, please", 700, 700},
      {"a short 100-word plot of a horror about vape", 140, 140},
      {"Escribe un ensayo de 200 a 300 palabras", 350, 350},
      {"Provide a brief abstract (max 100 words) of my essay about tide mills.", 140, 140},
      {"Continue this in the same voice, about 300 words", 420, 420},
      {"一句话概括：小狐狸一直想当森林里最快的", 28, 28},
      {"Schreibe ein 500-Wort-Essay über Bienen", 700, 700},
      {"Antworte mit höchstens 50 Wörtern: was ist Licht?", 70, 70},
      {"Beantworte das in einem Satz.", 28, 28},
      {"Explique la lumière à 50 mots", 70, 70},
      {"Pas plus de 100 mots : explique la lumière.", 140, 140},
      {"Explica la luz con una sola palabra", 4, 4},
      {"Explica la luz en 50 palabras como máximo", 70, 70},
      {"用一句话总结这篇文章", 28, 28},
      {"介绍一下北京，不超过300字", 420, 420},
      {"西红柿算水果还是蔬菜，一个词回答", 4, 4},
      {"एक शब्द में उत्तर दो: भारत की राजधानी?", 4, 4},
  };
  for (const Tokens& it : cases) it.hold_for(&Features::asked_output_tokens);
}

struct Asked {
  const char* text;
  std::int64_t tokens;
};

TEST(Features, DoNotTakeTheLengthOfWhatIsHandedInForTheAnswers) {
  for (const Asked& it : {
           Asked{"Summarize this 5000-word article in 3 sentences.", 84},
           Asked{"Shorten this 3,000-word essay to 200 words.", 280},
           Asked{"Summarize a 5000-word article in 3 sentences", 84},
           Asked{"My essay is 4000 words and must be 500 words. What should I cut?", 0},
           Asked{"I wrote a 4000-word essay. How do I improve it?", 0},
           Asked{"A customer sent me a 5000-word complaint. Answer in 3 sentences.", 84},
           Asked{"Give me ideas for a 500-word essay", 0},
           Asked{"Proofread the attached 5000 words", 0},
           Asked{"My text has up to 4000 words", 0},
           Asked{"My report totals about 4000 words. What can go?", 0},
           Asked{"Cut it from 3000 to 500 words", 700},
           Asked{"Find the typos in 3 paragraphs of my text", 0},
           Asked{"Fasse diesen Artikel mit 5000 Wörtern in 3 Sätzen zusammen", 84},
           Asked{"Mein Text hat 4000 Wörter. Was kann weg?", 0},
           Asked{"Kürze diesen 3.000 Wörter langen Text auf 200 Wörter", 280},
           Asked{"Résume cet article de 5000 mots en 3 phrases", 84},
           Asked{"Il a 5000 mots, mon texte. Que faire pour le lecteur ?", 0},
           Asked{"Resume este artículo de 5000 palabras en 3 frases", 84},
           Asked{"把这篇5000字的文章缩写到200字", 280},
           Asked{"我的论文有5000字，怎么改？", 0},
           Asked{"इस 5000 शब्दों के लेख को 3 वाक्यों में लिखो", 84},
       }) {
    EXPECT_EQ(features_of(it.text).asked_output_tokens, it.tokens) << it.text;
  }
}

TEST(Features, KnowNoLengthWhereItIsNotClear) {
  for (const char* const text :
       {"Microsoft Word 2016 words wrong, fix",
        "Explain yes or no questions in grammar, in depth.",
        "What does the one word at the end of the poem mean? Explain in detail with a long essay.",
        "Don't write more than 20,000 words; one sentence is enough.",
        "Write 20 blog posts of 500 words each.",
        "Write 20 blog posts of 500 words",
        "Microsoft Word 500 words wrong, fix",
        "Summarize this article (5000 words)",
        "Write 5 500-word essays",
        "Explain each of these in 2 sentences",
        "Schreibe drei Texte mit jeweils 500 Wörtern",
        "Schreibe 300 Wörter pro Absatz",
        "Écris trois textes de 300 mots chacun",
        "Escribe tres textos de 300 palabras cada uno",
        "Write it in 100 words or in 3 sentences",
        "Write 12,34 words",
        "Write 1,2345 words",
        "Write 3.5 words",
        "Why did he say \"in 500 words\"?",
        "In 2016 words changed their meaning"}) {
    EXPECT_EQ(features_of(text).asked_output_tokens, 0) << text;
  }
}

TEST(Features, ReadLengthsAsTheyAreWrittenAnywhere) {
  for (const Asked& it : {
           Asked{"Schreibe einen Aufsatz mit 2.500 Wörtern", 3500},
           Asked{"mit 2.500 Wörtern", 3500},
           Asked{"3.000 palabras", 4200},
           Asked{"Escribe un ensayo de 3.000 palabras", 4200},
           Asked{"3 000 mots", 4200},
           Asked{"Écris un essai de 3\xC2\xA0"
                 "000 mots",
                 4200},
           Asked{"Écris un essai de 3\xE2\x80\xAF"
                 "500\xC2\xA0mots",
                 4900},
           Asked{"Write 3'000 words", 4200},
           Asked{"Write 1,000,000 words", 1'000'000},
           Asked{"Write 100,000 words", 140'000},
       }) {
    EXPECT_EQ(features_of(it.text).asked_output_tokens, it.tokens) << it.text;
  }
}

TEST(Features, CountQuestionsInBothWidths) {
  EXPECT_EQ(features_of("Who? Where?").questions, 2U);
  EXPECT_EQ(features_of("谁？在哪里？").questions, 2U);
}

TEST(Features, SurviveDegenerateRequests) {
  const chat::Request nothing;
  EXPECT_EQ(extract_features(nothing).input_tokens, 0);
  EXPECT_EQ(features_of("").words, 0U);
  EXPECT_EQ(features_of("   \n\n ").words, 0U);

  Conversation only_tools;
  only_tools.tool("{}").tool("{}");
  EXPECT_EQ(extract_features(only_tools.request).task_text, "");
  EXPECT_EQ(extract_features(only_tools.request).tool_results, 2U);

  Conversation only_system;
  only_system.system("Summarize the following text.");
  EXPECT_EQ(extract_features(only_system.request).task_text, "Summarize the following text.");

  for (const char byte : {'a', ' ', '\n', '\x80', '\xFF', '?', '`', '"', '1', '\0'}) {
    const Features features = features_of(std::string(1U << 20U, byte));
    EXPECT_GE(features.input_tokens, 1) << static_cast<int>(byte);
  }
  EXPECT_NO_FATAL_FAILURE(features_of("\xC3\x28 \xE2\x82 \xF0\x28\x8C\x28 caf\xE9"));
}

TEST(CertainLanguage, IsKnownOfEnoughPlainText) {
  for (const Spoken& row :
       {Spoken{"What is the best way to do this, and how long will it take me?", Language::en},
        Spoken{"Das ist der Weg, den wir nicht mit dem Wagen nehmen und auf dem wir sind.", Language::de},
        Spoken{"Je ne suis pas dans la maison avec vous et nous ne sommes pas contents.", Language::fr},
        Spoken{"¿Cuál es el mejor modo y dónde están las llaves del coche de los vecinos?", Language::es},
        Spoken{"我要去度假两个星期，家里的植物应该怎么办才好？", Language::zh},
        Spoken{"मैं दो हफ़्ते की छुट्टी पर जा रहा हूँ, क्या करना चाहिए?", Language::hi}}) {
    EXPECT_EQ(certain_language(row.text), row.language) << row.text;
  }
}

TEST(CertainLanguage, IsNotKnownOfLittleMixedOrOtherText) {
  for (const char* const text :
       {"", "the and is", "好的", "Hello World", "これは日本語の文章です。漢字とかなを使います。",
        "Это русский текст, в котором нет ни одного слова на другом языке.",
        "Il modo più semplice è mettere le piante all'ombra e non dimenticare che hanno bisogno di acqua.",
        "```\nthe code that is in this block is what you have to do with it and for the rest of it\n```",
        "Das ist der Satz und the words are in the middle of it, nicht mit dem Rest auf dem what is this for you."}) {
    EXPECT_EQ(certain_language(text), Language::unknown) << text;
  }
}

}  // namespace
}  // namespace triaged::routing
