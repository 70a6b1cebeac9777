#include "provider/openai/responses_input.hpp"
#include "unit/provider/openai_fixture.hpp"

#include <gtest/gtest.h>

namespace triaged::provider {
namespace {

using test::joined;
using test::responses_settings;
using test::target_of;

Outgoing build(const config::Provider& settings, std::string_view body) {
  chat::Request request = test::request_of(body);
  request.dialect = chat::Dialect::openai_responses;
  const config::Target target = target_of("gpt-5");
  const wire::Headers none;
  return *make_provider(settings)->build({request, body, none, target, 0, WallTime()});
}

TEST(ResponsesRequest, GoesToItsOwnPathWithNothingButTheModelReplaced) {
  const config::Provider settings = responses_settings();
  const Outgoing outgoing =
      build(settings, R"({"input" : [{"role":"user","content":"\ud83d"}],"model":"auto", "stream":true,"n":1e400})");
  EXPECT_TRUE(outgoing.head.starts_with("POST /v1/responses HTTP/1.1\r\n")) << outgoing.head;
  EXPECT_EQ(joined(outgoing),
            R"({"input" : [{"role":"user","content":"\ud83d"}],"model":"gpt-5", "stream":true,"n":1e400})");
  EXPECT_EQ(outgoing.body_bytes, joined(outgoing).size());
}

TEST(ResponsesRequest, LeavesOutTheListOfModels) {
  const config::Provider settings = responses_settings();
  EXPECT_EQ(joined(build(settings, R"({"model":"auto","models":["a","b"],"input":"x"})")),
            R"({"model":"gpt-5","input":"x"})");
}

TEST(ResponsesRequest, IsReadInItsOwnDialectOnlyWhereTheProviderSpeaksIt) {
  config::Provider settings = responses_settings();
  EXPECT_EQ(make_provider(settings)->codec(chat::Dialect::openai_responses).dialect(), chat::Dialect::openai_responses);
  EXPECT_EQ(make_provider(settings)->codec(chat::Dialect::openai_chat).dialect(), chat::Dialect::openai_chat);
  settings.native.clear();
  EXPECT_EQ(make_provider(settings)->codec(chat::Dialect::openai_responses).dialect(), chat::Dialect::openai_chat);
}

TEST(ResponsesRequest, LeavesOutThoughtsThatAnAnswerOfOursBroughtFromElsewhere) {
  const config::Provider settings = responses_settings();
  const std::string theirs = R"({"type":"reasoning","id":"rs_0a1b","summary":[],"encrypted_content":"gA"})";
  const std::string ours = R"({"id":"rs_9aBc_0","type":"reasoning","summary":[]})";
  const std::string said = R"({"role":"user","content":"x"})";
  const auto sent = [&settings](const std::string& input) {
    return joined(build(settings, R"({"model":"a","input":[)" + input + "]}"));
  };
  const auto wanted = [](const std::string& input) { return R"({"model":"gpt-5","input":[)" + input + "]}"; };
  EXPECT_EQ(sent(ours + " , " + said), wanted(said));
  EXPECT_EQ(sent(said + "," + ours), wanted(said));
  EXPECT_EQ(sent(said + "," + ours + "," + ours + "," + theirs), wanted(said + "," + theirs));
  EXPECT_EQ(sent(ours + "," + said + "," + ours + "," + ours), wanted(said));
  EXPECT_EQ(sent(ours), wanted(""));
  const std::string nameless = R"({"type":"reasoning","summary":[],"encrypted_content":"triaged.proof.c2ln"})";
  EXPECT_EQ(sent(nameless + "," + said), wanted(said));
  EXPECT_EQ(sent(said + "," + theirs), wanted(said + "," + theirs));
}

}  // namespace
}  // namespace triaged::provider
