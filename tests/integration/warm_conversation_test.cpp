// Conversations and prompt caches: a turn that light could answer stays with the model that has the history in its
// cache, as long as the model says that it has. Prices are such that reading from the cache pays.
#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <string>

namespace triaged::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class WarmConversation : public testing::Test {
 protected:
  WarmConversation()
      : site("", [](DaemonSetup& setup) {
          setup.prices = R"(date: 2026-01-01
providers:
  low:
    source: https://prices.test/low
    models:
      small: {input: 1, cached_input: 0.1, output: 2}
  high:
    source: https://prices.test/high
    models:
      large: {input: 2, cached_input: 0.2, output: 4}
)";
        }) {}

  Response turn(std::string_view last) {
    history += history.empty() ? "[" : R"({"role":"assistant","content":"I see."},)";
    history += R"({"role":"user","content":")" + std::string(last) + "\"}";
    const std::string body = R"({"model":"auto","messages":)" + history + "]}";
    history += ',';
    return site.ask(post(chat_path, body));
  }
  void begin(std::int64_t cached) {
    site.high.always(answers("large says", {6500, 10, cached}));
    site.low.always(answers("small says", {6500, 10, 0}));
    std::string clauses = std::string(hard) + ". ";
    for (int i = 0; i < 600; ++i) clauses += "The supplier pays for all of clause " + std::to_string(i) + ". ";
    ASSERT_EQ(turn(clauses).header("x-triaged-tier"), "strong");
  }

  TwoTiers site;
  std::string history;
};

TEST_F(WarmConversation, StaysWhereTheProviderReadsItFromItsCache) {
  begin(6400);
  for (int i = 0; i < 3; ++i) {
    const Response answer = turn("Thanks!");
    EXPECT_EQ(answer.header("x-triaged-tier"), "strong");
    EXPECT_THAT(answer.header("x-triaged-reason"), HasSubstr("whose prompt cache is warm"));
  }
}

TEST_F(WarmConversation, LeavesAProviderThatSaysItReadNothingFromItsCache) {
  begin(0);
  EXPECT_EQ(turn("Thanks!").header("x-triaged-tier"), "strong") << "it may have it in its cache";
  for (int i = 0; i < 2; ++i) {
    const Response answer = turn("Thanks!");
    EXPECT_EQ(answer.header("x-triaged-tier"), "light");
    EXPECT_THAT(answer.header("x-triaged-reason"), Not(HasSubstr("warm")));
  }
}

}  // namespace
}  // namespace triaged::test
