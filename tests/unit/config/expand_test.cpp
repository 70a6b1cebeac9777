#include "config/expand.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace triaged::config {
namespace {

std::optional<std::string> find(const std::string& name) {
  if (name == "SET") return "value";
  if (name == "EMPTY") return "";
  if (name == "NESTED") return "${SET} $$";
  return std::nullopt;
}

struct Case {
  const char* text;
  const char* expected;
  bool substituted;
  const char* missing;
  bool fault;
};

TEST(Expand, FollowsTheNotation) {
  const Case cases[] = {
      {"plain", "plain", false, "", false},
      {"", "", false, "", false},
      {"${SET}", "value", true, "", false},
      {"a${SET}b${SET}", "avaluebvalue", true, "", false},
      {"${UNSET:-other}", "other", true, "", false},
      {"${UNSET:-}", "", true, "", false},
      {"${EMPTY:-other}", "other", true, "", false},
      {"${EMPTY}", "", true, "", false},
      {"${SET:-other}", "value", true, "", false},
      {"${UNSET}", "", true, "UNSET", false},
      {"${UNSET}${ALSO}", "", true, "UNSET", false},
      {"$$", "$", false, "", false},
      {"$${SET}", "${SET}", false, "", false},
      {"$$$${SET}", "$${SET}", false, "", false},
      {"$$${SET}", "$value", true, "", false},
      {"cost: 5$", "cost: 5$", false, "", false},
      {"$SET", "$SET", false, "", false},
      {"${NESTED}", "${SET} $$", true, "", false},
      {"${SET", "", false, "", true},
      {"${}", "", false, "", true},
      {"${1A}", "", false, "", true},
      {"${A B}", "", false, "", true},
      {"${UNSET:-a:-b}", "a:-b", true, "", false},
  };
  for (const Case& item : cases) {
    const Expanded expanded = expand(item.text, find);

    EXPECT_EQ(expanded.fault.empty(), !item.fault) << item.text;
    if (item.fault) continue;
    EXPECT_EQ(expanded.text, item.expected) << item.text;
    EXPECT_EQ(expanded.substituted, item.substituted) << item.text;
    EXPECT_EQ(expanded.missing, item.missing) << item.text;
  }
}

TEST(Expand, WorksWithoutAnEnvironment) {
  EXPECT_EQ(expand("${SET}", nullptr).missing, "SET");
  EXPECT_EQ(expand("${SET:-x}", nullptr).text, "x");
}

}  // namespace
}  // namespace triaged::config
