// What happens to a stream on its way: heartbeats, a rate that is too low, an answer that nobody waits for any more.
#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace triaged::test {
namespace {

// Reads bytes until they hold `text`.
std::string read_until(Client& client, const std::string& text) {
  std::string bytes;
  while (bytes.find(text) == std::string::npos) {
    const Received more = client.socket().receive();
    bytes += more.bytes;
    if (more.end != Received::End::none) break;
  }
  return bytes;
}

TEST(Heartbeat, KeepsAQuietStreamAliveAndIsNoEvent) {
  TwoTiers site("", [](DaemonSetup& setup) { setup.more = "streams: {heartbeat: 50ms}"; });
  Signal go_on;
  site.low.always([&go_on](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(text_chunk("Hello"));
    go_on.wait();
    exchange.event(text_chunk(" there"));
    exchange.event(finish_chunk());
    exchange.end_stream();
  });
  Client watching = site.client();
  watching.send(streamed_chat("auto"));
  const std::string bytes = read_until(watching, ": keep-alive\n\n");
  EXPECT_THAT(bytes, testing::HasSubstr("Hello"));
  EXPECT_LT(bytes.find("Hello"), bytes.find(": keep-alive")) << "not before anything was decided";
  const std::string again = read_until(watching, ": keep-alive\n\n");

  Client reading = site.client();
  reading.send(streamed_chat("auto"));
  reading.begin();
  ASSERT_TRUE(reading.next_event());
  go_on.set();
  EXPECT_EQ(text_of(reading.rest()), " there");
  EXPECT_TRUE(reading.whole());
}

TEST(Heartbeat, LeavesABusyStreamAlone) {
  TwoTiers site("", [](DaemonSetup& setup) { setup.more = "streams: {heartbeat: 2s}"; });
  site.low.always([](Exchange& exchange) { stream(exchange, std::string(4000, 'a')); });
  Client client = site.client();
  client.send(streamed_chat("auto"));
  const std::string bytes = read_until(client, "[DONE]");
  EXPECT_THAT(bytes, testing::Not(testing::HasSubstr("keep-alive")));
}

TEST(DrippingStream, IsEndedWhenItBringsLessThanItsRate) {
  TwoTiers site("clocks: {min_rate: 20, rate_window: 200ms}");  // 16 characters in each window
  site.low.always([](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(text_chunk("begin"));
    while (true) {
      exchange.event(text_chunk("."));
      Signal().wait_for(25ms);
    }
  });
  Client client = site.client();
  client.send(streamed_chat("auto"));
  const Response head = client.begin();
  const std::vector<std::string> events = client.rest();

  EXPECT_FALSE(client.whole());
  EXPECT_EQ(nlohmann::json::parse(events.back())["error"]["code"], "too_slow");
  EXPECT_EQ(site.daemon.ledger().of(head.header("x-triaged-id"))[0].error, "too_slow");
}

TEST(DrippingStream, IsLeftAloneWhileItIsFastEnough) {
  TwoTiers site("clocks: {min_rate: 20, rate_window: 2s}");
  constexpr int pieces = 90;  // which take longer than a window
  site.low.always([](Exchange& exchange) {
    exchange.begin_stream();
    for (int i = 0; i < pieces; ++i) {
      exchange.event(text_chunk("abcdefghijklmnop"));
      Signal().wait_for(25ms);
    }
    exchange.event(finish_chunk());
    exchange.end_stream();
  });
  Client client = site.client();
  client.send(streamed_chat("auto"));
  client.begin();
  EXPECT_EQ(text_of(client.rest()).size(), pieces * 16U);
  EXPECT_TRUE(client.whole());
}

class DrainedAnswer : public testing::TestWithParam<bool> {};

TEST_P(DrainedAnswer, TellsWhatItCostAfterTheClientLeft) {
  const bool streamed = GetParam();
  TwoTiers site("on_client_gone: drain, drain: 5s");
  Signal asked;
  Signal left;
  site.low.always([&](Exchange& exchange) {
    if (streamed) {
      exchange.begin_stream();
      exchange.event(text_chunk("begin"));
    }
    asked.set();
    left.wait();
    if (streamed) {
      exchange.event(text_chunk(" end"));
      exchange.event(finish_chunk());
      exchange.event(usage_chunk({100, 40}));
      exchange.end_stream();
    } else {
      exchange.answer(200, answer_body("begin end", {100, 40}));
    }
  });
  Client client = site.client();
  client.send(streamed ? streamed_chat("auto") : chat("auto"));
  asked.wait();
  if (streamed) client.begin();

  client.socket().close();
  EXPECT_TRUE(eventually([&] {
    const std::string metrics = site.ask_admin(get("/metrics")).body;
    return metrics.find("triaged_dispatch_measures_total{measure=\"drain\"} 1") != std::string::npos;
  }));
  left.set();

  const LedgerRow row = site.daemon.ledger().settled(1).back();
  EXPECT_EQ(row.outcome, "cancelled");
  EXPECT_EQ(row.error, "client_gone");
  EXPECT_EQ(row.certainty, "exact");
  EXPECT_EQ(row.output, 40);
  EXPECT_EQ(row.status, 499);
  EXPECT_FALSE(row.complete);
}

INSTANTIATE_TEST_SUITE_P(Both, DrainedAnswer, testing::Bool(),
                         [](const auto& row) { return row.param ? "streamed" : "whole"; });

TEST(DrainedAnswerOfASilentProvider, IsGivenUpAfterItsTime) {
  TwoTiers site("on_client_gone: drain, drain: 50ms");
  Signal asked;
  Signal cancelled;
  site.low.always([&](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(text_chunk("begin"));
    asked.set();
    exchange.wait_until_left();
    cancelled.set();
  });
  Client client = site.client();
  client.send(streamed_chat("auto"));
  asked.wait();
  client.begin();
  client.socket().close();
  cancelled.wait();
  EXPECT_EQ(site.daemon.ledger().settled(1).back().certainty, "estimated");
}

}  // namespace
}  // namespace triaged::test
