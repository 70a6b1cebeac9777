#include "api/responses/responses_splice.hpp"

#include "unit/api/responses_fixture.hpp"

#include <gtest/gtest.h>

namespace triaged::api {
namespace {

using chat::EventKind;
using test::events_of;
using test::Json;

constexpr std::string_view created =
    R"({"type":"response.created","response":{"id":"resp_1", "status":"in_progress","error":null,"output":[] },"sequence_number":0})";
constexpr std::string_view delta = R"({"type":"response.output_text.delta","delta":"A","sequence_number":1})";
constexpr std::string_view completed =
    R"({"type":"response.completed","response":{"id":"resp_1","status":"completed"},"sequence_number":2})";

chat::Event event_of(EventKind kind, std::string_view type, std::string_view raw) {
  chat::Event event;
  event.kind = kind;
  event.type = type;
  event.raw = raw;
  return event;
}

void put_all(ResponsesSplice& splice, std::string& out) {
  ASSERT_TRUE(splice.event(event_of(EventKind::preamble, "response.created", created), out));
  ASSERT_TRUE(splice.event(event_of(EventKind::content, "response.output_text.delta", delta), out));
  ASSERT_TRUE(splice.event(event_of(EventKind::finish, "response.completed", completed), out));
}

TEST(ResponsesSplice, PassesEventsThroughUntouched) {
  ResponsesSplice splice;
  std::string out;
  put_all(splice, out);
  splice.end(out);
  std::string expected;
  expected.append("event: response.created\ndata: ").append(created).append("\n\n");
  expected.append("event: response.output_text.delta\ndata: ").append(delta).append("\n\n");
  expected.append("event: response.completed\ndata: ").append(completed).append("\n\n");
  EXPECT_EQ(out, expected);
}

TEST(ResponsesSplice, AnnotatesTheFirstResponseAndTheLast) {
  ResponsesSplice splice;
  splice.annotate({R"({"first":1})", ""});
  std::string out;
  put_all(splice, out);
  splice.annotate({R"({"first":1})", R"({"last":2})"});
  splice.end(out);
  const std::vector<Json> events = events_of(out);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0]["response"]["triaged"], Json::parse(R"({"first":1})"));
  EXPECT_EQ(events[1], Json::parse(delta));
  EXPECT_EQ(events[2]["response"]["triaged"], Json::parse(R"({"last":2})"));
}

TEST(ResponsesSplice, EndsABrokenStreamWithAnErrorAndTheFailedResponse) {
  ResponsesSplice splice;
  std::string out;
  ASSERT_TRUE(splice.event(event_of(EventKind::preamble, "response.created", created), out));
  ASSERT_TRUE(splice.event(event_of(EventKind::content, "response.output_text.delta", delta), out));
  ASSERT_TRUE(splice.event(event_of(EventKind::error, "error", R"({"type":"error"})"), out));
  splice.error(upstream_error(ErrorKind::truncated, "It ended early."), out);
  const std::vector<Json> events = events_of(out);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[2]["type"], "error");
  EXPECT_EQ(events[2]["sequence_number"], 2);
  EXPECT_EQ(events[2]["message"], "It ended early.");
  EXPECT_EQ(events[2]["error"]["message"], "It ended early.");
  EXPECT_EQ(events[3]["type"], "response.failed");
  EXPECT_EQ(events[3]["sequence_number"], 3);
  EXPECT_EQ(events[3]["response"]["id"], "resp_1");
  EXPECT_EQ(events[3]["response"]["status"], "failed");
  EXPECT_EQ(events[3]["response"]["error"]["code"], "server_error");
}

TEST(ResponsesSplice, SendsNoEndThatItKeptBackWhenTheStreamBreaksBehindIt) {
  ResponsesSplice splice;
  splice.annotate({"{}", ""});
  std::string out;
  put_all(splice, out);
  splice.error(upstream_error(ErrorKind::reset, "Gone."), out);
  EXPECT_EQ(out.find("response.completed"), std::string::npos) << out;
}

TEST(ResponsesSplice, IsWhatStreamsOfItsOwnDialectPassThrough) {
  const auto encoder = make_encoder(test::context_of(true, nullptr), nullptr);
  std::string out;
  encoder->error(upstream_error(ErrorKind::truncated, "It ended early."), out);
  EXPECT_EQ(events_of(out).back()["type"], "response.failed");
}

}  // namespace
}  // namespace triaged::api
