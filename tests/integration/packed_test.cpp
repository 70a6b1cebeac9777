// Content codings: packed requests are always taken, answers are packed where that is configured and asked for.
#include "triaged/wire/compression.hpp"

#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <string>

namespace triaged::test {
namespace {

using testing::HasSubstr;

class Packed : public SharedSite<Packed> {
 public:
  static std::unique_ptr<TwoTiers> make_site() {
    return std::make_unique<TwoTiers>(
        "", [](DaemonSetup& setup) { setup.server = "compression: true, limits: {body: 1MiB}"; });
  }
};

std::string packed(wire::Coding coding, std::string_view text) {
  std::string out;
  wire::Compressor(coding).put(text, out, true);
  return out;
}

TEST_F(Packed, RequestsReachTheUpstreamUnpacked) {
  const std::string body = chat_request("auto");
  for (const wire::Coding coding : {wire::Coding::gzip, wire::Coding::br, wire::Coding::zstd}) {
    low().then(answers("hi"));
    const std::string field = "Content-Encoding: " + std::string(wire::name(coding)) + "\r\n";

    const Response answer = ask(post(chat_path, packed(coding, body), field));

    EXPECT_EQ(answer.status, 200) << field;
    EXPECT_THAT(low().last().body, HasSubstr(easy));
    EXPECT_EQ(low().last().header("content-encoding"), "");
  }
}

TEST_F(Packed, RequestsThatUnpackToTooMuchOrToNothingAreRefused) {
  const std::string bomb = packed(wire::Coding::gzip, std::string(20U << 20U, ' '));
  EXPECT_EQ(ask(post(chat_path, bomb, "Content-Encoding: gzip\r\n")).status, 413);
  EXPECT_EQ(ask(post(chat_path, "not packed", "Content-Encoding: gzip\r\n")).status, 400);
  EXPECT_EQ(ask(post(chat_path, "{}", "Content-Encoding: snappy\r\n")).status, 415);
  EXPECT_EQ(low().count(), 0U);
}

TEST_F(Packed, AnswersArePackedForWhoAccepts) {
  const std::string words(4000, 'x');
  low().always(answers(words));

  const Response packed_answer = ask(chat("auto", easy, "Accept-Encoding: gzip, br\r\n"));
  const Response plain_answer = ask(chat("auto"));

  EXPECT_EQ(packed_answer.header("content-encoding"), "br");
  EXPECT_EQ(packed_answer.header("vary"), "Accept-Encoding");
  EXPECT_LT(packed_answer.body.size(), 1000U);
  const Result<std::string> text = wire::decompressed(packed_answer.body, "br", 1U << 20U);
  ASSERT_TRUE(text);
  EXPECT_THAT(*text, HasSubstr(words));
  EXPECT_FALSE(plain_answer.has_header("content-encoding"));
  EXPECT_THAT(plain_answer.body, HasSubstr(words));
}

TEST_F(Packed, EveryEventOfAPackedStreamArrivesAtOnce) {
  Signal seen;
  low().then([&seen](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(R"({"choices":[{"index":0,"delta":{"content":"first"}}]})");
    seen.wait();
    exchange.event(R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})");
    exchange.end_stream();
  });
  Client client = site().client();
  client.send(streamed_chat("auto", easy, "Accept-Encoding: gzip\r\n"));

  const Response head = client.begin();
  EXPECT_EQ(head.header("content-encoding"), "gzip");
  wire::Decompressor decompressor(wire::Coding::gzip);
  std::string text;
  // The stream's second event is not sent before the first one is there.
  while (text.find("first") == std::string::npos) {
    const auto bytes = client.next_bytes();
    ASSERT_TRUE(bytes);
    ASSERT_TRUE(decompressor.put(*bytes, text, 1U << 20U));
  }
  seen.set();
  while (const auto bytes = client.next_bytes()) ASSERT_TRUE(decompressor.put(*bytes, text, 1U << 20U));
  EXPECT_TRUE(decompressor.end());
  EXPECT_THAT(text, HasSubstr("[DONE]"));
}

}  // namespace
}  // namespace triaged::test
