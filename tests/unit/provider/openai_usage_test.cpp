#include "provider/openai/openai_usage.hpp"

#include "triaged/base/ids.hpp"
#include "triaged/provider/provider.hpp"

#include <gtest/gtest.h>

#include <string>

namespace triaged::provider {
namespace {

std::optional<chat::Usage> usage_of(std::string_view json) {
  JsonReader reader(json);
  auto usage = read_usage(reader);
  EXPECT_TRUE(reader.at_end()) << json;
  return usage;
}

UsageFigures figures_of(std::int64_t prompt, std::int64_t completion) {
  UsageFigures figures;
  figures.prompt = prompt;
  figures.completion = completion;
  return figures;
}

TEST(Usage, ClassesSumToTheTotalWhateverIsReported) {
  Random random(7);
  const auto some = [&random](std::uint64_t limit) { return static_cast<std::int64_t>(random.next() % limit); };
  for (int i = 0; i < 200'000; ++i) {
    UsageFigures figures = figures_of(some(60), some(60));
    if (random.next() % 3 != 0) figures.total = some(200);
    if (random.next() % 3 == 0) figures.total = *figures.prompt + *figures.completion;
    if (random.next() % 8 == 0) figures.prompt.reset();
    if (random.next() % 8 == 0) figures.completion.reset();
    figures.cached = some(random.next() % 2 == 0 ? 80 : 1 + 2);
    figures.cache_write = some(random.next() % 2 == 0 ? 80 : 1 + 2);
    figures.audio_input = some(40);
    figures.reasoning = some(random.next() % 2 == 0 ? 80 : 1 + 2);
    figures.audio_output = some(40);

    const auto usage = normalise(figures);

    ASSERT_EQ(usage.has_value(), figures.prompt || figures.completion);
    if (!usage) continue;
    for (const std::int64_t part : {usage->input, usage->cached_input, usage->cache_write_5m, usage->audio_input,
                                    usage->output, usage->reasoning, usage->audio_output}) {
      ASSERT_GE(part, 0);
    }
    const std::int64_t known = figures.prompt.value_or(0) + figures.completion.value_or(0);
    const bool total_counts = figures.total && (*figures.total != 0 || known == 0);
    if (total_counts) {
      ASSERT_EQ(usage->total(), *figures.total) << i;
    } else {
      ASSERT_GE(usage->total(), known) << i;
    }
  }
}

TEST(Usage, ExactWhereTheFiguresAgree) {
  UsageFigures figures = figures_of(100, 50);
  figures.total = 150;
  figures.cached = 40;
  figures.reasoning = 20;
  const auto usage = normalise(figures);
  EXPECT_EQ(usage->input, 60);
  EXPECT_EQ(usage->output, 30);
  EXPECT_EQ(usage->certainty, chat::Certainty::exact);
}

TEST(Usage, EstimatedWhereTheyContradictEachOther) {
  UsageFigures figures = figures_of(100, 50);
  figures.total = 120;
  EXPECT_EQ(normalise(figures)->certainty, chat::Certainty::estimated);
  figures.total = 150;
  figures.cached = 101;
  EXPECT_EQ(normalise(figures)->certainty, chat::Certainty::estimated);
}

TEST(Usage, WithoutATotalAPartLargerThanItsWholeStandsOutside) {
  UsageFigures figures = figures_of(10, 5);
  figures.reasoning = 100;
  figures.cached = 1000;
  const auto usage = normalise(figures);
  EXPECT_EQ(usage->output, 5);
  EXPECT_EQ(usage->reasoning, 100);
  EXPECT_EQ(usage->input, 10);
  EXPECT_EQ(usage->cached_input, 1000);
}

TEST(Usage, ATotalOfZeroBesideRealFiguresIsNone) {
  UsageFigures figures = figures_of(10, 5);
  figures.total = 0;
  EXPECT_EQ(normalise(figures)->total(), 15);
}

TEST(Usage, DerivesAMissingSideFromTheTotal) {
  EXPECT_EQ(usage_of(R"({"prompt_tokens":7,"total_tokens":10})")->output, 3);
  EXPECT_EQ(usage_of(R"({"completion_tokens":7,"total_tokens":10})")->input, 3);
}

TEST(Usage, IsUnknownWhereNothingUsableIsReported) {
  for (const std::string_view json : {"null", "{}", "[]", "5", R"({"total_tokens":5})",
                                      R"({"prompt_tokens":null,"completion_tokens":"3"})", R"({"prompt_tokens":-5})"}) {
    EXPECT_FALSE(usage_of(json)) << json;
  }
}

TEST(Usage, StandsAbsurdNumbers) {
  const auto usage = usage_of(
      R"({"prompt_tokens":9223372036854775807,"completion_tokens":9223372036854775807,"total_tokens":9223372036854775807,
          "prompt_tokens_details":{"cached_tokens":9223372036854775807},"completion_tokens_details":[]})");
  ASSERT_TRUE(usage);
  EXPECT_GE(usage->total(), 0);
  EXPECT_FALSE(usage_of(R"({"prompt_tokens":1e400})"));
  EXPECT_EQ(usage_of(R"({"prompt_tokens":12.0,"completion_tokens":1})")->input, 12);
}

TEST(EstimatedUsage, CountsFourCharactersToAToken) {
  const chat::Usage usage = estimate_usage(120, 41);
  EXPECT_EQ(usage.input, 120);
  EXPECT_EQ(usage.output, 11);
  EXPECT_EQ(usage.certainty, chat::Certainty::estimated);
  EXPECT_EQ(estimate_usage(-1, 0).total(), 0);
}

}  // namespace
}  // namespace triaged::provider
