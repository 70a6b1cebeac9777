#include "triaged/routing/complexity.hpp"

#include "triaged/routing/task_model.hpp"

#include "unit/routing/support.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace triaged::routing {
namespace {

using test::Conversation;
using test::user;

double complexity_of(const chat::Request& request) {
  const Features features = extract_features(request);
  return score_complexity(features, classify(request, features, test::built_in_classifier()).best).value;
}
double complexity_of(std::string text) { return complexity_of(user(std::move(text)).request); }

TEST(Complexity, IsNearZeroForPlainQuestionsAndTalk) {
  for (const char* text : {"What are your opening hours?", "Hi!", "Thanks, bye", "Wie sind Ihre Öffnungszeiten?",
                           "Quels sont vos horaires d'ouverture ?", "¿Cuál es su horario de apertura?",
                           "आपके खुलने का समय क्या है?", "How do I reset my password?"}) {
    EXPECT_LT(complexity_of(text), 0.1) << text;
  }
}

TEST(Complexity, IsHighForLargeDocumentsAndDemandedJudgementWhetherTheTextIsThereOrNot) {
  for (const char* text :
       {"Analyse the attached 50-page contract and summarise the key risks",
        "Summarize the key risks of the attached 50-page contract",
        "Analyze the attached 50-page contract and summarize the key risks: The Supplier shall deliver.",
        "Analysiere den beigefügten 50-seitigen Vertrag und fasse die wichtigsten Risiken zusammen",
        "Analyse le contrat de 50 pages ci-joint et résume les principaux risques",
        "Analiza el contrato adjunto de 50 páginas y resume los riesgos principales",
        "分析附件中50页的合同并总结主要风险"}) {
    EXPECT_GE(complexity_of(text), 0.6) << text;
  }
}

TEST(Complexity, IsNotZeroForHardQuestionsInPlainWords) {
  for (const char* text :
       {"Prove that there are infinitely many primes congruent to 3 modulo 4.",
        "A 67-year-old patient on warfarin presents with black stools. What is the most likely diagnosis?",
        "Can my landlord terminate the lease early if a clause in the contract allows it?",
        "Which enzyme catalyses the rate-limiting step of glycolysis and how is it regulated?",
        "What is the correct dosage of metformin for a patient with renal impairment?",
        "Derive the Hamiltonian of a charged particle in a magnetic field."}) {
    EXPECT_GT(complexity_of(text), 0.1) << text;
  }
}

struct Pair {
  const char* easier;
  const char* harder;
};

class ComplexityOrder : public testing::TestWithParam<Pair> {};

TEST_P(ComplexityOrder, PutsTheHarderPromptHigher) {
  EXPECT_LT(complexity_of(GetParam().easier), complexity_of(GetParam().harder))
      << GetParam().easier << " / " << GetParam().harder;
}

INSTANTIATE_TEST_SUITE_P(
    Prompts, ComplexityOrder,
    testing::Values(
        Pair{"Hi", "What is the capital of France?"},
        Pair{"What is the capital of France?", "Why did the French Revolution lead to the rise of Napoleon?"},
        Pair{"What is 2 + 2?", "Prove that the square root of 2 is irrational."},
        Pair{"Write a haiku", "Write a 3000-word essay that compares Kant's and Hume's views on causality"},
        Pair{"Write a function that reverses a string",
             "Design a lock-free queue with bounded memory, justify the memory ordering step by step and discuss race "
             "conditions."},
        Pair{"Summarize this email", "Summarize this 300-page report"},
        Pair{"Summarize this 20-page report", "Summarize this 300-page report"},
        Pair{"Explain leases",
             "Explain whether the indemnity clause of this lease makes the tenant liable for negligence"},
        Pair{"Give me a name for a cat",
             "Develop a market entry strategy for Brazil with budget, risks and milestones"},
        Pair{"Write a poem",
             "Write a poem of exactly 14 lines, without the letter e, that must rhyme and avoid adjectives"},
        Pair{"翻译这句话", "分析这份合同的风险并论证你的建议"},
        Pair{"Übersetze den Satz", "Beweise den Satz von Bolzano-Weierstrass Schritt für Schritt"}));

TEST(Complexity, NeverFallsAsTheDocumentGrows) {
  const std::vector<std::string> instructions{
      "Summarize the following report.\n\n",
      "Translate this text into French: ", "Which risks does this contract hold?\n\n", "Extract all names.\n"};
  const std::vector<std::string> sentences{
      "The council met on Tuesday and heard three speakers. ",
      "The supplier must deliver within 30 days; liability is limited to the contract value. ",
      "Why is that so? Nobody knows, but it must be analysed.\n\n", "- item one\n- item two\n", "int x = f(y);\n"};
  for (const std::string& instruction : instructions) {
    for (const std::string& sentence : sentences) {
      std::string text = instruction;
      double last = 0;
      for (int i = 0; i < 12; ++i) {
        const Conversation conversation = user(text);
        const double value = score_complexity(extract_features(conversation.request), TaskType::summarize).value;
        EXPECT_GE(value, last - 0.005) << instruction << sentence << text.size();
        last = value;
        std::string more;
        for (int k = 0; k < (1 << i); ++k) more += sentence;
        text += more;
      }
      EXPECT_GT(last, 0.25) << instruction << sentence;
    }
  }
}

TEST(Complexity, RisesWithEachOfItsParts) {
  const Features plain = extract_features(user("Tell me about the roads of Rome").request);
  const double base = score_complexity(plain, TaskType::qa).value;
  const auto raised = [&plain](auto change) {
    Features features = plain;
    change(features);
    return score_complexity(features, TaskType::qa).value;
  };

  EXPECT_GT(raised([](Features& f) { f.reasoning_cues = 2; }), base);
  EXPECT_GT(raised([](Features& f) { f.constraints = 2; }), base);
  EXPECT_GT(raised([](Features& f) { f.domain_cues = 2; }), base);
  EXPECT_GT(raised([](Features& f) { f.questions = 3; }), base);
  EXPECT_GT(raised([](Features& f) { f.list_items = 3; }), base);
  EXPECT_GT(raised([](Features& f) { f.code_density = 0.5; }), base);
  EXPECT_GT(raised([](Features& f) { f.math_density = 0.5; }), base);
  EXPECT_GT(raised([](Features& f) { f.history_tokens = 20'000; }), base);
  EXPECT_GT(raised([](Features& f) { f.mentioned_tokens = 5'000; }), base);
  EXPECT_GT(raised([](Features& f) { f.images = 1; }), base);
  EXPECT_GT(raised([](Features& f) { f.tools = 4; }), base);
  EXPECT_GT(score_complexity(plain, TaskType::analysis).value, base);
}

TEST(Complexity, IsTheSumOfItsNamedPartsLargestFirstAndAtMostOne) {
  Features features =
      extract_features(user("Prove the theorem step by step and analyse the 500-page contract").request);
  features.history_tokens = 500'000;
  features.tools = 20;
  features.code_density = 1;
  features.math_density = 1;
  features.constraints = 50;
  features.reasoning_cues = 50;
  features.domain_cues = 50;
  const Complexity full = score_complexity(features, TaskType::analysis);
  EXPECT_EQ(full.value, 1.0);

  const Complexity part = score_complexity(extract_features(user("Compare two leases").request), TaskType::analysis);
  double sum = 0;
  double previous = 1;
  for (const Contribution& contribution : part.contributions) {
    sum += contribution.value;
    EXPECT_LE(contribution.value, previous);
    EXPECT_EQ(contribution.name.empty(), contribution.value == 0.0);
    previous = contribution.value;
  }
  EXPECT_DOUBLE_EQ(sum, part.value);
}

TEST(Complexity, IsDefinedForDegenerateRequests) {
  EXPECT_LT(complexity_of(chat::Request{}), 0.1);
  EXPECT_GE(complexity_of(std::string(1U << 20U, 'a')), 0.1);
  EXPECT_LE(complexity_of(std::string(1U << 20U, '\x80')), 1.0);
}

}  // namespace
}  // namespace triaged::routing
