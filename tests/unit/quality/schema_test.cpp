#include "quality/schema.hpp"

#include "support/processor_time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace triaged::quality {
namespace {

using testing::HasSubstr;

struct Row {
  const char* schema;
  const char* value;
  const char* problem;  // "": follows it, or cannot be told
};

void expect_problems(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    const std::string problem = schema_problem(row.schema, row.value);
    if (*row.problem == '\0') {
      EXPECT_EQ(problem, "") << row.schema << " " << row.value;
    } else {
      EXPECT_THAT(problem, HasSubstr(row.problem)) << row.schema << " " << row.value;
    }
  }
}

TEST(Schema, ChecksTypesAndValues) {
  expect_problems({
      {R"({"type":"object"})", "{}", ""},
      {R"({"type":"object"})", "[]", "is no \"object\""},
      {R"({"type":"integer"})", "1.0", ""},
      {R"({"type":"integer"})", "1.5", "is no \"integer\""},
      {R"({"type":"number"})", "1", ""},
      {R"({"type":["string","null"]})", "null", ""},
      {R"({"type":["string","null"]})", "1", "none of the types"},
      {R"({"type":"string","nullable":true})", "null", ""},
      {R"({"type":"date"})", "1", ""},
      {R"({"const":{"a":[1,2]}})", R"({"a":[1,2.0]})", ""},
      {R"({"const":{"a":[1,2]}})", R"({"a":[2,1]})", "another value"},
      {R"({"enum":["red","green"]})", "\"green\"", ""},
      {R"({"enum":["red","green"]})", "\"blue\"", "none of the values"},
      {"true", "1", ""},
      {"false", "1", "not allowed"},
      {"{}", "1", ""},
  });
}

TEST(Schema, ChecksNumbersAndStrings) {
  expect_problems({
      {R"({"minimum":0,"maximum":10})", "10", ""},
      {R"({"minimum":0,"maximum":10})", "-1", "too small"},
      {R"({"minimum":0,"maximum":10})", "10.5", "too large"},
      {R"({"exclusiveMinimum":0})", "0", "too small"},
      {R"({"exclusiveMaximum":1})", "1", "too large"},
      {R"({"minimum":0,"exclusiveMinimum":true})", "0", "too small"},
      {R"({"multipleOf":5})", "15", ""},
      {R"({"multipleOf":5})", "-15", ""},
      {R"({"multipleOf":5})", "-16", "no multiple"},
      {R"({"multipleOf":0.1})", "0.25", ""},
      {R"({"multipleOf":0})", "1", ""},
      {R"({"minLength":2,"maxLength":3})", "\"äö\"", ""},
      {R"({"minLength":2})", "\"ä\"", "too short"},
      {R"({"maxLength":3})", "\"äöüß\"", "too long"},
      {R"({"pattern":"^[A-Z]{2}\\d+$"})", "\"AB12\"", ""},
      {R"({"pattern":"^[A-Z]{2}\\d+$"})", "\"ab12\"", "does not match the pattern"},
      {R"({"pattern":"(?=look)ahead"})", "\"x\"", ""},
      {R"({"minimum":5,"minLength":5})", "\"abcdef\"", ""},
      {R"({"minimum":5})", "\"a\"", ""},
  });
}

TEST(Schema, ChecksArrays) {
  expect_problems({
      {R"({"items":{"type":"string"}})", R"(["a","b"])", ""},
      {R"({"items":{"type":"string"}})", R"(["a",1])", "is no \"string\" at \"/1\""},
      {R"({"minItems":1})", "[]", "too few items"},
      {R"({"maxItems":1})", "[1,2]", "too many items"},
      {R"({"uniqueItems":true})", "[1,2,1.0]", "twice"},
      {R"({"uniqueItems":true})", "[[1],[2]]", ""},
      {R"({"prefixItems":[{"type":"string"}],"items":{"type":"number"}})", R"(["a",1,2])", ""},
      {R"({"prefixItems":[{"type":"string"}],"items":false})", R"(["a",1])", "not allowed at \"/1\""},
      {R"({"items":[{"type":"string"}]})", R"([1])", "is no \"string\" at \"/0\""},
      {R"({"items":[{"type":"string"}],"additionalItems":false})", R"(["a",1])", ""},
  });
}

TEST(Schema, ChecksObjects) {
  const char* const order =
      R"({"type":"object","properties":{"id":{"type":"integer"},"lines":{"type":"array","items":{"$ref":"#/$defs/line"}}},
          "required":["id","lines"],"additionalProperties":false,
          "$defs":{"line":{"type":"object","properties":{"price":{"type":"number","minimum":0}},"required":["price"]}}})";
  expect_problems({
      {order, R"({"id":1,"lines":[{"price":2.5}]})", ""},
      {order, R"({"id":1})", "lacks \"lines\""},
      {order, R"({"id":"1","lines":[]})", "is no \"integer\" at \"/id\""},
      {order, R"({"id":1,"lines":[{"price":1},{}]})", "lacks \"price\" at \"/lines/1\""},
      {order, R"({"id":1,"lines":[{"price":-1}]})", "too small at \"/lines/0/price\""},
      {order, R"({"id":1,"lines":[],"note":""})", "not allowed at \"/note\""},
      {R"({"additionalProperties":{"type":"number"},"properties":{"a":{}}})", R"({"a":"x","b":1})", ""},
      {R"({"additionalProperties":{"type":"number"},"properties":{"a":{}}})", R"({"b":"x"})",
       "is no \"number\" at \"/b\""},
      {R"({"patternProperties":{"^n_":{"type":"number"}},"additionalProperties":false})", R"({"n_a":1})", ""},
      {R"({"patternProperties":{"^n_":{"type":"number"}},"additionalProperties":false})", R"({"n_a":""})",
       "is no \"number\""},
      {R"({"patternProperties":{"^n_":{"type":"number"}},"additionalProperties":false})", R"({"x":1})",
       "not allowed at \"/x\""},
      {R"({"patternProperties":{"(?<!a)n":{"type":"number"}},"additionalProperties":false})", R"({"x":1})", ""},
      {R"({"minProperties":1})", "{}", "too few members"},
      {R"({"maxProperties":0})", R"({"a":1})", "too many members"},
  });
}

TEST(Schema, ChecksAlternativesAndConditions) {
  expect_problems({
      {R"({"allOf":[{"type":"object"},{"required":["a"]}]})", "{}", "lacks \"a\""},
      {R"({"anyOf":[{"type":"string"},{"type":"null"}]})", "null", ""},
      {R"({"anyOf":[{"type":"string"},{"type":"null"}]})", "1", "none of the alternatives"},
      {R"({"anyOf":[{"type":"string"},{"properties":{"a":{"type":"string"}},"type":"object"}]})", R"({"a":1})",
       "none of the alternatives"},
      {R"({"oneOf":[{"type":"integer"},{"minimum":2}]})", "1", ""},
      {R"({"oneOf":[{"type":"integer"},{"minimum":2}]})", "3", "several of the alternatives"},
      {R"({"oneOf":[{"type":"integer"},{"type":"string"}]})", "null", "none of the alternatives"},
      {R"({"not":{"type":"string"}})", "\"a\"", "must not be"},
      {R"({"not":{"type":"string"}})", "1", ""},
      {R"({"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}})", R"({"a":1})", "lacks \"b\""},
      {R"({"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}})", "{}", "lacks \"c\""},
      {R"({"if":{"required":["a"]},"then":{"required":["b"]}})", "{}", ""},
  });
}

TEST(Schema, FollowsLocalReferencesOnly) {
  const char* const tree =
      R"({"$ref":"#/definitions/a~1b%20c","definitions":{"a/b c":{"type":"object","properties":{"child":{"$ref":"#/definitions/a~1b c"},
          "n":{"type":"number"}}}}})";
  expect_problems({
      {tree, R"({"child":{"child":{"n":1}}})", ""},
      {tree, R"({"child":{"child":{"n":"x"}}})", "is no \"number\" at \"/child/child/n\""},
      {R"({"$ref":"https://example.com/schema"})", "1", ""},
      {R"({"$ref":"#/nowhere"})", "1", ""},
      {R"({"$ref":"#anchor"})", "1", ""},
      {R"({"$ref":5})", "1", ""},
      {R"({"properties":{"a":{"$ref":"#"}},"type":"object"})", R"({"a":{"a":1}})", "is no \"object\" at \"/a/a\""},
  });
}

TEST(Schema, HoldsNothingAgainstAnAnswerThatItCannotTell) {
  expect_problems({
      {R"({"format":"email"})", "\"x\"", ""},
      {R"({"not":{"format":"email"}})", "\"a@example.com\"", ""},
      {R"({"oneOf":[{"type":"string"},{"format":"email"}]})", "\"x\"", ""},
      {R"({"anyOf":[{"type":"number"},{"type":"string","format":"email"}]})", "\"x\"", ""},
      {R"({"if":{"format":"email"},"then":false,"else":false})", "\"x\"", ""},
      {R"({"not":{"pattern":"(?=x)x"}})", "\"y\"", ""},
      {R"({"x-unknown":true,"title":"T","default":5})", "\"x\"", ""},
      {R"({"required":"a","properties":[],"items":"x","enum":5,"allOf":{},"anyOf":[],"type":7,"pattern":[],"minimum":"x"})",
       "{}", ""},
      {"no schema", "{}", ""},
      {R"("schema")", "{}", ""},
      {R"({"type":"object"})", "no json", ""},
      {R"({"type":"string"})", "1e999", ""},
  });
  EXPECT_EQ(schema_problem(R"({"type":"object","properties":{")" + std::string(300'000, 'a') + R"(":{}}})", "[]"), "");
}

// Each would take for ever, or the whole stack.
TEST(Schema, IsBoundedInTimeAndDepth) {
  std::string doubling = R"({"$ref":"#/$defs/a0","$defs":{)";
  for (int i = 0; i < 60; ++i) {
    const std::string next = R"({"$ref":"#/$defs/a)" + std::to_string(i + 1) + "\"}";
    doubling += "\"a" + std::to_string(i) + R"(":{"anyOf":[)" + next + "," + next + "]},";
  }
  doubling += R"("a60":{"type":"string"}}})";
  std::string nested = "1";
  for (int i = 0; i < 120; ++i) nested = "[" + nested + "]";
  std::string many = "[0";
  for (int i = 1; i < 20'000; ++i) many += "," + std::to_string(i);
  many += "]";
  const std::string tree = R"({"items":{"oneOf":[{"$ref":"#"},{"$ref":"#"},{"$ref":"#"}]}})";

  const double start = test::processor_seconds();
  EXPECT_EQ(schema_problem(R"({"$ref":"#"})", "1"), "");
  EXPECT_EQ(schema_problem(R"({"allOf":[{"$ref":"#"},{"$ref":"#"}]})", "1"), "");
  EXPECT_EQ(schema_problem(R"({"not":{"$ref":"#"}})", "1"), "");
  EXPECT_EQ(schema_problem(doubling, "1"), "");
  EXPECT_EQ(schema_problem(tree, nested), "");
  EXPECT_EQ(schema_problem(R"({"uniqueItems":true})", many), "");
  EXPECT_EQ(schema_problem(R"({"items":{"enum":)" + many + "}}", many), "");
  EXPECT_EQ(schema_problem(R"({"pattern":"(a*)*b"})", "\"" + std::string(100'000, 'a') + "\""),
            "does not match the pattern");
  EXPECT_EQ(schema_problem("{}", std::string(1000, '[')), "");
  EXPECT_LT(test::processor_seconds() - start, 20) << "with sanitizers";
}

TEST(Schema, NamesProblemsShortAndInPrintableAscii) {
  const std::string name(500, 'x');
  const std::string problem = schema_problem(R"({"additionalProperties":false})", "{\"" + name + "\u00e9\n\":1}");
  EXPECT_LT(problem.size(), 80U);
  const std::string long_name = schema_problem(R"({"additionalProperties":false})", "{\"" + name + "\":1}");
  EXPECT_THAT(long_name, HasSubstr("not allowed at \"/" + std::string(39, 'x') + "...\""));
  for (const char c : long_name) EXPECT_TRUE(c >= ' ' && c <= '~');
}

}  // namespace
}  // namespace triaged::quality
