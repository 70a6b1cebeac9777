#include "triaged/base/json.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace triaged {
namespace {

bool is_json(std::string_view text, std::uint32_t max_depth = 128) {
  JsonReader reader(text, max_depth);
  reader.skip();
  return reader.at_end();
}

JsonString string_of(std::string_view quoted) {
  JsonReader reader(quoted);
  const JsonString string = reader.take_string();
  EXPECT_TRUE(reader.at_end()) << quoted;
  return string;
}

std::string resolved(std::string_view quoted) {
  std::string text;
  string_of(quoted).append_to(text);
  return text;
}

TEST(JsonReader, AcceptsTheWholeGrammar) {
  const std::vector<std::string> good{"{}",          "[]",
                                      " [ ] ",       "null",
                                      "true",        "false",
                                      "0",           "-0",
                                      "-0.5e+3",     "1E400",
                                      "1e-9999",     "\"\"",
                                      "\"\\u0000\"", "[1,2,[3]]",
                                      "{\"a\":{}}",  "\t\r\n{ \"a\" : [ 1 , 2 ] }",
                                      "\"\\ud83d\"", "123456789012345678901234567890",
                                      "\"\x7f\"",    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""};
  for (const std::string& text : good) EXPECT_TRUE(is_json(text)) << text;
}

TEST(JsonReader, RefusesWhatIsNotJson) {
  const std::vector<std::string> bad{"",
                                     " ",
                                     "{",
                                     "}",
                                     "[",
                                     "]",
                                     "[1,]",
                                     "[,1]",
                                     "{,}",
                                     "{\"a\"}",
                                     "{\"a\":}",
                                     "{\"a\":1,}",
                                     "{a:1}",
                                     "{'a':1}",
                                     "[1 2]",
                                     "1 2",
                                     "tru",
                                     "truex",
                                     "nul",
                                     "True",
                                     "NaN",
                                     "Infinity",
                                     "-",
                                     "+1",
                                     "01",
                                     "1.",
                                     ".5",
                                     "1e",
                                     "1e+",
                                     "0x10",
                                     "\"",
                                     "\"\\\"",
                                     "\"\\x\"",
                                     "\"\\u12\"",
                                     "\"\\u12g4\"",
                                     "\"\n\"",
                                     "\"a\tb\"",
                                     "[1}",
                                     "{\"a\":1]",
                                     "// c\n1",
                                     "{\"a\" 1}",
                                     "{1:2}",
                                     "\"\\",
                                     "[\"a\" \"b\"]",
                                     "{\"a\":1 \"b\":2}",
                                     "\xEF\xBB\xBF{}",
                                     "{}{}",
                                     "[]]"};
  for (const std::string& text : bad) EXPECT_FALSE(is_json(text)) << text;
  EXPECT_FALSE(is_json(std::string("\"a\0b\"", 5)));
  EXPECT_FALSE(is_json(std::string("[1]\0", 4)));
}

TEST(JsonReader, StopsAtTheDepthLimitHoweverDeepTheTextIs) {
  EXPECT_TRUE(is_json(std::string(128, '[') + std::string(128, ']')));
  EXPECT_FALSE(is_json(std::string(129, '[') + std::string(129, ']')));
  EXPECT_FALSE(is_json(std::string(100'000, '[')));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(is_json(objects));
}

TEST(JsonReader, RefusesEveryProperPrefixOfAnObject) {
  const std::string text = R"( {"a":[1.5e3,true,false,null,"x\u00e9\n"],"b":{"c":-0},"d":"\ud83d\ude00"})";
  ASSERT_TRUE(is_json(text));
  for (std::size_t size = 0; size < text.size(); ++size) EXPECT_FALSE(is_json(text.substr(0, size))) << size;
}

TEST(JsonReader, FindsSpecialCharactersAtEveryOffsetOfAString) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string filler(size, 'x');
    EXPECT_EQ(string_of("\"" + filler + "\"").raw, filler);
    EXPECT_EQ(resolved("\"" + filler + "\\n\""), filler + "\n");
    EXPECT_FALSE(is_json("\"" + filler + "\x1f" + filler + "\"")) << size;
    EXPECT_TRUE(is_json("\"" + filler + "\xC3\xA9" + filler + "\"")) << size;
  }
}

TEST(JsonReader, ReportsWhereReadingStopped) {
  JsonReader reader("{\"a\": 1, \"b\" 2}");
  reader.skip();
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.position(), 13U);
  EXPECT_STREQ(reader.problem(), "expected a colon");
}

TEST(JsonReader, TellsWhereMembersStand) {
  const std::string text = R"({ "a" : 1 , "b":[2]})";
  JsonReader reader(text);
  JsonString key;
  ASSERT_TRUE(reader.enter_object());
  ASSERT_TRUE(reader.next_member(key));
  EXPECT_EQ(reader.comma_position(), JsonReader::npos);
  EXPECT_EQ(reader.key_position(), text.find("\"a\""));
  EXPECT_EQ(reader.skip(), "1");
  ASSERT_TRUE(reader.next_member(key));
  EXPECT_TRUE(key.equals("b"));
  EXPECT_EQ(reader.comma_position(), text.find(','));
  EXPECT_EQ(reader.value_position(), text.find('['));
  EXPECT_EQ(reader.skip(), "[2]");
  EXPECT_FALSE(reader.next_member(key));
  EXPECT_TRUE(reader.at_end());
}

TEST(JsonReader, EndsLoopsAndGivesNeutralValuesAfterAnError) {
  JsonReader reader("[1, oops, 2]");
  int elements = 0;
  ASSERT_TRUE(reader.enter_array());
  while (reader.next_element()) {
    reader.skip();
    ++elements;
  }
  EXPECT_EQ(elements, 2);
  EXPECT_EQ(reader.peek(), JsonType::none);
  EXPECT_EQ(reader.take_string().raw, "");
  EXPECT_EQ(reader.take_number(), "");
  EXPECT_FALSE(reader.take_bool());
  EXPECT_FALSE(reader.at_end());
}

TEST(JsonString, ResolvesEscapes) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"("a\"b\\c\/d")", "a\"b\\c/d"},
      {R"("\b\f\n\r\t")", "\b\f\n\r\t"},
      {R"("\u0041\u00e9\u20AC")", "A\xC3\xA9\xE2\x82\xAC"},
      {R"("\ud83d\ude00!")", "\xF0\x9F\x98\x80!"},
      {R"("\ud83d")", "\xEF\xBF\xBD"},
      {R"("\ude00x")", "\xEF\xBF\xBDx"},
      {R"("\ud83d\u0041")",
       "\xEF\xBF\xBD"
       "A"},
      {R"("\ud83d\ud83d\ude00")", "\xEF\xBF\xBD\xF0\x9F\x98\x80"},
      {R"("\u0000")", std::string(1, '\0')},
  };
  for (const auto& [quoted, text] : cases) {
    EXPECT_EQ(resolved(quoted), text) << quoted;
    EXPECT_EQ(string_of(quoted).characters(), utf8_length(text)) << quoted;
    EXPECT_TRUE(string_of(quoted).equals(text)) << quoted;
  }
}

TEST(JsonString, ComparesKeysByWhatTheyMean) {
  EXPECT_TRUE(string_of(R"("mod\u0065l")").equals("model"));
  EXPECT_FALSE(string_of(R"("mod\u0065ls")").equals("model"));
  EXPECT_FALSE(string_of(R"("\n")").equals("model"));
}

TEST(JsonInteger, ReadsWholeNumbersOnly) {
  EXPECT_EQ(json_integer("42"), 42);
  EXPECT_EQ(json_integer("-7"), -7);
  EXPECT_EQ(json_integer("12.0"), 12);
  EXPECT_EQ(json_integer("1e3"), 1000);
  EXPECT_EQ(json_integer("9223372036854775807"), INT64_MAX);
  EXPECT_FALSE(json_integer("1.5"));
  EXPECT_FALSE(json_integer("1e400"));
  EXPECT_FALSE(json_integer("9223372036854775808"));
  EXPECT_FALSE(json_integer(""));
}

TEST(JsonText, CountsCharactersOfAnyMixAndLength) {
  const std::string parts[] = {"a", "\u00FC", "\u20AC", "\U0001F600"};
  std::string text;
  for (std::uint32_t count = 0; count < 200; ++count) {
    ASSERT_EQ(utf8_length(text), count) << text;
    text += parts[(count * 7 + count / 5) % 4];
  }
}

TEST(JsonText, FindsWhereTheInsideOfAStringEndsOrNeedsCare) {
  for (const char special : {'"', '\\', '\n', '\0', '\x1F'}) {
    for (std::size_t at = 0; at < 40; ++at) {
      std::string text(60, 'x');
      text[at] = special;
      EXPECT_EQ(plain_string_length(text), at) << static_cast<int>(special);
    }
  }
  EXPECT_EQ(plain_string_length("caf\xC3\xA9 \x7F"), 7U);
  EXPECT_EQ(plain_string_length(""), 0U);
}

TEST(JsonReader, LeapsOverWhatSkipReads) {
  for (const char* value :
       {R"({"a":[1,{"b":"}]\"{["}],"c":{}})", "[]", "{}", R"(["]"])", "12.5", R"("text")", "null", "true"}) {
    const std::string text = std::string("[") + value + " ,7]";
    JsonReader reader(text);
    ASSERT_TRUE(reader.enter_array());
    ASSERT_TRUE(reader.next_element());
    EXPECT_EQ(reader.leap(), value);
    ASSERT_TRUE(reader.next_element()) << value;
    EXPECT_EQ(reader.take_number(), "7");
    EXPECT_FALSE(reader.next_element());
    EXPECT_TRUE(reader.at_end()) << value;
  }
}

TEST(JsonReader, LeapsOverNothingThatHasNoEnd) {
  for (const char* value : {"{", R"({"a":[1)", R"(["a)", "[\"\n\"]", "", "nul"}) {
    JsonReader reader(value);
    EXPECT_EQ(reader.leap(), "") << value;
    EXPECT_FALSE(reader.ok()) << value;
  }
}

}  // namespace
}  // namespace triaged
