// Which provider a pass-through endpoint goes to.
#include "support.hpp"

namespace triaged::config {
namespace {

using testing::find_problem;
using testing::load_text;
using testing::noted;
using testing::printed;

std::string with_passthrough(std::string_view section) {
  return "providers:\n"
         "  one: {base_url: https://one/v1, api_key: \"${ONE}\", use: if_key}\n"
         "  two: {base_url: https://two/v1}\n"
         "  claude: {dialect: anthropic, base_url: https://claude/v1}\n"
         "  sim: {dialect: simulated}\n"
         "tiers: [{name: only, targets: [one/a, two/a, claude/a, sim/a]}]\n" +
         std::string(section);
}

Loaded load_with(std::string_view section) { return load_text(with_passthrough(section), {{"ONE", "key"}}); }

TEST(Passthrough, GoesNowhereUnlessTold) {
  const Loaded loaded = load_with("");

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  const Passthrough& passthrough = loaded.settings->passthrough;
  for (const Passthrough::Way& way : passthrough.ways) {
    EXPECT_TRUE(way.open);
    EXPECT_FALSE(way.provider);
  }
  EXPECT_FALSE(passthrough.by_request);
}

TEST(Passthrough, OneProviderAnswersWhatHasNoneOfItsOwn) {
  const Loaded loaded =
      load_with("passthrough: {provider: one, audio: two, images: none, by_request: true, body: 2MiB}");

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  const Settings& settings = *loaded.settings;
  const Passthrough& passthrough = settings.passthrough;
  EXPECT_EQ(passthrough.way(PassFamily::files).provider, settings.find_provider("one"));
  EXPECT_EQ(passthrough.way(PassFamily::moderations).provider, settings.find_provider("one"));
  EXPECT_EQ(passthrough.way(PassFamily::audio).provider, settings.find_provider("two"));
  EXPECT_FALSE(passthrough.way(PassFamily::images).open);
  EXPECT_FALSE(passthrough.way(PassFamily::images).provider);
  EXPECT_TRUE(passthrough.by_request);
  EXPECT_EQ(passthrough.body, 2U << 20U);
}

TEST(Passthrough, NamesAProviderThatIsThere) {
  const Loaded loaded = load_with("passthrough: {audio: onne}");

  EXPECT_FALSE(loaded.settings);
  const Problem* problem = find_problem(loaded, "passthrough.audio");
  ASSERT_TRUE(problem) << printed(loaded);
  EXPECT_NE(problem->suggestion.find("'one'"), std::string::npos) << printed(loaded);
}

TEST(Passthrough, NamesAProviderThatSpeaksTheDialect) {
  for (const std::string name : {"claude", "sim"}) {
    const Loaded loaded = load_with("passthrough: {provider: " + name + "}");

    EXPECT_FALSE(loaded.settings);
    const Problem* problem = find_problem(loaded, "passthrough.provider");
    ASSERT_TRUE(problem) << printed(loaded);
    EXPECT_NE(problem->message.find("does not speak OpenAI's dialect"), std::string::npos) << printed(loaded);
  }
}

TEST(Passthrough, AProviderWithoutItsKeyIsNotReplacedByAnother) {
  const Loaded loaded = load_text(with_passthrough("passthrough: {provider: two, files: one}"));

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  EXPECT_FALSE(loaded.settings->passthrough.way(PassFamily::files).provider);
  EXPECT_TRUE(loaded.settings->passthrough.way(PassFamily::audio).provider);
  EXPECT_TRUE(noted(*loaded.settings, "passthrough.files has no provider: one is left out"));
}

TEST(Passthrough, IsAUseOfAProvider) {
  const std::string text =
      "providers: {one: {base_url: https://one/v1}, sim: {dialect: simulated}}\n"
      "tiers: [{name: only, targets: [sim/a]}]\n";

  EXPECT_NE(printed(load_text(text)).find("no tier has a target of this provider"), std::string::npos);
  EXPECT_EQ(printed(load_text(text + "passthrough: {audio: one}")), "");
}

}  // namespace
}  // namespace triaged::config
