// Texts that are no configuration: each gets a problem, none a crash or a long wait.
#include "support.hpp"

#include <filesystem>

namespace triaged::config {
namespace {

using testing::load_text;
using testing::minimal;
using testing::printed;

std::string repeated(std::string_view piece, std::size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += piece;
  return out;
}

// "Billion laughs": each level doubles what it repeats.
std::string alias_bomb() {
  std::string out = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string last = std::to_string(i - 1);
    out += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + last + ", *a" + last + "]\n";
  }
  return out;
}

TEST(Hostile, GetsAProblemAndNoSettings) {
  struct Case {
    const char* what;
    std::string text;
    const char* message;
  };
  const std::vector<Case> cases = {
      {"empty", "", "the file is empty"},
      {"blank", " \n\n", "the file is empty"},
      {"comment only", "# nothing\n", "the file is empty"},
      {"scalar", "hello\n", "a single value, not a mapping"},
      {"list", "- a\n- b\n", "a list, not a mapping"},
      {"too large", repeated("# filler\n", 200'000), "larger than 1 MiB"},
      {"control characters", std::string("a: \0\x01\x02", 6), "control character"},
      {"machine code",
       "\x7f"
       "ELF\x02\x01\x01",
       "control character"},
      {"not UTF-8", "a: \xff\xfe\n", "not valid UTF-8"},
      {"UTF-16", "a: \xd8\x00", ""},
      {"deep flow", repeated("[", 100'000), "nested too deeply"},
      {"deep flow mapping", repeated("{a: ", 100'000), "YAML syntax"},
      {"deep block", repeated("- ", 100'000) + "x", "nested too deeply"},
      {"alias bomb", alias_bomb(), "more than 50000 values"},
      {"alias of itself", "a: &a [*a]\n", "alias"},
      {"unknown alias", "a: *b\n", "YAML syntax"},
      {"many values", "a: [" + repeated("x,", 60'000) + "]", "more than 50000 values"},
      {"open quote", "a: \"b\n", "YAML syntax"},
      {"open bracket", "a: [b\n", "YAML syntax"},
      {"tab", "a:\n\tb: c\n", "YAML syntax"},
      {"bad indentation", "a:\n    b: 1\n  c: 2\n", "YAML syntax"},
      {"several documents", minimal() + "---\n" + minimal(), "more than one YAML document"},
      {"tag", "version: !!binary aGk=\n", "tags are not supported"},
      {"complex key", "? [a, b]\n: c\n", "plain text"},
      {"merge key", "<<: {a: b}\n", "merge keys"},
  };
  for (const Case& item : cases) {
    const Loaded loaded = load_text(item.text);

    EXPECT_FALSE(loaded.settings) << item.what;
    ASSERT_FALSE(loaded.problems.empty()) << item.what;
    EXPECT_NE(printed(loaded).find(item.message), std::string::npos) << item.what << ": " << printed(loaded);
  }
}

TEST(Hostile, TellsTheLineOfASyntaxError) {
  const Loaded loaded = load_text("version: 1\nserver:\n  listen: \"127.0.0.1:8080\n");

  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_GE(loaded.problems[0].line, 3);
}

TEST(Hostile, ExplainsAnUnquotedGreaterThan) {
  const Loaded loaded = load_text(minimal("x:\n  - complexity: >=0.6\n    tier: a\n"));

  ASSERT_FALSE(loaded.problems.empty());
  EXPECT_NE(printed(loaded).find("\">=0.6\""), std::string::npos) << printed(loaded);
}

TEST(Hostile, PointsAtDuplicateKeys) {
  const Loaded loaded = load_text(minimal("retry: {attempts: 2}\nretry: {attempts: 3}\n"));

  ASSERT_EQ(loaded.problems.size(), 1U) << printed(loaded);
  EXPECT_EQ(loaded.problems[0].line, 9);
  EXPECT_NE(loaded.problems[0].message.find("twice"), std::string::npos);
  EXPECT_FALSE(loaded.settings);
}

TEST(Hostile, KeepsOddKeysOutOfItsMessages) {
  const Loaded loaded = load_text("\"a\\nb\\x1b[31m\": 1\n" + std::string(5000, 'k') + ": 1\n" + minimal());

  for (const Problem& problem : loaded.problems) {
    const std::string line = format(problem, "f");
    EXPECT_LT(line.size(), 400U);
    for (const char c : line) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << line;
  }
}

TEST(Hostile, BoundsLists) {
  std::string table;
  for (int i = 0; i < 600; ++i) table += "{tier: light},";
  const Loaded loaded = load_text(
      "providers: {s: {dialect: simulated}}\ntiers: [{name: light, targets: [s/m]}]\n"
      "routing: {table: [" +
      table + "]}\n");

  EXPECT_FALSE(loaded.settings);
  EXPECT_NE(printed(loaded).find("more than 500 elements"), std::string::npos);
}

// Files that once were found to be troublesome, or look like it.
TEST(Hostile, SurvivesEveryFileOfTheCorpus) {
  int files = 0;
  for (const char* folder : {"/../fuzz/corpus/config", "/config/hostile"}) {
    for (const auto& entry : std::filesystem::directory_iterator(std::string(TRIAGED_TEST_DATA) + folder)) {
      const Loaded loaded = load_text(testing::read_file(entry.path().string()));
      EXPECT_EQ(loaded.settings == nullptr, std::any_of(loaded.problems.begin(), loaded.problems.end(),
                                                        [](const Problem& problem) { return problem.fatal; }))
          << entry.path();
      ++files;
    }
  }
  EXPECT_GE(files, 8);
}

// Every cut and every changed byte of a good file gives settings or a problem.
TEST(Hostile, SurvivesCutsAndChangedBytes) {
  const std::string text = testing::read_file(std::string(TRIAGED_TEST_DATA) + "/config/full.yaml");
  const auto check = [](const std::string& changed) {
    const Loaded loaded = load_text(changed, {{"KEY", "k"}, {"TOKEN", "t"}});
    EXPECT_TRUE(loaded.settings || !loaded.problems.empty()) << changed;
  };
  for (std::size_t i = 0; i < text.size(); i += 31) check(text.substr(0, i));
  for (std::size_t i = 0; i < text.size(); i += 41) {
    for (const char c : {'{', '[', '&', '*', '"', ':', '\n', '$', '%', '\xff'}) {
      std::string changed = text;
      changed[i] = c;
      check(changed);
    }
  }
}

}  // namespace
}  // namespace triaged::config
