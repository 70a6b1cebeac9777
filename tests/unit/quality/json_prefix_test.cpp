#include "quality/json_prefix.hpp"

#include "triaged/base/json.hpp"

#include <gtest/gtest.h>

#include <string>

namespace triaged::quality {
namespace {

const char* const texts[] = {
    "{}",
    "[]",
    " {\"a\": 1, \"b\": [true, false, null, -0.5e+10, 0, 12.25, \"x\\u00e4\\n\"], \"c\": {\"d\": {}}} ",
    "\"text\"",
    "0",
    "-1",
    "1e5",
    "null",
    "[[[[]]]]",
    "{\"\":\"\"}",
    "[0,-0,0.0]",
    "\t\r\n1 ",
};

TEST(JsonPrefix, TakesJsonHoweverItIsCut) {
  for (const char* const text : texts) {
    const std::string json = text;
    for (std::size_t cut = 0; cut <= json.size(); ++cut) {
      JsonPrefix prefix;
      EXPECT_TRUE(prefix.put(json.substr(0, cut))) << json.substr(0, cut);
      EXPECT_TRUE(prefix.put(json.substr(cut))) << json;
      EXPECT_TRUE(prefix.complete()) << json;
    }
  }
}

TEST(JsonPrefix, AgreesWithTheReaderOnWhatIsComplete) {
  for (const char* const text : texts) {
    const std::string json = text;
    for (std::size_t cut = 0; cut <= json.size(); ++cut) {
      JsonPrefix prefix;
      prefix.put(json.substr(0, cut));
      const std::string part = json.substr(0, cut);
      JsonReader reader(part);
      reader.skip();
      EXPECT_EQ(prefix.complete(), reader.at_end()) << part;
    }
  }
}

TEST(JsonPrefix, StopsAtTheFirstImpossibleByte) {
  struct Row {
    const char* text;
    std::size_t position;
  };
  for (const Row& row : {Row{"Sure", 0},
                         Row{"```json", 0},
                         Row{"{a", 1},
                         Row{"{'a'", 1},
                         Row{"{\"a\",", 4},
                         Row{"{\"a\": }", 6},
                         Row{"[1,]", 3},
                         Row{"{\"a\":1,}", 7},
                         Row{"{} x", 3},
                         Row{"[1}", 2},
                         Row{"{\"a\":[}", 6},
                         Row{"]", 0},
                         Row{"01", 1},
                         Row{"-a", 1},
                         Row{"1.x", 2},
                         Row{"1e+]", 3},
                         Row{"nul1", 3},
                         Row{"True", 0},
                         Row{"\"a\nb\"", 2},
                         Row{"\"\\x\"", 2},
                         Row{"\"\\u12g4\"", 5},
                         Row{"[1 2]", 3},
                         Row{"{\"a\":1 \"b\"", 7},
                         Row{"{,", 1},
                         Row{"[,", 1},
                         Row{"1,2", 1},
                         Row{"NaN", 0},
                         Row{"{\"a\" 1", 5}}) {
    JsonPrefix prefix;
    EXPECT_FALSE(prefix.put(row.text)) << row.text;
    EXPECT_EQ(prefix.position(), row.position) << row.text;
    EXPECT_FALSE(prefix.complete()) << row.text;
    EXPECT_FALSE(prefix.put("{}")) << "what is broken stays so";
  }
}

TEST(JsonPrefix, IsNotCompleteBeforeTheLastBracket) {
  for (const char* const text :
       {"", " ", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "[1,", "[", "\"abc", "\"abc\\", "-", "1.", "1e", "tru"}) {
    JsonPrefix prefix;
    EXPECT_TRUE(prefix.put(text)) << text;
    EXPECT_FALSE(prefix.complete()) << text;
  }
}

TEST(JsonPrefix, BoundsTheDepth) {
  JsonPrefix prefix;
  EXPECT_TRUE(prefix.put(std::string(JsonPrefix::max_depth, '[')));
  EXPECT_FALSE(prefix.put("["));
}

}  // namespace
}  // namespace triaged::quality
