#include "triaged/routing/tokenizer_for.hpp"

#include "unit/routing/support.hpp"

#include <gtest/gtest.h>

namespace triaged::routing {
namespace {

class TokenizerFor : public testing::Test {
 protected:
  TokenizerFor() : settings_(test::three_tiers()) {
    for (config::Target& target : settings_.targets) target.tokenizer = Tokenizer::llama;
    first_of(settings_.routing.default_tier).tokenizer = Tokenizer::gemini;
  }

  config::Target& first_of(std::size_t tier) { return settings_.targets[settings_.tiers[tier].targets.front()]; }

  config::Settings settings_;
};

TEST_F(TokenizerFor, IsThatOfTheTargetThatIsNamed) {
  config::Target& target = settings_.targets.back();
  target.tokenizer = Tokenizer::qwen;
  EXPECT_EQ(tokenizer_for(target.name, settings_), Tokenizer::qwen);
}

TEST_F(TokenizerFor, IsThatOfTheFirstTargetOfATierThatIsNamed) {
  const std::size_t other = settings_.routing.default_tier == 0 ? 1 : 0;
  first_of(other).tokenizer = Tokenizer::mistral;
  EXPECT_EQ(tokenizer_for("tier:" + settings_.tiers[other].name, settings_), Tokenizer::mistral);
}

TEST_F(TokenizerFor, IsThatOfAModelThatIsNoTarget) {
  EXPECT_EQ(tokenizer_for("claude-sonnet-4-5", settings_), Tokenizer::claude);
}

TEST_F(TokenizerFor, IsThatOfTheDefaultTierElse) {
  EXPECT_EQ(tokenizer_for("auto", settings_), Tokenizer::gemini);
  EXPECT_EQ(tokenizer_for("tier:none", settings_), Tokenizer::gemini);
}

}  // namespace
}  // namespace triaged::routing
