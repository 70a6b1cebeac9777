// Configurations that cannot work: `check` and `serve` say what is wrong and where, and end with exit code 1.
#include "support/files.hpp"
#include "support/process.hpp"
#include "support/socket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <ostream>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <utility>

namespace triaged::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view good = R"(version: 1
server: {listen: "127.0.0.1:0", admin: "127.0.0.1:0"}
providers:
  a: {base_url: "http://127.0.0.1:9/v1"}
tiers:
  - {name: light, targets: [a/small]}
ledger: {enabled: false}
)";

// The good one with something replaced.
std::string with(std::string_view from, std::string_view to) {
  std::string text(good);
  return text.replace(text.find(from), from.size(), to);
}

struct BadFile {
  const char* name;
  std::string content;
  std::string place;  // "line" or "line:column" behind the file's name
  std::string problem;
};

std::ostream& operator<<(std::ostream& out, const BadFile& row) { return out << row.name; }

class BadConfiguration : public testing::TestWithParam<BadFile> {
 protected:
  Folder folder;
};

TEST_P(BadConfiguration, IsRefusedWithItsLine) {
  const std::string file = folder.write("triaged.yaml", GetParam().content);

  const Ran check = run({TRIAGED_BINARY, "check", file});
  const Ran serve = run({TRIAGED_BINARY, "serve", "--config", file});

  EXPECT_EQ(check.exit.code, 1);
  EXPECT_EQ(serve.exit.code, 1);
  EXPECT_THAT(check.errors, HasSubstr(file + ":" + GetParam().place));
  EXPECT_THAT(check.errors, HasSubstr(GetParam().problem));
  EXPECT_THAT(serve.errors, HasSubstr(file + ":" + GetParam().place));
  EXPECT_THAT(serve.output, Not(HasSubstr("ready")));
}

// Each alias names the one before it nine times: 9^9 values if they were copied.
std::string laughs() {
  std::string text = "x0: &x0 lol\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*x" + std::to_string(i - 1);
    text += "x" + std::to_string(i) + ": &x" + std::to_string(i) + " [" + before;
    for (int times = 1; times < 9; ++times) text += "," + before;
    text += "]\n";
  }
  return text + std::string(good);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadConfiguration,
    testing::Values(BadFile{"tab", with("  a:", "\ta:"), "4:", "indent with spaces, not tabs"},
                    BadFile{"open_bracket", with("[a/small]}", "[a/small"), "", "error"},
                    BadFile{"unknown_key", with("base_url", "base_ur"), "4:7", "did you mean 'base_url'?"},
                    BadFile{"key_twice", with("providers:", "version: 1\nproviders:"), "3:1", "version"},
                    BadFile{"text_for_a_number", with("version: 1", "version: one"), "1:", "'one' is no whole number"},
                    BadFile{"unknown_provider", with("a/small", "b/small"), "6:", "there is no provider 'b'"},
                    BadFile{"no_tiers", with("tiers:\n  - {name: light, targets: [a/small]}\n", ""), "1", "tiers"},
                    BadFile{"list_for_a_map", with("{enabled: false}", "[1, 2]"), "7:", "ledger"},
                    BadFile{"negative_duration", with("{enabled: false}", "{flush: -1s}"), "7:", "flush"},
                    BadFile{"port_out_of_range", with("127.0.0.1:0", "127.0.0.1:65536"), "2:", "listen"},
                    BadFile{"unset_variable", with("{base_url:", "{api_key: \"${TRIAGED_NOT_SET}\", base_url:"),
                            "4:", "TRIAGED_NOT_SET"},
                    BadFile{"merge_key", with("ledger: {enabled: false}", "ledger: {<<: {enabled: false}}"),
                            "7:", "<<"},
                    BadFile{"two_documents", std::string(good) + "---\nversion: 1\n", "", "document"},
                    BadFile{"nul_bytes", std::string("version: 1\n\0\0\0", 14), "2", "error"},
                    BadFile{"brackets_100k_deep", "x: " + std::string(100'000, '[') + "\n", "1", "error"},
                    BadFile{"alias_bomb", laughs(), "", "error"}, BadFile{"empty", "", "", "the file is empty"},
                    BadFile{"a_list", "- 1\n", "1:1", "error"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Configuration, WithoutAProblemIsValid) {
  const Folder folder;
  const Ran check = run({TRIAGED_BINARY, "check", folder.write("triaged.yaml", std::string(good))});

  EXPECT_EQ(check.exit.code, 0) << check.errors;
  EXPECT_THAT(check.output, HasSubstr("valid, 1 provider, 1 tier, 1 target"));
}

TEST(Configuration, ThatIsNotThereIsNamed) {
  const Folder folder;
  for (const char* command : {"check", "serve"}) {
    std::vector<std::string> line{TRIAGED_BINARY, command};
    if (std::string_view(command) == "serve") line.emplace_back("--config");
    line.push_back(folder.file("missing.yaml"));

    const Ran ran = run(line);

    EXPECT_EQ(ran.exit.code, 1);
    EXPECT_THAT(ran.errors, HasSubstr("missing.yaml: cannot be read: No such file or directory"));
  }
}

// A pipe makes it wait in the middle of reading.
TEST(Configuration, IsReadThoughAReloadIsAskedForMeanwhile) {
  const Folder folder;
  const std::string file = folder.file("triaged.yaml");
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  Process daemon({TRIAGED_BINARY, "serve", "--config", file}, folder.file("errors"));

  {
    std::ofstream pipe(file);  // opens when the daemon does
    daemon.signal(SIGHUP);
    pipe << with("version: 1", "version: one");
  }
  const Exit exit = daemon.wait();

  EXPECT_EQ(exit.signal, 0);
  EXPECT_EQ(exit.code, 1);
  EXPECT_THAT(read_file(folder.file("errors")), HasSubstr("'one' is no whole number"));
}

TEST(Configuration, ThatNamesWhatCannotBeUsedIsRefusedByServe) {
  const Folder folder;
  folder.write("prices.yaml", "providers: {a: {models: {small: {input: cheap, output: 1}}}}\n");
  const Acceptor taken;
  const std::string port = "127.0.0.1:" + std::to_string(taken.port());
  const struct {
    std::string content;
    std::string problem;
  } rows[] = {{with("{enabled: false}", "{path: /dev/null/ledger.db}"), "ledger.db"},
              {with("{enabled: false}", "{enabled: false, prices: prices.yaml}"), "prices.yaml"},
              {with("{enabled: false}", "{enabled: false, prices: none.yaml}"), "none.yaml"},
              {with("admin:", "tls: {certificate: none.pem, key: none.pem}, admin:"), "none.pem"},
              {with("127.0.0.1:0", port), port}};
  for (const auto& row : rows) {
    const Ran ran = run({TRIAGED_BINARY, "serve", "--config", folder.write("triaged.yaml", row.content)});

    EXPECT_EQ(ran.exit.code, 1) << row.problem;
    EXPECT_THAT(ran.errors, HasSubstr(row.problem));
  }
}

TEST(Configuration, ThatNamesFilesThatCannotBeUsedIsRefusedByCheckToo) {
  const Folder folder;
  folder.write("prices.yaml", "providers: {a: {models: {small: {input: cheap, output: 1}}}}\n");
  folder.write("tasks.model", "no model");
  const std::string classifier = std::string(good) + "routing: {classifier: {model: tasks.model}}\n";
  for (const auto& [content, problem] :
       {std::pair(with("{enabled: false}", "{enabled: false, prices: prices.yaml}"), "prices.yaml"),
        std::pair(with("{enabled: false}", "{enabled: false, prices: none.yaml}"), "none.yaml"),
        std::pair(classifier, "tasks.model")}) {
    const std::string file = folder.write("triaged.yaml", content);

    const Ran told = run({TRIAGED_BINARY, "check", file});
    const Ran json = run({TRIAGED_BINARY, "check", "--json", file});

    EXPECT_EQ(told.exit.code, 1) << problem;
    EXPECT_THAT(told.errors, HasSubstr(problem));
    EXPECT_EQ(json.exit.code, 1) << problem;
    EXPECT_THAT(json.output, HasSubstr("\"valid\":false"));
    EXPECT_THAT(json.output, HasSubstr(problem));
  }
}

TEST(CommandLine, ThatIsWrongEndsWithCodeTwo) {
  for (const std::vector<std::string>& line : {std::vector<std::string>{TRIAGED_BINARY},
                                               {TRIAGED_BINARY, "sevre"},
                                               {TRIAGED_BINARY, "serve", "--confg", "x"},
                                               {TRIAGED_BINARY, "serve", "--listen", "nowhere"},
                                               {TRIAGED_BINARY, "report", "--by", "colour"}}) {
    const Ran ran = run(line);

    EXPECT_EQ(ran.exit.code, 2) << line.back();
    EXPECT_FALSE(ran.errors.empty());
  }
}

}  // namespace
}  // namespace triaged::test
