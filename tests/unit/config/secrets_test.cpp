#include "support.hpp"

namespace triaged::config {
namespace {

using testing::find_problem;
using testing::load_text;
using testing::minimal;
using testing::printed;
using testing::with_provider;

constexpr const char* hidden = "sk-hidden-0123456789";

TEST(Secrets, ComeFromTheEnvironment) {
  const Loaded loaded =
      load_text(with_provider("    base_url: https://h/v1\n    api_key: ${KEY}\n"), {{"KEY", hidden}});

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  EXPECT_EQ(loaded.settings->providers[0].api_key.value, hidden);
  EXPECT_EQ(loaded.settings->providers[0].auth, Auth::bearer);
}

TEST(Secrets, ComeFromFilesTrimmed) {
  const std::string text = with_provider("    base_url: https://h/v1\n    api_key: file:keys/up\n") +
                           "server: {admin_token: \"file:/run/token\", api_keys: [\"file:${WHERE}/client\"]}\n";
  const Loaded loaded = load_text(text, {{"WHERE", "/run"}},
                                  {{"/etc/triaged/keys/up", std::string(hidden) + "\n"},
                                   {"/run/token", "  token \r\n"},
                                   {"/run/client", "client"}});

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  EXPECT_EQ(loaded.settings->providers[0].api_key.value, hidden);
  EXPECT_EQ(loaded.settings->server.admin_token.value, "token");
  EXPECT_EQ(loaded.settings->server.api_keys.at(0).value, "client");
}

TEST(Secrets, MissingOnesAreFatal) {
  const std::string base = "    base_url: https://h/v1\n";
  struct Case {
    std::string text;
    const char* key;
    const char* message;
  };
  const std::vector<Case> cases = {
      {with_provider(base + "    api_key: ${KEY}\n"), "providers.up.api_key", "variable KEY is not set"},
      {with_provider(base + "    api_key: ${EMPTY}\n"), "", ""},
      {with_provider(base + "    api_key: \"\"\n"), "providers.up.api_key", "is empty"},
      {with_provider(base + "    api_key: file:none\n"), "providers.up.api_key", "cannot be read"},
      {with_provider(base + "    api_key: ${KEY:-}\n    auth: bearer\n"), "providers.up.api_key", "is empty"},
      {with_provider("    base_url: https://${HOST}/v1\n"), "providers.up.base_url", "variable HOST is not set"},
      {minimal("server: {admin_token: \"${KEY}\"}\n"), "server.admin_token", "variable KEY is not set"},
      {minimal("server: {admin_token: \"file:none\"}\n"), "server.admin_token", "cannot be read"},
      {minimal("server: {api_keys: [\"${KEY}\"]}\n"), "server.api_keys[0]", "variable KEY is not set"},
      {minimal("server: {api_keys: [\"\"]}\n"), "server.api_keys[0]", "is empty"},
      {minimal("server: {api_keys: \"${KEY\"}\n"), "server.api_keys", "without '}'"},
  };
  for (const Case& item : cases) {
    const Loaded loaded = load_text(item.text, {{"EMPTY", ""}});
    if (*item.key == '\0') {
      EXPECT_TRUE(loaded.settings) << printed(loaded);
      continue;
    }
    EXPECT_FALSE(loaded.settings) << item.text;
    const Problem* problem = find_problem(loaded, item.key);
    ASSERT_TRUE(problem) << item.key << "\n" << printed(loaded);
    EXPECT_NE(problem->message.find(item.message), std::string::npos) << printed(loaded);
  }
}

TEST(Secrets, MayNotBreakOutOfAHeader) {
  for (const std::string& bad :
       {std::string("a\r\nX: b"), std::string("a\nb"), std::string("a\0b", 3), std::string("\x7f")}) {
    const Loaded loaded = load_text(with_provider("    base_url: https://h/v1\n    api_key: ${KEY}\n"), {{"KEY", bad}});
    EXPECT_FALSE(loaded.settings);
    const Loaded header =
        load_text(with_provider("    base_url: https://h/v1\n    headers: {X: \"${KEY}\"}\n"), {{"KEY", bad}});
    EXPECT_FALSE(header.settings);
  }
}

TEST(Secrets, NeverAppearInProblemsNotesOrHash) {
  // A secret put where it does not belong, at every kind of value.
  const std::string places[] = {
      with_provider("    base_url: ${K}\n"),
      with_provider("    base_url: https://h/v1\n    use: ${K}\n"),
      with_provider("    base_url: https://h/v1\n    connections: ${K}\n"),
      with_provider("    base_url: https://h/v1\n    idle_connection: ${K}\n"),
      with_provider("    base_url: https://h/v1\n    auth_header: \"${K} x\"\n"),
      with_provider("    base_url: https://h/v1\n    headers: {Host: \"${K}\"}\n"),
      with_provider("    base_url: https://h/v1\n    query: {k: \"${K}\\n\"}\n"),
      with_provider("    base_url: https://h/v1\n    tls: {ca: \"${K}\"}\n"),
      with_provider("    base_url: http://10.1.1.1/v1\n    api_key: ${K}\n"),
      with_provider("    base_url: https://h/v1\n    api_key: file:${K}\n"),
      with_provider("    base_url: https://u:" + std::string(hidden) + "@h/v1\n"),
      with_provider("    base_url: https://h/v1\n    api_key: \"" + std::string(hidden) + "\\n\"\n"),
      with_provider("    base_url: https://h/v1\n    api_key: [" + std::string(hidden) + "]\n"),
      minimal("server: {listen: \"${K}\"}\n"),
      minimal("server: {tls: {certificate: \"${K}\", key: \"${K}\"}}\n"),
      minimal("server: {limits: {body: \"${K}\"}}\n"),
      minimal("log: {level: \"${K}\"}\n"),
      "providers: {s: {dialect: simulated}}\ntiers: [{name: \"${K} x\", targets: [\"${K}/m\", \"${K}\"]}]\n"
      "routing: {default_tier: \"${K}\", baseline: \"${K}\", table: [{task: \"${K}\", complexity: \"${K}\", tier: "
      "\"${K}\"}]}\n",
  };
  for (const std::string& text : places) {
    const Loaded loaded = load_text(text, {{"K", hidden}});

    ASSERT_FALSE(loaded.problems.empty()) << text;
    EXPECT_EQ(printed(loaded).find("hidden"), std::string::npos) << printed(loaded);
  }
}

}  // namespace
}  // namespace triaged::config
