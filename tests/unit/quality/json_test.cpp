#include "unit/quality/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace triaged::quality {
namespace {

using config::Check;
using test::beginning;
using test::call;
using test::found;
using test::Question;
using test::whole;
using testing::HasSubstr;

std::string json_found(chat::OutputFormat format, const Given& given, const std::string& body = "{}") {
  Question question("Give me an order", body);
  question.request.format = format;
  return found(Check::json, question, given);
}

constexpr auto object = chat::OutputFormat::json_object;
constexpr auto by_schema = chat::OutputFormat::json_schema;
const std::string schema_body =
    R"({"model":"auto","response_format":{"type":"json_schema","json_schema":{"name":"order","strict":true,
        "schema":{"type":"object","properties":{"id":{"type":"integer"}},"required":["id"]}}},"messages":[]})";

TEST(Json, IsNotAskedOfPlainAnswers) { EXPECT_EQ(json_found(chat::OutputFormat::text, whole("Sure!")), ""); }

TEST(Json, OfAWholeAnswerIsAnObjectWithNothingAroundIt) {
  EXPECT_EQ(json_found(object, whole(" {\"a\": [1, 2]}\n")), "");
  EXPECT_EQ(json_found(object, whole("Sure! {\"a\": 1}")), "json: no object: begins with \"Sure! {'a': 1}\"");
  EXPECT_THAT(json_found(object, whole("```json\n{}\n```")), HasSubstr("no object"));
  EXPECT_THAT(json_found(object, whole("[1]")), HasSubstr("no object"));
  EXPECT_EQ(json_found(object, whole("{\"a\": 1} Done.")), "json: no JSON from byte 9 on: \"Done.\"");
  EXPECT_EQ(json_found(object, whole("{\"a\": 1")), "json: JSON without its end");
  EXPECT_EQ(json_found(object, whole("{\"a\": nope}")), "json: no JSON from byte 7 on: \"ope}\"");
  EXPECT_EQ(json_found(object, whole("")), "json: no JSON at all");
  EXPECT_EQ(json_found(by_schema, whole("I cannot")), "json: begins with \"I cannot\"");
}

TEST(Json, OfABeginningIsHeldAgainstItFromTheFirstImpossibleByte) {
  EXPECT_EQ(json_found(object, beginning("")), "");
  EXPECT_EQ(json_found(object, beginning("\n{\"a\": \"x")), "");
  EXPECT_NE(json_found(object, beginning("\nH")), "");
  EXPECT_NE(json_found(object, beginning("{\"a\": \"x\" \"")), "");
  EXPECT_EQ(json_found(by_schema, beginning("[")), "");
}

TEST(Json, FollowsTheSchema) {
  EXPECT_EQ(json_found(by_schema, whole(R"({"id": 7})"), schema_body), "");
  EXPECT_EQ(json_found(by_schema, whole("{}"), schema_body), "json: lacks \"id\"");
  EXPECT_EQ(json_found(by_schema, whole(R"({"id": "7"})"), schema_body), "json: is no \"integer\" at \"/id\"");
  EXPECT_EQ(json_found(by_schema, beginning("{}"), schema_body), "") << "looked at when it is whole";
  EXPECT_EQ(json_found(by_schema, whole("{}"), R"({"response_format":{"type":"json_schema"}})"), "");
  EXPECT_EQ(json_found(by_schema, whole("{}"), "broken"), "");
}

TEST(Json, WithoutItsEndIsTheClientsDoingWhereItSetALimitOrAStop) {
  Question question("Give me an order", R"({"stop":["}"]})");
  question.request.format = object;
  EXPECT_EQ(found(Check::json, question, whole("{\"a\": 1")), "");
  EXPECT_NE(found(Check::json, question, whole("{\"a\": 1,,")), "");

  Question limited("Give me an order", R"({"stop":null})");
  limited.request.format = object;
  limited.request.max_output_tokens = 3;
  Given given = whole("{\"a\": 1");
  EXPECT_NE(found(Check::json, limited, given), "");
  given.finish = chat::Finish::length;
  given.output_tokens = 3;
  EXPECT_EQ(found(Check::json, limited, given), "");
}

TEST(Json, IsNotAskedOfToolCallsAndRefusals) {
  EXPECT_EQ(json_found(object, call("f", "{}")), "");
  Given refused = whole("");
  refused.refusal = true;
  EXPECT_EQ(json_found(object, refused), "");
}

const std::string tools_body =
    R"({"tools":[{"type":"function","function":{"name":"get_weather","description":"x","parameters":{"type":"object",
        "properties":{"city":{"type":"string"},"days":{"type":"integer","maximum":14}},"required":["city"]}}},
        {"type":"function","function":{"name":"get_time"}},{"type":"custom","custom":{"name":"run_sql"}},
        {"type":"web_search"}]})";

std::string tools_found(const Given& given, const std::string& body = tools_body, std::uint32_t tools = 4) {
  Question question("What is the weather in Oslo?", body);
  question.request.tools = tools;
  return found(Check::tools, question, given);
}

TEST(Tools, AreOnesThatWereOffered) {
  EXPECT_EQ(tools_found(whole("It rains.")), "");
  EXPECT_EQ(tools_found(call("get_time", "{}")), "");
  EXPECT_EQ(tools_found(call("get_stocks", "{}")), "tools: there is no tool \"get_stocks\"");
  EXPECT_EQ(tools_found(call("", "{}")), "tools: there is no tool \"\"");
  EXPECT_EQ(tools_found(call("get_time", "{}"), "{}", 0), "tools: there is no tool \"get_time\"");
  EXPECT_EQ(tools_found(call("old", "{}"), R"({"functions":[{"name":"old"}]})", 1), "");
  EXPECT_EQ(tools_found(call("search", "{}"), R"({"tools":[{"type":"web_search"}]})", 1), "") << "the provider's own";
}

TEST(Tools, GetArgumentsThatTheirSchemaAllows) {
  EXPECT_EQ(tools_found(call("get_weather", R"({"city":"Oslo","days":3})")), "");
  EXPECT_EQ(tools_found(call("get_weather", R"({"days":3})")), "tools: get_weather: lacks \"city\"");
  EXPECT_EQ(tools_found(call("get_weather", R"({"city":"Oslo","days":30})")),
            "tools: get_weather: is too large at \"/days\"");
  EXPECT_EQ(tools_found(call("get_weather", R"({"city":"Oslo")")), "tools: get_weather: JSON without its end");
  EXPECT_EQ(tools_found(call("get_weather", "Oslo")), "tools: get_weather: arguments are no object: \"Oslo\"");
  EXPECT_THAT(tools_found(call("get_weather", R"({"city":Oslo})")), HasSubstr("no JSON from byte 8 on"));
  EXPECT_EQ(tools_found(call("get_time", "")), "");
  EXPECT_EQ(tools_found(call("get_weather", "")), "tools: get_weather: lacks \"city\"");
  EXPECT_EQ(tools_found(call("run_sql", "select 1")), "");
}

TEST(Tools, OfAStreamAreHeldAgainstItAsSoonAsNothingCanMendThem) {
  const auto begun = [](std::string name, std::string arguments) {
    Given given = call(std::move(name), std::move(arguments));
    given.whole = false;
    given.finish = chat::Finish::none;
    return given;
  };
  EXPECT_EQ(tools_found(begun("get_w", "")), "");
  EXPECT_NE(tools_found(begun("got", "")), "");
  EXPECT_EQ(tools_found(begun("get_weather", "")), "");
  EXPECT_EQ(tools_found(begun("get_weather", R"({"days": 3)")), "");
  EXPECT_NE(tools_found(begun("get_weather", "Os")), "");
  EXPECT_NE(tools_found(begun("get_weather", R"({"days": x)")), "");
}

}  // namespace
}  // namespace triaged::quality
