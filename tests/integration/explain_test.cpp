// The command `explain`: it says what would be decided, of whatever it is given.
#include "support/files.hpp"
#include "support/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace triaged::test {
namespace {

using testing::HasSubstr;

TEST(Explain, TakesThePromptFromStandardInput) {
  const Folder folder;
  const std::string prompt = folder.write("prompt.txt", "Schreibe bitte ein langes Gedicht ueber den Herbst.\n");

  const Ran ran = run({"/bin/sh", "-c", "exec \"$0\" explain - < \"$1\"", TRIAGED_BINARY, prompt});

  ASSERT_EQ(ran.exit.code, 0) << ran.errors;
  EXPECT_THAT(ran.output, HasSubstr("task        writing"));
  EXPECT_THAT(ran.output, HasSubstr("language de"));
}

// A row for each thing that rows may ask for; light for the rest.
std::string with_rows(const Folder& folder) {
  return folder.write("triaged.yaml",
                      "providers: {sim: {dialect: simulated}}\n"
                      "tiers: [{name: light, targets: [sim/small]}, {name: strong, targets: [sim/large]}]\n"
                      "routing:\n"
                      "  table:\n"
                      "    - {headers: {x-team: legal}, tier: strong}\n"
                      "    - {metadata: {job: nightly}, tier: strong}\n"
                      "    - {key: key-1a2b3c4d, tier: strong}\n"
                      "    - {path: /v1/messages, tier: strong}\n"
                      "    - {tier: light}\n");
}

TEST(Explain, TriesRowsThatAskForMoreThanThePrompt) {
  const Folder folder;
  const std::string config = with_rows(folder);
  const std::vector<std::vector<std::string>> rows = {
      {"row 5 sends it to light"},
      {"row 1 (header x-team) sends it to strong", "--header", "X-Team: legal"},
      {"row 5 sends it to light", "--header", "x-team=sales", "--header", "x-other=legal"},
      {"row 2 (metadata job) sends it to strong", "--metadata", "a=b", "--metadata", "job=nightly"},
      {"row 3 (key) sends it to strong", "--key", "key-1a2b3c4d"},
      {"row 4 (path) sends it to strong", "--path", "/v1/messages"},
      {"row 4 (path) sends it to strong", "--path", "/v1/route/messages"},
      {"row 5 sends it to light", "--path", "/v1/route"},
  };
  for (const std::vector<std::string>& row : rows) {
    std::vector<std::string> command{TRIAGED_BINARY, "explain", "Hello there", "-c", config};
    command.insert(command.end(), row.begin() + 1, row.end());
    const Ran ran = run(command);
    ASSERT_EQ(ran.exit.code, 0) << ran.errors;
    EXPECT_THAT(ran.output, HasSubstr(row[0]));
  }
}

TEST(Explain, RefusesAPathWhereNothingIsRouted) {
  const Ran ran = run({TRIAGED_BINARY, "explain", "Hello there", "--path", "/v1/embeddings"});
  EXPECT_EQ(ran.exit.code, 2);
  EXPECT_THAT(ran.errors, HasSubstr("no request to /v1/embeddings is routed"));
}

TEST(Explain, ReadsAWholeRequestInTheDialectOfItsPath) {
  const Folder folder;
  const std::string config = with_rows(folder);
  const std::string body =
      folder.write("body.json", R"({"model":"auto","input":"Hello there","metadata":{"job":"nightly"}})");

  const Ran ran = run({TRIAGED_BINARY, "explain", "-c", config, "--path", "/v1/responses", "--request", body});

  ASSERT_EQ(ran.exit.code, 0) << ran.errors;
  EXPECT_THAT(ran.output, HasSubstr("row 2 (metadata job) sends it to strong"));
}

}  // namespace
}  // namespace triaged::test
