// Endpoints that are handed to one provider unread: bytes arrive as they were sent, both ways, and nothing of what is
// between client and gateway crosses.
#include "triaged/wire/compression.hpp"

#include "support/two_tiers.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

namespace triaged::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// All bytes there are, in an order that no text has.
std::string binary(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>((i * 131 + i / 251) & 255U);
  return bytes;
}

std::string multipart(const std::string& file) {
  return "--b0\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b0\r\nContent-Disposition: "
         "form-data; "
         "name=\"file\"; filename=\"a.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n" +
         file + "\r\n--b0--\r\n";
}

std::string request(std::string_view method, std::string_view target, std::string_view fields = {},
                    std::string_view body = {}) {
  std::string out;
  out.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: gateway\r\n").append(fields);
  if (!body.empty()) out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return out.append("\r\n").append(body);
}

constexpr std::string_view multipart_type = "Content-Type: multipart/form-data; boundary=b0\r\n";

Script gives(int status, std::string_view body, std::string_view fields = {}) {
  return [status, body = std::string(body), fields = std::string(fields)](Exchange& exchange) {
    exchange.answer(status, body, fields);
  };
}

class Passthrough : public SharedSite<Passthrough> {
 public:
  static std::unique_ptr<TwoTiers> make_site() {
    return std::make_unique<TwoTiers>("", [](DaemonSetup& setup) {
      setup.providers.push_back("claude: {dialect: anthropic, base_url: \"http://127.0.0.1:1\", api_key: k}");
      setup.tiers[1] = "{name: strong, targets: [high/large, claude/c]}";
      setup.server = "limits: {body: 64KiB}";
      setup.more = "passthrough: {provider: low, moderations: high, images: none, body: 1MiB, by_request: true}";
    });
  }
};

TEST_F(Passthrough, AMultipartUploadArrivesByteForByte) {
  for (const std::size_t size : {std::size_t(300), std::size_t(700'000)}) {
    low().then(gives(200, R"({"id":"file-1","object":"file"})"));
    const std::string body = multipart(binary(size));

    const Response answer = ask(request("POST", "/v1/files?x=1&y=%2F", multipart_type, body));

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"id":"file-1","object":"file"})");
    EXPECT_TRUE(answer.keep_alive);
    const SeenRequest seen = low().last();
    EXPECT_EQ(seen.method, "POST");
    EXPECT_EQ(seen.target, "/v1/files?x=1&y=%2F");
    EXPECT_EQ(seen.header("content-type"), "multipart/form-data; boundary=b0");
    EXPECT_EQ(seen.header("content-length"), std::to_string(body.size()));
    EXPECT_TRUE(seen.body == body) << size;
  }
}

TEST_F(Passthrough, AChunkedUploadStaysChunked) {
  low().then(gives(200, "{}"));
  const std::string body = multipart(binary(100'000));
  std::string chunked =
      request("POST", "/v1/audio/transcriptions", std::string(multipart_type) + "Transfer-Encoding: chunked\r\n");
  for (std::size_t at = 0; at < body.size(); at += 7001) {
    const std::string piece = body.substr(at, 7001);
    std::array<char, 16> size{};
    std::snprintf(size.data(), size.size(), "%zx\r\n", piece.size());
    chunked.append(size.data()).append(piece).append("\r\n");
  }

  const Response answer = ask(chunked + "0\r\n\r\n");

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(low().last().header("transfer-encoding"), "chunked");
  EXPECT_EQ(low().last().header("content-length"), "");
  EXPECT_TRUE(low().last().body == body);
}

TEST_F(Passthrough, ABinaryAnswerArrivesByteForByte) {
  const std::string audio = binary(900'000);
  low().always([&](Exchange& exchange) {
    const bool sized = exchange.request().target.find("?sized") != std::string::npos;
    exchange.send("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n");
    if (sized) exchange.send("Content-Length: " + std::to_string(audio.size()) + "\r\n");
    exchange.send("\r\n");
    exchange.send(audio);
    if (!sized) exchange.close();
  });
  for (const std::string_view query : {"?sized", "?unsized"}) {
    const Response answer = ask(post("/v1/audio/speech" + std::string(query), R"({"input":"a"})"));

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("content-type"), "audio/mpeg");
    EXPECT_EQ(answer.header("content-length"), query == "?sized" ? std::to_string(audio.size()) : "");
    EXPECT_TRUE(answer.whole);
    EXPECT_TRUE(answer.body == audio) << query;
  }
}

TEST_F(Passthrough, APackedAnswerStaysPackedForWhoeverAskedForThat) {
  std::string packed;
  wire::Compressor(wire::Coding::gzip).put(std::string(5000, 'a'), packed, true);
  low().then(gives(200, packed, "Content-Encoding: gzip\r\n"));

  const Response answer = ask(request("GET", "/v1/files/f-1/content", "Accept-Encoding: gzip\r\n"));

  EXPECT_EQ(low().last().header("accept-encoding"), "gzip");
  EXPECT_EQ(answer.header("content-encoding"), "gzip");
  EXPECT_TRUE(answer.body == packed);
}

TEST_F(Passthrough, EventsOfAStreamArriveAsTheyCome) {
  Signal seen;
  low().then([&](Exchange& exchange) {
    exchange.begin_stream();
    exchange.event(R"({"type":"transcript.text.delta","delta":"a"})");
    seen.wait();
    exchange.event(R"({"type":"transcript.text.done"})");
    exchange.send("0\r\n\r\n");
  });
  Client client = site().client();
  client.send(request("POST", "/v1/audio/transcriptions", multipart_type, multipart(binary(5000))));

  EXPECT_EQ(client.begin().status, 200);
  EXPECT_EQ(client.next_event(), R"({"type":"transcript.text.delta","delta":"a"})");
  seen.set();
  EXPECT_EQ(client.next_event(), R"({"type":"transcript.text.done"})");
  EXPECT_FALSE(client.next_event().has_value());
  EXPECT_TRUE(client.whole());
}

TEST_F(Passthrough, TheHeadOfAnAnswerDoesNotWaitForItsBody) {
  Signal seen;
  low().then([&](Exchange& exchange) {
    exchange.begin_stream();
    seen.wait();
    exchange.send("0\r\n\r\n");
  });
  Client client = site().client();
  client.send(post("/v1/audio/speech", "{}"));

  EXPECT_EQ(client.begin().status, 200);
  seen.set();
  EXPECT_FALSE(client.next_event().has_value());
}

TEST_F(Passthrough, WhatHasNoBodyGetsThereToo) {
  low().then(gives(200, R"({"data":[]})"));
  low().then(gives(200, R"({"deleted":true})"));
  low().then([](Exchange& exchange) { exchange.send("HTTP/1.1 204 No Content\r\n\r\n"); });
  low().then(gives(200, R"({"status":"cancelling"})"));
  Client client = site().client();

  const Response list = client.ask(get("/v1/files?limit=2&after=file-1"));
  const Response deleted = client.ask(request("DELETE", "/v1/files/file-1"));
  const Response content = client.ask(get("/files/file-1/content"));
  const Response cancelled = client.ask(request("POST", "/v1/batches/batch_1/cancel"));

  EXPECT_EQ(list.body, R"({"data":[]})");
  EXPECT_EQ(deleted.body, R"({"deleted":true})");
  EXPECT_EQ(content.status, 204);
  EXPECT_TRUE(content.whole);
  EXPECT_EQ(cancelled.status, 200);
  const std::vector<SeenRequest> seen = low().seen();
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_EQ(seen[0].target, "/v1/files?limit=2&after=file-1");
  EXPECT_EQ(seen[1].method, "DELETE");
  EXPECT_EQ(seen[1].header("content-length"), "");
  EXPECT_EQ(seen[2].target, "/v1/files/file-1/content");
  EXPECT_EQ(seen[3].header("content-length"), "0");
  EXPECT_EQ(seen[3].connection, seen[0].connection) << "the connection is kept";
}

TEST_F(Passthrough, NothingBetweenTheClientAndUsReachesTheProvider) {
  low().then(gives(200, "{}",
                   "Set-Cookie: session\r\nOpenAI-Organization: org\r\nx-triaged-id: forged\r\nx-request-id: theirs\r\n"
                   "Connection: keep-alive, x-hop\r\nx-hop: 1\r\n"));

  const Response answer =
      ask(request("POST", "/v1/files",
                  "Authorization: Bearer secret\r\nx-api-key: secret\r\nCookie: secret\r\nx-triaged-explain: secret\r\n"
                  "OpenAI-Organization: secret\r\nConnection: keep-alive, x-mine\r\nx-mine: secret\r\nTE: secret\r\n"
                  "OpenAI-Beta: assistants=v2\r\nIdempotency-Key: i1\r\nAccept: a/b\r\nX-Triaged-Provider: low\r\n"
                  "Content-Type: text/x\r\n",
                  "body"));

  const SeenRequest seen = low().last();
  EXPECT_EQ(seen.header("authorization"), "Bearer sk-of-low");
  EXPECT_EQ(seen.header("openai-beta"), "assistants=v2");
  EXPECT_EQ(seen.header("idempotency-key"), "i1");
  EXPECT_EQ(seen.header("accept"), "a/b");
  EXPECT_EQ(seen.header("content-type"), "text/x");
  for (const auto& [name, value] : seen.headers) {
    EXPECT_THAT(value, Not(HasSubstr("secret"))) << name;
    EXPECT_THAT(name, Not(testing::StartsWith("x-triaged"))) << name;
  }
  EXPECT_EQ(answer.header("x-request-id"), "theirs");
  EXPECT_EQ(answer.header("x-triaged-provider"), "low");
  EXPECT_NE(answer.header("x-triaged-id"), "forged");
  for (const std::string_view name : {"set-cookie", "openai-organization", "x-hop"}) {
    EXPECT_FALSE(answer.has_header(name)) << name;
  }
}

TEST_F(Passthrough, TheProviderIsTheEndpointsOrTheRequests) {
  low().always(gives(200, "{}"));
  high().always(gives(200, "{}"));

  EXPECT_EQ(ask(post("/v1/moderations", "{}")).header("x-triaged-provider"), "high");
  EXPECT_EQ(ask(post("/v1/moderations", "{}", "x-triaged-provider: low\r\n")).header("x-triaged-provider"), "low");
  EXPECT_EQ(ask(post("/v1/batches", "{}")).header("x-triaged-provider"), "low");
  EXPECT_EQ(ask(get("/v1/batches", "x-triaged-provider: high\r\n")).header("x-triaged-provider"), "high");
  EXPECT_EQ(high().last().header("authorization"), "Bearer sk-of-high");
}

TEST_F(Passthrough, ProvidersThatCannotServeAreRefused) {
  for (const std::string name : {"claude", "nobody"}) {
    const Response answer = ask(get("/v1/files", "x-triaged-provider: " + name + "\r\n"));
    EXPECT_EQ(answer.status, 400) << name;
    EXPECT_EQ(answer.error().at("code"), "invalid_provider");
    EXPECT_EQ(answer.error().at("param"), "x-triaged-provider");
  }
  EXPECT_EQ(ask(post("/v1/images/generations", "{}")).status, 404) << "closed by the configuration";
}

TEST_F(Passthrough, OtherMethodsAndPathsAreRefused) {
  const Response put = ask(request("PUT", "/v1/files", "", "x"));
  EXPECT_EQ(put.status, 405);
  EXPECT_EQ(put.header("allow"), "GET, POST");
  EXPECT_EQ(put.error().at("code"), "method_not_allowed");
  EXPECT_EQ(ask(request("DELETE", "/v1/batches/b")).header("allow"), "GET");
  for (const std::string_view path : {"/v1/files/..", "/v1/files/%2e%2e", "/v1/files/a/b", "/v1/files/"}) {
    EXPECT_EQ(ask(get(path)).status, 404) << path;
  }
  EXPECT_EQ(low().count(), 0U);
}

TEST_F(Passthrough, TheProvidersRefusalIsRelayedAsItCame) {
  const std::string body = R"({"error":{"message":"no such file","odd":1.50}})";
  low().then(gives(404, body, "x-should-retry: false\r\n"));

  const Response answer = ask(get("/v1/files/file-9"));

  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.body, body);
  EXPECT_EQ(answer.header("x-should-retry"), "false");
  const auto rows = site().daemon.ledger().of(answer.header("x-triaged-id"));
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].outcome, "failed");
  EXPECT_EQ(rows[0].upstream_status, 404);
  EXPECT_EQ(rows[0].status, 404);
  EXPECT_TRUE(rows[0].complete);
}

TEST_F(Passthrough, IsBookedWithACostThatIsUnknownUnlessThereIsNone) {
  low().always(gives(200, "{}"));

  const Response made = ask(post("/v1/audio/speech", R"({"model":"tts"})"));
  const Response listed = ask(get("/v1/files"));

  const auto paid = site().daemon.ledger().of(made.header("x-triaged-id"));
  ASSERT_EQ(paid.size(), 1U);
  EXPECT_EQ(paid[0].provider, "low");
  EXPECT_EQ(paid[0].model, "audio_speech");
  EXPECT_EQ(paid[0].tier, "passthrough");
  EXPECT_EQ(paid[0].outcome, "answered");
  EXPECT_EQ(paid[0].certainty, "unknown");
  EXPECT_FALSE(paid[0].cost.has_value());
  EXPECT_TRUE(paid[0].complete);
  EXPECT_EQ(site().daemon.ledger().of(listed.header("x-triaged-id")).at(0).cost, 0);

  const std::string metrics = site().ask_admin(get("/metrics")).body;
  EXPECT_THAT(metrics,
              HasSubstr(R"(triaged_requests_total{endpoint="audio_speech",tier="passthrough",task="passthrough")"));
  EXPECT_THAT(metrics, HasSubstr(R"(triaged_attempts_total{provider="low",model="audio_speech",tier="passthrough")"));
  EXPECT_THAT(metrics, HasSubstr(R"(triaged_cost_unknown_total{provider="low",model="audio_speech"})"));
  ASSERT_TRUE(
      eventually([&] { return site().daemon.access_log().find(made.header("x-triaged-id")) != std::string::npos; }));
  EXPECT_THAT(site().daemon.access_log(), HasSubstr(R"("task":"passthrough","provider":"low")"));
}

TEST_F(Passthrough, AProviderThatIsNotThereIs502) {
  low().stop();

  const Response answer = ask(post("/v1/audio/speech", "{}"));
  const Response upload = ask(request("POST", "/v1/files", multipart_type, multipart(binary(200'000))));
  low().start();

  for (const Response& each : {answer, upload}) {
    EXPECT_EQ(each.status, 502);
    EXPECT_THAT(each.error().at("message").get<std::string>(), HasSubstr("cannot connect to provider low"));
  }
  const auto rows = site().daemon.ledger().of(answer.header("x-triaged-id"));
  EXPECT_EQ(rows.size(), 2U) << "nothing was sent: it was tried once more";
  EXPECT_EQ(rows.back().cost, 0);
}

TEST_F(Passthrough, AKeptConnectionThatWasClosedIsReplacedForSmallBodies) {
  low().then(gives(200, "{}"));
  low().then([](Exchange& exchange) { exchange.close(); });
  low().then(gives(200, R"({"second":true})"));
  ASSERT_EQ(ask(get("/v1/files")).status, 200);

  const Response answer = ask(post("/v1/audio/speech", R"({"input":"a"})"));

  EXPECT_EQ(answer.body, R"({"second":true})");
  EXPECT_EQ(low().last().body, R"({"input":"a"})");
  EXPECT_EQ(site().daemon.ledger().of(answer.header("x-triaged-id")).size(), 1U);
}

TEST_F(Passthrough, ALargeBodyGoesOverAConnectionOfItsOwn) {
  low().always(gives(200, "{}"));
  ASSERT_EQ(ask(get("/v1/files")).status, 200);

  ASSERT_EQ(ask(request("POST", "/v1/files", multipart_type, multipart(binary(100'000)))).status, 200);

  EXPECT_NE(low().seen()[1].connection, low().seen()[0].connection);
}

TEST_F(Passthrough, OnlyAGetIsTriedAgainWhenTheConnectionIsLost) {
  low().always(gives(200, R"({"second":true})"));
  const auto loses = [](Exchange& exchange) { exchange.reset(); };
  low().close_idle();
  low().then(loses);
  EXPECT_EQ(ask(get("/v1/files")).body, R"({"second":true})");

  low().then(gives(200, "{}"));
  low().then(loses);
  ASSERT_EQ(ask(get("/v1/files")).status, 200);
  const Response lost = ask(request("POST", "/v1/files", multipart_type, multipart(binary(100'000))));

  EXPECT_EQ(lost.status, 502);
  EXPECT_EQ(lost.error().at("code"), "reset");
}

TEST_F(Passthrough, AnAnswerThatBreaksIsNeverWhole) {
  low().always([](Exchange& exchange) {
    exchange.send("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 100\r\n\r\nbeginning");
    exchange.close();
  });
  const std::string old = "POST /v1/audio/speech HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}";
  for (const std::string& each : {post("/v1/audio/speech", "{}"), old}) {
    Client client = site().client();
    client.send(each);
    const Response answer = client.read();
    EXPECT_FALSE(answer.whole);
    EXPECT_FALSE(answer.keep_alive);
  }
}

TEST_F(Passthrough, ABodyOverItsOwnLimitIsRefusedBeforeItIsRead) {
  Client client = site().client();
  client.send(request("POST", "/v1/files", "Content-Length: 1048577\r\n"));

  const Response declared = client.read();
  std::string chunked = request("POST", "/v1/files", "Transfer-Encoding: chunked\r\n");
  const Response found = ask(chunked + "fffff\r\n" + binary(0xfffff) + "\r\n2\r\nab\r\n0\r\n\r\n");

  for (const Response& each : {declared, found}) {
    EXPECT_EQ(each.status, 413);
    EXPECT_EQ(each.error().at("code"), "body_too_large");
    EXPECT_EQ(each.header("connection"), "close");
  }
  EXPECT_EQ(low().count(), 0U) << "no request of these was whole";
}

TEST_F(Passthrough, AClientThatExpectsToBeToldToGoOnIsTold) {
  low().always(gives(200, "{}"));
  const std::string body = multipart(binary(200'000));
  for (const std::string& part : {body, std::string("small")}) {
    Client client = site().client();
    client.send(request("POST", "/v1/files",
                        std::string(multipart_type) +
                            "Expect: 100-continue\r\nContent-Length: " + std::to_string(part.size()) + "\r\n"));
    ASSERT_EQ(client.socket().receive().bytes, "HTTP/1.1 100 Continue\r\n\r\n");
    client.send(part);
    EXPECT_EQ(client.read().status, 200);
    EXPECT_TRUE(low().last().body == part);
    EXPECT_EQ(low().last().header("expect"), "");
  }
  Client refused = site().client();
  refused.send(request("POST", "/v1/images/edits", "Expect: 100-continue\r\nContent-Length: 10\r\n"));
  EXPECT_EQ(refused.read().status, 404);
}

TEST_F(Passthrough, TheNextRequestOnTheConnectionFollows) {
  low().always(gives(200, "{}"));
  Client client = site().client();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.ask(request("POST", "/v1/files", multipart_type, multipart(binary(150'000)))).status, 200);
    EXPECT_EQ(client.ask(get("/v1/models")).status, 200);
  }
  client.send(get("/v1/files") + post("/v1/moderations", "{}", "x-triaged-provider: low\r\n") + get("/v1/models"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.read().status, 200);
}

TEST(PassthroughKeys, AClientWithoutAKeyIsRefusedBeforeItsBodyIsRead) {
  TwoTiers site("", [](DaemonSetup& setup) {
    setup.server = "api_keys: [the-gateways-key]";
    setup.more = "passthrough: {provider: low}";
  });
  site.low.always(gives(200, "{}"));
  Client client = site.client();
  client.send(request("POST", "/v1/files", "Content-Length: 1000000\r\n"));

  const Response refused = client.read();
  const Response allowed = site.ask(request("POST", "/v1/files", "Authorization: Bearer the-gateways-key\r\n", "body"));

  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.error().at("code"), "invalid_api_key");
  EXPECT_EQ(refused.header("connection"), "close");
  EXPECT_EQ(allowed.status, 200);
  EXPECT_EQ(site.low.count(), 1U);
  EXPECT_EQ(site.low.last().header("authorization"), "Bearer sk-of-low");
  EXPECT_NE(site.daemon.ledger().of(allowed.header("x-triaged-id")).at(0).key, "");
}

TEST(PassthroughUnconfigured, SaysWhatToConfigureAndHandsNothingToAProviderThatIsNamed) {
  TwoTiers site;
  site.high.always(gives(200, "{}"));

  const Response answer = site.ask(request("POST", "/v1/audio/transcriptions", multipart_type, multipart("a")));

  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.error().at("code"), "no_provider");
  EXPECT_THAT(answer.error().at("message").get<std::string>(), HasSubstr("passthrough.audio"));
  EXPECT_EQ(site.ask(get("/v1/files", "x-triaged-provider: high\r\n")).status, 400);
  EXPECT_EQ(site.high.count(), 0U);
}

}  // namespace
}  // namespace triaged::test
