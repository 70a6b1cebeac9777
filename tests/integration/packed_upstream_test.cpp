// Content codings between us and a provider: packed answers are unpacked, whole and streamed, however they are cut;
// requests are packed where the configuration says so.
#include "triaged/wire/compression.hpp"
#include "triaged/wire/head_writer.hpp"
#include "triaged/wire/sse.hpp"

#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <string>
#include <tuple>
#include <vector>

namespace triaged::test {
namespace {

using testing::HasSubstr;
using wire::Coding;

std::string packed(Coding coding, std::string_view text) {
  std::string out;
  wire::Compressor(coding).put(text, out, true);
  return out;
}

std::string field(Coding coding) { return "Content-Encoding: " + std::string(wire::name(coding)) + "\r\n"; }

// A stream whose every event is packed and flushed.
class PackedStream {
 public:
  PackedStream(Exchange& exchange, Coding coding) : exchange_(exchange), compressor_(coding) {
    exchange.begin_stream(field(coding));
  }
  // In chunks of at most `cut` bytes, each sent on its own.
  void event(std::string_view data, std::size_t cut = 1U << 20U) {
    std::string text;
    wire::append_sse_data(text, data);
    put(text, false, cut);
  }
  void end(std::size_t cut = 1U << 20U) {
    event("[DONE]", cut);
    put("", true, cut);
    exchange_.send(wire::last_chunk());
  }

 private:
  void put(std::string_view text, bool last, std::size_t cut) {
    std::string bytes;
    compressor_.put(text, bytes, last);
    for (std::size_t at = 0; at < bytes.size(); at += cut) {
      std::string chunk;
      wire::append_chunk(chunk, std::string_view(bytes).substr(at, cut));
      exchange_.send(chunk);
    }
  }

  Exchange& exchange_;
  wire::Compressor compressor_;
};

class PackedUpstream : public SharedSite<PackedUpstream>, public testing::WithParamInterface<Coding> {
 public:
  static std::unique_ptr<TwoTiers> make_site() { return std::make_unique<TwoTiers>("compression: {answers: true}"); }
};

TEST_P(PackedUpstream, WholeAnswersReachTheClientUnpackedAndAreCounted) {
  const std::string body = answer_body("unpacked words", {123, 45});
  low().then([&](Exchange& exchange) { exchange.answer(200, packed(GetParam(), body), field(GetParam())); });

  const Response answer = ask(chat("low/small"));

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, body);
  EXPECT_FALSE(answer.has_header("content-encoding"));
  EXPECT_EQ(low().last().header("accept-encoding"), "zstd, br, gzip");
  const LedgerRow row = site().daemon.ledger().of(answer.header("x-triaged-id")).at(0);
  EXPECT_EQ(row.input, 123);
  EXPECT_EQ(row.output, 45);
}

TEST_P(PackedUpstream, EveryEventOfAPackedStreamArrivesAtOnce) {
  Signal seen;
  low().then([&](Exchange& exchange) {
    PackedStream stream(exchange, GetParam());
    stream.event(text_chunk("first"));
    seen.wait();
    stream.event(finish_chunk());
    stream.event(usage_chunk());
    stream.end();
  });
  Client client = site().client();
  client.send(streamed_chat("low/small"));

  EXPECT_EQ(client.begin().status, 200);
  EXPECT_THAT(client.next_event().value_or(""), HasSubstr("first"));  // nothing else was sent yet
  seen.set();
  const std::vector<std::string> rest = client.rest();
  EXPECT_EQ(rest.back(), "[DONE]");
  EXPECT_TRUE(client.whole());
}

TEST_P(PackedUpstream, StreamsCutAnywhereAreTheSame) {
  for (const std::size_t cut : {1U, 3U, 7U}) {
    low().then([&](Exchange& exchange) {
      PackedStream stream(exchange, GetParam());
      for (const std::string_view word : {"one ", "two ", "three"}) stream.event(text_chunk(word), cut);
      stream.event(finish_chunk(), cut);
      stream.event(usage_chunk(), cut);
      stream.end(cut);
    });
    Client client = site().client();
    client.send(streamed_chat("low/small"));
    EXPECT_EQ(client.begin().status, 200);
    EXPECT_EQ(text_of(client.rest()), "one two three") << cut;
    EXPECT_TRUE(client.whole());
  }
}

TEST_P(PackedUpstream, DamagedAndCutAnswersAreFailuresOfTheProvider) {
  std::string damaged = packed(GetParam(), answer_body("words that are long enough to be damaged in the middle"));
  for (std::size_t at = damaged.size() / 3; at < damaged.size() / 3 + 8; ++at)
    damaged[at] = static_cast<char>(~damaged[at]);
  const std::string whole = packed(GetParam(), answer_body("hi"));
  for (const std::string& body : {damaged, whole.substr(0, whole.size() / 2), std::string("not packed")}) {
    low().always([&](Exchange& exchange) { exchange.answer(200, body, field(GetParam())); });

    const Response answer = ask(chat("low/small"));

    EXPECT_EQ(answer.status, 502);
    EXPECT_THAT(answer.body, HasSubstr("packed answer"));
  }
  low().then(answers("well again"));
  EXPECT_EQ(ask(chat("low/small")).status, 200);
}

TEST_P(PackedUpstream, BombsEndTheAttemptAndNotTheProcess) {
  const std::string bomb = packed(GetParam(), std::string(200U << 20U, ' '));
  low().always([&](Exchange& exchange) { exchange.answer(200, bomb, field(GetParam())); });

  const Response answer = ask(chat("low/small"));

  EXPECT_EQ(answer.status, 502);
  low().then(answers("well again"));
  EXPECT_EQ(ask(chat("low/small")).status, 200);
}

TEST_P(PackedUpstream, FailuresAreReadPackedToo) {
  low().always([&](Exchange& exchange) {
    exchange.answer(400, packed(GetParam(), error_body("too odd", "odd_request")), field(GetParam()));
  });

  const Response answer = ask(chat("low/small"));

  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.error()["code"], "odd_request");
}

// Some servers name a coding above a body that is not there.
TEST_P(PackedUpstream, AnAnswerWithoutABodyIsNotDamaged) {
  low().always([&](Exchange& exchange) { exchange.answer(400, "", field(GetParam())); });

  EXPECT_EQ(ask(chat("low/small")).status, 400);
}

INSTANTIATE_TEST_SUITE_P(Codings, PackedUpstream, testing::Values(Coding::gzip, Coding::br, Coding::zstd),
                         [](const auto& each) { return std::string(wire::name(each.param)); });

class PackedRequests : public SharedSite<PackedRequests> {
 public:
  static std::unique_ptr<TwoTiers> make_site() {
    return std::make_unique<TwoTiers>("compression: {requests: zstd}", [](DaemonSetup& setup) {
      setup.providers.back().replace(setup.providers.back().find("zstd"), 4, "gzip");
    });
  }
};

TEST_F(PackedRequests, ArePackedAsTheProviderTakesThem) {
  const std::string words(5000, 'x');
  for (const auto& [upstream, target, coding] :
       {std::tuple(&low(), "low/small", "zstd"), std::tuple(&high(), "high/large", "gzip")}) {
    upstream->then(answers("hi"));

    EXPECT_EQ(ask(chat(target, words)).status, 200);

    const SeenRequest seen = upstream->last();
    EXPECT_EQ(seen.header("content-encoding"), coding);
    EXPECT_EQ(seen.header("accept-encoding"), "identity");
    EXPECT_LT(seen.body.size(), 500U);
    const Result<std::string> body = wire::decompressed(seen.body, coding, 1U << 20U);
    ASSERT_TRUE(body);
    EXPECT_THAT(*body, HasSubstr(words));
  }
}

TEST_F(PackedRequests, GoAsTheyAreWhereThereIsNothingToGain) {
  low().then(answers("hi"));

  EXPECT_EQ(ask(chat("low/small", "hi")).status, 200);

  EXPECT_EQ(low().last().header("content-encoding"), "");
  EXPECT_THAT(low().last().body, HasSubstr("\"hi\""));
}

}  // namespace
}  // namespace triaged::test
