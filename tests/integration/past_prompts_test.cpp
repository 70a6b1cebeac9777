// Past prompts with known outcomes: they decide in the daemon, are told of without their texts, and read anew at a
// reload.
#include "triaged/base/text.hpp"

#include "support/chat.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "support/two_tiers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <memory>
#include <string>
#include <sys/stat.h>

namespace triaged::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view tides = "Explain how the moon causes the tides of the sea";
constexpr std::string_view knots = "Prove the classification of torus knots by their polynomials";

// Of tides the small model knew enough, of knots only the large one.
std::string outcomes(double small_on_tides = 1) {
  std::string rows;
  for (int i = 0; i < 30; ++i) {
    const std::string number = std::to_string(i);
    rows += R"({"id": "tide-)" + number + R"(", "prompt": ")" + std::string(tides) + ", question " + number +
            R"(", "scores": {"low/small": )" + std::to_string(small_on_tides) + R"(, "large": 1, "stranger": 0}})" +
            "\n";
    rows += R"({"id": "knot-)" + number + R"(", "prompt": ")" + std::string(knots) + ", question " + number +
            R"(", "scores": {"small": 0, "high/large": 1}})" + "\n";
  }
  return rows;
}

class PastPrompts : public testing::Test {
 protected:
  void SetUp() override {
    folder.write("outcomes.jsonl", outcomes());
    site = std::make_unique<TwoTiers>("", [this](DaemonSetup& setup) {
      setup.routing = "confidence: 0, strategies: [semantic, intent], semantic: {past: {files: \"" +
                      folder.file("outcomes.jsonl") + "\"}}";
    });
    site->low.always(answers("small says", {10, 10}));
    site->high.always(answers("large says", {10, 10}));
  }
  Response ask(std::string_view prompt) const { return site->ask(chat("auto", prompt)); }

  Folder folder;
  std::unique_ptr<TwoTiers> site;
};

TEST_F(PastPrompts, SendWhatTheWeakTierDidWellThere) {
  const Response known = ask(tides);
  EXPECT_EQ(known.header("x-triaged-tier"), "light");
  EXPECT_THAT(known.header("x-triaged-reason"), HasSubstr("light surely did as well on 30 past prompts like it"));
  EXPECT_EQ(text_of(known.body), "small says");

  EXPECT_EQ(ask(knots).header("x-triaged-tier"), "strong");
  EXPECT_EQ(ask("What are your opening hours?").header("x-triaged-tier"), "strong");
}

TEST_F(PastPrompts, AreToldByRouteAndInTheBodyWithoutTheirTexts) {
  const Response told = site->ask(post("/v1/route", chat_request("auto", tides)));
  const nlohmann::json decision = told.json();
  EXPECT_EQ(decision["tier"], "light");
  EXPECT_TRUE(decision["neighbours_decided"].get<bool>());
  ASSERT_EQ(decision["neighbours"].size(), 30U);
  EXPECT_THAT(decision["neighbours"][0]["id"].get<std::string>(), StartsWith("tide-"));
  EXPECT_GT(decision["neighbours"][0]["similarity"].get<double>(), 0.9);
  EXPECT_EQ(decision["neighbours"][0]["scores"], (nlohmann::json{{"low/small", 1.0}, {"high/large", 1.0}}));
  EXPECT_THAT(told.body, Not(HasSubstr("moon")));

  const Response answer = site->ask(chat("auto", tides, "x-triaged-explain: body\r\n"));
  EXPECT_EQ(answer.json()["triaged"]["decision"]["neighbours"].size(), 30U) << answer.body;
}

TEST_F(PastPrompts, AreReadAgainAtAReload) {
  ASSERT_EQ(ask(tides).header("x-triaged-tier"), "light");
  folder.write("outcomes.jsonl", outcomes(0));
  ASSERT_EQ(site->ask_admin(post("/admin/reload", "")).status, 200);
  EXPECT_EQ(ask(tides).header("x-triaged-tier"), "strong");
}

TEST_F(PastPrompts, ThatCannotBeReadKeepTheDaemonOnTheOnesBefore) {
  folder.write("outcomes.jsonl", outcomes() + "{\"prompt\": 3}\n");
  const Response refused = site->ask_admin(post("/admin/reload", ""));
  EXPECT_NE(refused.status, 200);
  EXPECT_THAT(refused.body, HasSubstr("outcomes.jsonl:61: has no \\\"prompt\\\" that is a string"));
  EXPECT_EQ(ask(tides).header("x-triaged-tier"), "light");
}

// What is said of files before any daemon runs.
class PastFiles : public testing::Test {
 protected:
  Ran check() const { return run({TRIAGED_BINARY, "check", folder.file("triaged.yaml")}); }
  void SetUp() override {
    folder.write("triaged.yaml", R"(version: 1
providers: {a: {dialect: simulated}}
tiers: [{name: light, targets: [a/small]}, {name: strong, targets: [a/large]}]
routing: {strategies: [semantic], semantic: {past: {files: outcomes.jsonl}}}
ledger: {enabled: false}
)");
  }
  Folder folder;
};

TEST_F(PastFiles, AreCountedByCheck) {
  folder.write("outcomes.jsonl", R"({"prompt": "Hello there", "scores": {"small": 1, "stranger": 1}}
{"prompt": "Good morning", "scores": {"stranger": 1}}
)");
  const Ran checked = check();
  EXPECT_EQ(checked.exit.code, 0) << checked.errors;
  EXPECT_THAT(checked.output, HasSubstr("note: past prompts: 1 of 2 tell how a target of a tier did; 1 row without a "
                                        "score of one; no tier has \"stranger\""));
}

TEST_F(PastFiles, ThatKnowNoModelOfATierAreAWarning) {
  folder.write("outcomes.jsonl", R"({"prompt": "Hello there", "scores": {"stranger": 1}})");
  const Ran checked = check();
  EXPECT_EQ(checked.exit.code, 0);
  EXPECT_THAT(checked.errors, AllOf(HasSubstr("warning: routing.semantic.past.files: past prompts decide nothing"),
                                    HasSubstr("they know \"stranger\"")));
}

TEST_F(PastFiles, ThatAreMissingOrOfAnotherFormatAreErrors) {
  Ran checked = check();
  EXPECT_EQ(checked.exit.code, 1);
  EXPECT_THAT(checked.errors, HasSubstr("outcomes.jsonl: cannot be read"));
  folder.write("outcomes.jsonl", "prompt,score\nHello,1\n");
  checked = check();
  EXPECT_EQ(checked.exit.code, 1);
  EXPECT_THAT(checked.errors, HasSubstr("outcomes.jsonl:1: is not JSON in UTF-8"));
}

TEST_F(PastFiles, ThatWouldBeReadWithoutAnEndAreErrors) {
  ASSERT_EQ(::mkfifo(folder.file("outcomes.jsonl").c_str(), 0600), 0);
  const Ran checked = check();
  EXPECT_EQ(checked.exit.code, 1);
  EXPECT_THAT(checked.errors, HasSubstr("outcomes.jsonl is no regular file"));
}

TEST_F(PastFiles, WithNamesThatMoveACursorAreToldEscaped) {
  folder.write("outcomes.jsonl", R"({"prompt": "Hello there", "scores": {"\u001b[31m\n": 1}})");
  EXPECT_THAT(check().errors, AllOf(HasSubstr("they know \"\\u001b[31m\\n\""), Not(HasSubstr("\x1b"))));
}

TEST_F(PastFiles, AreShownByExplainWithTheirTexts) {
  folder.write("outcomes.jsonl", outcomes().append(R"({"prompt": "x", "scores": {"small": 1}})"));
  const Ran explained = run({TRIAGED_BINARY, "explain", "-c", folder.file("triaged.yaml"), std::string(knots)});
  EXPECT_EQ(explained.exit.code, 0) << explained.errors;
  EXPECT_THAT(explained.output, HasSubstr("neighbours  knot-"));
  EXPECT_THAT(explained.output, HasSubstr("\"Prove the classification of torus knots by their polynomials, question "));
  const Ran as_json = run({TRIAGED_BINARY, "explain", "--json", "-c", folder.file("triaged.yaml"), std::string(knots)});
  EXPECT_THAT(as_json.output, AllOf(HasSubstr("knot-"), Not(HasSubstr("torus"))));
}

}  // namespace
}  // namespace triaged::test
