#include "triaged/base/text.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace triaged {
namespace {

using namespace std::chrono_literals;
using std::string_view_literals::operator""sv;

TEST(Trim, TakesAsciiSpaceFromBothEndsOnly) {
  EXPECT_EQ(trim(" \t\r\n\v\f a b \n"), "a b");
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\xC2\xA0x"), "\xC2\xA0x");
}

TEST(Case, ChangesAsciiLettersOnly) {
  EXPECT_EQ(to_lower("Content-TYPE [@`{] Ä"), "content-type [@`{] Ä");
  EXPECT_TRUE(iequals("Transfer-Encoding", "tRANSFER-eNCODING"));
  EXPECT_FALSE(iequals("a", "ab"));
  EXPECT_FALSE(iequals("@", "`"));  // they differ by the same bit as letters do
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string_view>{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), std::vector<std::string_view>{""});
  EXPECT_EQ(split("abc", ','), std::vector<std::string_view>{"abc"});
}

TEST(PercentEncoding, EscapesAllButUnreservedCharacters) {
  std::string out = "/";
  append_percent_encoded(out, "aZ09-._~ /%\xC3\xA4");
  EXPECT_EQ(out, "/aZ09-._~%20%2F%25%C3%A4");
}

TEST(PercentEncoding, DecodesProperEscapesAndLeavesTheRest) {
  const std::vector<std::pair<std::string_view, std::string_view>> table{{"", ""},
                                                                         {"plain+text", "plain+text"},
                                                                         {"openai%2Fgpt%2d5", "openai/gpt-5"},
                                                                         {"%", "%"},
                                                                         {"%4", "%4"},
                                                                         {"a%41", "aA"},
                                                                         {"%zz%4g%g4", "%zz%4g%g4"},
                                                                         {"%2541", "%41"},
                                                                         {"%-1% 1%+1", "%-1% 1%+1"}};
  for (const auto& [text, decoded] : table) EXPECT_EQ(percent_decoded(text), decoded) << text;
}

TEST(ParseUint, TakesDigitsOnly) {
  EXPECT_EQ(parse_uint("0"), 0U);
  EXPECT_EQ(parse_uint("007"), 7U);
  EXPECT_EQ(parse_uint("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  for (const auto bad : {"", "-1", "+1", " 1", "1 ", "0x10", "1.0", "1e3", "5, 5", "18446744073709551616"}) {
    EXPECT_EQ(parse_uint(bad), std::nullopt) << bad;
  }
}

struct DistanceCase {
  std::string_view a, b;
  std::size_t distance;
};

TEST(EditDistance, CountsInsertionsDeletionsAndReplacements) {
  for (const auto& [a, b, distance] : std::vector<DistanceCase>{{"", "", 0},
                                                                {"", "abc", 3},
                                                                {"kitten", "sitting", 3},
                                                                {"flaw", "lawn", 2},
                                                                {"same", "same", 0},
                                                                {"a", "b", 1}}) {
    EXPECT_EQ(edit_distance(a, b), distance) << a << " " << b;
    EXPECT_EQ(edit_distance(b, a), distance) << b << " " << a;
  }
}

TEST(EditDistance, StopsOnePastTheLimit) {
  EXPECT_EQ(edit_distance("kitten", "sitting", 2), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting", 3), 3U);
  EXPECT_EQ(edit_distance("", std::string(1000, 'x'), 4), 5U);
  EXPECT_EQ(edit_distance(std::string(100, 'y'), std::string(100, 'x'), 4), 5U);
  EXPECT_EQ(edit_distance("a", "b", 0), 1U);
}

TEST(Nearest, FindsATypoButNoStranger) {
  const std::vector<std::string_view> keys{"listen", "listener", "limits", "providers"};

  EXPECT_EQ(nearest("listne", keys), "listen");
  EXPECT_EQ(nearest("listener", keys), "listener");
  EXPECT_EQ(nearest("provider", keys), "providers");
  EXPECT_EQ(nearest("xyz", keys), "");
  EXPECT_EQ(nearest("", keys), "");
  EXPECT_EQ(nearest("listen", {}), "");
}

struct DurationCase {
  std::string_view text;
  std::chrono::nanoseconds value;
};

TEST(ParseDuration, TakesOneNumberWithAUnit) {
  for (const auto& [text, value] :
       std::vector<DurationCase>{{"0s", 0ns},
                                 {"1ns", 1ns},
                                 {"1.5us", 1500ns},
                                 {"250ms", 250ms},
                                 {"1.5s", 1500ms},
                                 {"0.000000001s", 1ns},
                                 {"1.50s", 1500ms},
                                 {"2m", 2min},
                                 {"1h", 1h},
                                 {"30d", 720h},
                                 {"0.5d", 12h},
                                 {"9223372036854775807ns", std::chrono::nanoseconds::max()},
                                 {"9223372036.854775807s", std::chrono::nanoseconds::max()}}) {
    EXPECT_EQ(parse_duration(text), value) << text;
  }
}

TEST(ParseDuration, RefusesEverythingElse) {
  for (const auto bad : {"",
                         "5",
                         "s",
                         "1 s",
                         " 1s",
                         "1s ",
                         "-1s",
                         "+1s",
                         "1.s",
                         ".5s",
                         "1e3s",
                         "1S",
                         "1sec",
                         "1m30s",
                         "1.5ns",
                         "0.0000000001s",
                         "1..5s",
                         "1,5s",
                         "9223372036854775808ns",
                         "106752d",
                         "9223372037s",
                         "99999999999999999999s",
                         "0.33333333333333333333333s",
                         "9223372036.854775808s"}) {
    EXPECT_EQ(parse_duration(bad), std::nullopt) << bad;
  }
}

TEST(FormatDuration, ChoosesTheShortestExactForm) {
  for (const auto& [text, value] : std::vector<DurationCase>{{"0s", 0ns},
                                                             {"1ns", 1ns},
                                                             {"1.5us", 1500ns},
                                                             {"100ms", 100ms},
                                                             {"1.5s", 1500ms},
                                                             {"90s", 90s},
                                                             {"1m", 60s},
                                                             {"2h", 7200s},
                                                             {"36h", 36h},
                                                             {"30d", 720h},
                                                             {"-1.5s", -1500ms},
                                                             {"1.000000001s", 1'000'000'001ns}}) {
    EXPECT_EQ(format_duration(value), text);
  }
}

TEST(FormatDuration, IsReadBackAsWritten) {
  std::int64_t value = 1;
  for (int i = 0; i < 60; ++i) {
    value = value * 2 + i % 3;
    const std::chrono::nanoseconds duration(value);
    EXPECT_EQ(parse_duration(format_duration(duration)), duration) << value;
  }
  EXPECT_EQ(parse_duration(format_duration(std::chrono::nanoseconds::max())), std::chrono::nanoseconds::max());
  EXPECT_EQ(format_duration(std::chrono::nanoseconds::min()).front(), '-');
}

TEST(Json, EscapesWhatAStringMayNotHold) {
  std::string out = "x";
  append_json_string(out, "a\"b\\c\b\f\n\r\t\x01\x1F/é\x7F");
  EXPECT_EQ(out, "x\"a\\\"b\\\\c\\b\\f\\n\\r\\t\\u0001\\u001f/é\x7F\"");
}

TEST(Json, KeepsZeroBytesAsEscapes) {
  std::string out;
  append_json_escaped(out, "a\0b"sv);
  EXPECT_EQ(out, "a\\u0000b");
}

TEST(Json, PassesPlainTextOn) {
  std::string out;
  append_json_escaped(out, "");
  EXPECT_EQ(out, "");
  append_json_escaped(out, "plain");
  EXPECT_EQ(out, "plain");
}

TEST(Utf8, AcceptsEveryLengthAtItsBorders) {
  for (const auto good : {""sv, "plain ascii text longer than eight"sv, "\0"sv, "\xC2\x80"sv, "\xDF\xBF"sv,
                          "\xE0\xA0\x80"sv, "\xED\x9F\xBF"sv, "\xEE\x80\x80"sv, "\xEF\xBF\xBF"sv, "\xF0\x90\x80\x80"sv,
                          "\xF4\x8F\xBF\xBF"sv, "1234567é"sv, "12345678é12345678"sv}) {
    EXPECT_TRUE(valid_utf8(good)) << good;
  }
}

TEST(Utf8, RefusesBrokenSequences) {
  for (const auto bad : {"\x80"sv, "\xBF"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xC2"sv, "\xC2\x41"sv, "\xE0\x9F\xBF"sv,
                         "\xE1\x80"sv, "\xED\xA0\x80"sv, "\xF0\x8F\xBF\xBF"sv, "\xF4\x90\x80\x80"sv,
                         "\xF5\x80\x80\x80"sv, "\xFF"sv, "\xF0\x90\x80"sv, "1234567\xC3"sv, "12345678\xC3\x28"sv}) {
    EXPECT_FALSE(valid_utf8(bad)) << bad;
  }
}

}  // namespace
}  // namespace triaged
