// Faults before the first content: the next target answers, whole, and the client sees nothing of them.
#include "faults/site.hpp"

#include <gmock/gmock.h>

#include <ostream>

namespace triaged::test {
namespace {

using Lines = std::vector<std::string>;

struct Fault {
  const char* name;
  const char* what;
  Script script;
  std::string booked;
  bool streamed = false;
};

std::ostream& operator<<(std::ostream& out, const Fault& row) { return out << row.name; }

Script sends(std::string bytes) {
  return [bytes = std::move(bytes)](Exchange& exchange) {
    exchange.send(bytes);
    exchange.close();
  };
}

Script sends_and_waits(std::string bytes) {
  return [bytes = std::move(bytes)](Exchange& exchange) {
    if (!bytes.empty()) exchange.send(bytes);
    exchange.wait_until_left();
  };
}

const std::string json_head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const std::string stream_head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string chunk(const std::string& event) {
  std::array<char, 16> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", event.size());
  return size.data() + event + "\r\n";
}

std::string data(const std::string& json) { return chunk("data: " + json + "\n\n"); }

class FailsOver : public FaultScenario, public testing::WithParamInterface<Fault> {};

TEST_P(FailsOver, ToTheNextTargetUnseen) {
  const Fault& fault = GetParam();
  scenario(fault.what, "answered whole by the next target, one attempt on the first, both booked");
  start();
  primary.always(fault.script);
  backup.always(answers("from the backup", {100, 10}));

  const Got got = ask(fault.streamed);

  expect_answer(got, "from the backup", "backup/small");
  EXPECT_EQ(primary.count(), 1U);
  EXPECT_EQ(backup.count(), 1U);
  EXPECT_EQ(strong.count(), 0U);
  const std::vector<LedgerRow> rows = daemon->ledger().of(got.id);
  EXPECT_EQ(history(got), (Lines{"primary/failed/" + fault.booked, "backup/answered/"}));
  EXPECT_EQ(rows.back().cost, 100 * 3000 + 10 * 4000) << "the model that answered is the one that is billed";
}

INSTANTIATE_TEST_SUITE_P(
    All, FailsOver,
    testing::Values(
        Fault{"retry_after", "429 with Retry-After: 2", fails(429, "rate_limit_exceeded", "Retry-After: 2\r\n"),
              "rate_limited"},
        Fault{"rate_limit", "429 without a hint", fails(429, "rate_limit_exceeded"), "rate_limited"},
        Fault{"quota", "429 insufficient_quota", fails(429, "insufficient_quota"), "quota"},
        Fault{"s500", "500", fails(500), "server_error"},
        Fault{"s502", "502 from a proxy in front", fails(502), "server_error"},
        Fault{"s503", "503", fails(503), "overloaded"}, Fault{"s504", "504", fails(504), "timeout"},
        Fault{"s529", "529 overloaded", fails(529), "overloaded"}, Fault{"s408", "408", fails(408), "timeout"},
        Fault{"s409", "409", fails(409), "conflict"}, Fault{"s401", "401: the key is refused", fails(401), "auth"},
        Fault{"s403", "403", fails(403), "auth"}, Fault{"s402", "402: no money", fails(402), "quota"},
        Fault{"s404", "404: the model is not there", fails(404, "model_not_found"), "model_missing"},
        Fault{"reset", "reset before any byte", [](Exchange& exchange) { exchange.reset(); }, "reset"},
        Fault{"head_cut", "the head is cut", sends("HTTP/1.1 200 OK\r\nContent-Ty"), "truncated"},
        Fault{"no_http", "something that is not HTTP", sends("SSH-2.0-OpenSSH_9.2\r\n\r\n"), "protocol"},
        Fault{"silent", "no response at all", sends_and_waits(""), "head_timeout"},
        Fault{"silent_stream", "no response to a streamed request", sends_and_waits(""), "head_timeout", true},
        Fault{"half_a_body", "a whole answer that stalls in its middle",
              sends_and_waits(json_head + "Content-Length: 300\r\n\r\n{\"choices\":["), "idle_timeout"},
        Fault{"short_body", "a body shorter than its Content-Length",
              sends(json_head + "Content-Length: 300\r\n\r\n{\"choices\":[]}"), "truncated"},
        Fault{"half_json", "half a JSON text of the right length",
              sends(json_head + "Content-Length: 11\r\n\r\n{\"choices\":"), "protocol"},
        Fault{"html", "200 with an HTML page",
              sends("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<html>no</html>"),
              "protocol"},
        Fault{"role_only", "a stream that says nothing after its role: first token too late",
              sends_and_waits(stream_head + data(role_chunk())), "first_content_timeout", true},
        Fault{"cut_before_content", "a stream that is cut before its first content",
              sends(stream_head + data(role_chunk())), "truncated", true},
        Fault{"done_at_once", "a stream of [DONE] alone", sends(stream_head + data("[DONE]") + "0\r\n\r\n"),
              "truncated", true},
        Fault{"error_event", "an error event before any content",
              sends(stream_head + data(R"({"error":{"message":"engine died","type":"server_error"}})")), "server_error",
              true},
        Fault{"malformed_first", "a malformed first event", sends(stream_head + data(R"({"choices":[{"delta":{"con)")),
              "protocol", true},
        Fault{"not_a_stream", "a whole answer where a stream was asked for",
              [](Exchange& exchange) { exchange.answer(200, answer_body("whole")); }, "protocol", true}),
    [](const auto& row) { return std::string(row.param.name); });

class Failover : public FaultScenario {};

TEST_F(Failover, OfAProviderThatIsDown) {
  scenario("connection refused", "answered by the next target; the attempt costs nothing");
  start();
  primary.stop();
  backup.always(answers("from the backup"));
  for (const bool streamed : {false, true}) {
    const Got got = ask(streamed);
    expect_answer(got, "from the backup", "backup/small");
    EXPECT_EQ(daemon->ledger().of(got.id)[0].cost, 0);
  }
}

TEST_F(Failover, OfASlowFirstToken) {
  scenario("a stream that pings and pings before its first token",
           "pings do not count: the next target answers within the clock");
  start();
  primary.always([](Exchange& exchange) {
    exchange.begin_stream();
    while (true) {
      exchange.send("8\r\n: ping\n\n\r\n");
      Signal().wait_for(20ms);
    }
  });
  backup.always(answers("from the backup"));
  expect_answer(ask(true), "from the backup", "backup/small");
  EXPECT_EQ(primary.count(), 1U);
}

TEST_F(Failover, OfASilentProviderTakesOneAttemptAndItsClock) {
  scenario("silent provider, its clock set",
           "answered by the next target soon after the clock, with one attempt on the silent one");
  start([this](DaemonSetup& setup) {
    setup.providers[0] =
        provider("primary", primary.port(), "clocks: {connect: 1s, head: 1s, first_content: 1s, total: 60s}");
  });
  primary.always(sends_and_waits(""));
  backup.always(answers("from the backup"));
  const auto before = std::chrono::steady_clock::now();
  expect_answer(ask(false), "from the backup", "backup/small");
  const auto took = std::chrono::steady_clock::now() - before;
  EXPECT_GE(took, 1s) << "it had its time";
  EXPECT_EQ(primary.count(), 1U);
}

TEST_F(Failover, ToAStrongerTierWhenATierIsDown) {
  scenario("all targets of the tier fail", "answered by the next stronger tier");
  start();
  primary.always(fails(500));
  backup.always(fails(503));
  strong.always(answers("from the strong"));
  const Got got = ask(true);
  expect_answer(got, "from the strong", "strong/large");
  EXPECT_EQ(history(got), (Lines{"primary/failed/server_error", "backup/failed/overloaded", "strong/answered/"}));
}

TEST_F(Failover, KeepsAwayForRetryAfter) {
  scenario("persistent 429 with Retry-After: 30, twenty requests",
           "one attempt on the limited target, all answered elsewhere: no tight loop");
  start();
  primary.always(fails(429, "rate_limit_exceeded", "Retry-After: 30\r\n"));
  backup.always(answers("from the backup"));
  for (int i = 0; i < 20; ++i) expect_answer(ask(i % 2 == 0), "from the backup", "backup/small");
  EXPECT_EQ(primary.count(), 1U);
}

TEST_F(Failover, WaitsForRetryAfterWhereThereIsNoOther) {
  scenario("429 with Retry-After: 1 from the only target", "waited for, then answered by it: two attempts");
  start();
  primary.then(fails(429, "rate_limit_exceeded", "Retry-After: 1\r\n"));
  primary.always(answers("after the pause"));
  const auto before = std::chrono::steady_clock::now();
  expect_answer(ask(false, "primary/small"), "after the pause", "primary/small");
  EXPECT_GE(std::chrono::steady_clock::now() - before, 1s);
  EXPECT_EQ(primary.count(), 2U);
}

TEST_F(Failover, PassesALongRetryAfterOn) {
  scenario("429 with Retry-After: 3600 from the only target",
           "the 429 and its Retry-After go to the client; later requests are told the same without asking");
  start();
  primary.always(fails(429, "rate_limit_exceeded", "Retry-After: 3600\r\n"));
  const Got first = ask(false, "primary/small");
  EXPECT_EQ(first.status, 429);
  EXPECT_EQ(first.retry_after, "3600");
  const Got second = ask(false, "primary/small");
  EXPECT_EQ(second.status, 429);
  EXPECT_NE(second.retry_after, "");
  EXPECT_EQ(primary.count(), 1U);
}

TEST_F(Failover, OfAPromptThatIsTooLongGoesToALargerWindowOnly) {
  scenario("context_length_exceeded", "the next target whose window is larger; never one of the same size");
  start([](DaemonSetup& setup) {
    setup.tiers = {
        "{name: light, targets: [{target: primary/small, context_window: 8k}, {target: backup/small, context_window: "
        "8k}]}",
        "{name: strong, targets: [{target: strong/large, context_window: 128k}]}"};
  });
  primary.always(fails(400, "context_length_exceeded"));
  backup.always(answers("never asked"));
  strong.always(answers("fits"));
  expect_answer(ask(false), "fits", "strong/large");
  EXPECT_EQ(backup.count(), 0U);
}

TEST_F(Failover, DoesNotRepeatTheClientsMistake) {
  scenario("400 invalid request", "passed on as it came; nobody else is asked");
  start();
  primary.always(fails(400, "invalid_value"));
  const Got got = ask(false);
  EXPECT_EQ(got.status, 400);
  EXPECT_EQ(got.error, "invalid_value");
  EXPECT_EQ(backup.count() + strong.count(), 0U);
}

TEST_F(Failover, DoesNotShopForAnotherContentFilter) {
  scenario("content filter refuses the prompt", "passed on as it came; nobody else is asked");
  start();
  primary.always(fails(400, "content_filter"));
  const Got got = ask(true);
  EXPECT_EQ(got.status, 400);
  EXPECT_EQ(got.error, "content_filter");
  EXPECT_EQ(backup.count() + strong.count(), 0U);
}

TEST_F(Failover, NamesEveryCauseWhenAllHaveFailed) {
  scenario("every target fails, each in its own way", "one error with every attempt's cause");
  start();
  primary.always(sends_and_waits(""));
  backup.always(fails(500));
  strong.always([](Exchange& exchange) { exchange.reset(); });
  const Got got = ask(false);
  EXPECT_GE(got.status, 500);
  EXPECT_THAT(got.message, testing::HasSubstr("primary/small: head_timeout"));
  EXPECT_THAT(got.message, testing::HasSubstr("backup/small: server_error (500)"));
  EXPECT_THAT(got.message, testing::HasSubstr("strong/large: reset"));
}

TEST_F(Failover, OfAnIdleConnectionThatWasClosedIsNoAttempt) {
  scenario("a kept-alive connection that the provider has closed", "sent again on a fresh one, unseen, one row");
  start();
  primary.always(answers("first"));
  expect_answer(ask(false), "first", "primary/small");
  primary.then([](Exchange& exchange) { exchange.reset(); });  // on the connection that was kept
  primary.then(answers("second"));
  const Got got = ask(false);
  expect_answer(got, "second", "primary/small");
  EXPECT_EQ(history(got), (Lines{"primary/answered/"}));
}

TEST_F(Failover, IsNotHurriedWhereAFirstTokenIsLateButInTime) {
  scenario("first token after half of its clock", "waited for: answered by the first target, one attempt");
  start([this](DaemonSetup& setup) {
    setup.providers[0] = provider("primary", primary.port(), "clocks: {head: 2s, first_content: 2s, idle: 2s}");
  });
  primary.always([](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(role_chunk());
    Signal().wait_for(1s);
    exchange.event(text_chunk("at last"));
    exchange.event(finish_chunk());
    exchange.end_stream();
  });
  expect_answer(ask(true), "at last", "primary/small");
  EXPECT_EQ(primary.count(), 1U);
  EXPECT_EQ(backup.count() + strong.count(), 0U);
}

TEST_F(Failover, BillsTheModelThatAnswered) {
  scenario("accounting under failover: three targets, two of them fail in different ways",
           "the model that is named and the one that is billed are the one that answered; what broke is estimated");
  start();
  primary.always(fails(500));
  backup.always(sends(json_head + "Content-Length: 300\r\n\r\n{\"choices\":[]}"));
  strong.always(answers("from the strong", {1000, 100}));
  const Got got = ask(false);
  expect_answer(got, "from the strong", "strong/large");
  const std::vector<LedgerRow> rows = daemon->ledger().of(got.id);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].cost, 0) << "an error is not billed";
  EXPECT_EQ(rows[1].certainty, "estimated") << "it may have been";
  EXPECT_EQ(rows[2].model, "large");
  EXPECT_EQ(rows[2].certainty, "exact");
  EXPECT_EQ(rows[2].cost, 1000 * 10'000 + 100 * 20'000);
  EXPECT_TRUE(rows[2].settled);
  EXPECT_FALSE(rows[0].settled || rows[1].settled);
}

}  // namespace
}  // namespace triaged::test
