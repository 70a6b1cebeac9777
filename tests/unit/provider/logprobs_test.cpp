#include "triaged/provider/logprobs.hpp"

#include "openai_fixture.hpp"

namespace triaged::provider {
namespace {

using test::request_of;

TEST(Logprobs, AreAskedForWithoutDisturbingWhatElseTheBodySays) {
  const std::string body = R"({"model":"auto","models":["a","b"],"messages":[],"stream_options":{}})";
  chat::Request request = request_of(body);

  const std::string asked = with_logprobs(request, body);

  EXPECT_EQ(asked, R"({"logprobs":true,"model":"auto","models":["a","b"],"messages":[],"stream_options":{}})");
  EXPECT_EQ(request.body_bytes, asked.size());
  const chat::Request again = request_of(asked);
  ASSERT_EQ(request.model_values.size(), 1U);
  EXPECT_EQ(request.model_values[0].begin, again.model_values[0].begin);
  EXPECT_EQ(request.model_values[0].end, again.model_values[0].end);
  EXPECT_EQ(request.stream_options_values[0].begin, again.stream_options_values[0].begin);
  EXPECT_EQ(request.models_members[0].begin, again.models_members[0].begin);
  EXPECT_EQ(request.object_begin, again.object_begin);
}

TEST(Logprobs, AreTakenOutOfEveryChoiceAndNothingElseIs) {
  std::string out;
  EXPECT_EQ(
      without_logprobs(
          R"({"choices":[{"logprobs":{"content":[{"token":"a","logprob":-1}]},"index":0} , {"index":1,"logprobs" : null}],"x":1.0})",
          out),
      R"({"choices":[{"logprobs":null,"index":0} , {"index":1,"logprobs" : null}],"x":1.0})");
  const std::string plain = R"({"choices":[{"delta":{"content":"the logprobs"}}],"logprobs":1})";
  EXPECT_EQ(without_logprobs(plain, out), plain);
}

TEST(Logprobs, LeaveWhatIsNoJsonAsItIs) {
  std::string out;
  for (const std::string_view text : {"", "[DONE]", R"({"choices":[{"logprobs":{"a":1})", "{\"choices\":"}) {
    EXPECT_EQ(without_logprobs(text, out), text);
  }
}

TEST(AnswerDetail, OfAWholeAnswerHasItsToolCallsInOrder) {
  config::Provider settings;
  const auto provider = make_provider(settings);
  chat::AnswerDetail detail;

  provider->codec(chat::Dialect::openai_chat)
      .add_answer_detail(
          R"({"choices":[{"index":0,"message":{"content":null,"tool_calls":[
        {"id":"1","type":"function","function":{"name":"a","arguments":"{\"x\":1}"}},
        {"id":"2","type":"function","function":{"name":"b","arguments":"{}"}}]}},
        {"index":1,"message":{"tool_calls":[{"id":"3","function":{"name":"c","arguments":""}}]}}]})",
          detail);

  ASSERT_EQ(detail.tool_calls.size(), 2U);
  EXPECT_EQ(detail.tool_calls[0].name, "a");
  EXPECT_EQ(detail.tool_calls[0].arguments, R"({"x":1})");
  EXPECT_EQ(detail.tool_calls[1].name, "b");
  EXPECT_FALSE(detail.refusal);
  EXPECT_FALSE(detail.confidence());
}

TEST(AnswerDetail, IsEmptyForWhatIsNoAnswer) {
  config::Provider settings;
  const auto provider = make_provider(settings);
  chat::AnswerDetail detail;

  for (const std::string_view text :
       {"", "[DONE]", "null", R"({"choices":null})", R"({"choices":[null,1,{"message":[]},{"logprobs":[]}]})",
        R"({"choices":[{"message":{"tool_calls":{"id":1}}}]})"}) {
    provider->codec(chat::Dialect::openai_chat).add_answer_detail(text, detail);
  }

  EXPECT_TRUE(detail.tool_calls.empty());
  EXPECT_EQ(detail.logprob_tokens, 0U);
}

}  // namespace
}  // namespace triaged::provider
