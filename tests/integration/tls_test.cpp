// TLS on both sides of the daemon: certificates that are right, certificates that are not, and ends without a goodbye.
#include "triaged/net/tls_context.hpp"

#include "support/two_tiers.hpp"
#include "unit/net/certificates.hpp"

#include <csignal>
#include <string>
#include <vector>

namespace triaged::test {
namespace {

// A certificate, its files, and contexts for those who have it and those who trust it.
struct Identity {
  explicit Identity(const std::string& names) : made(net::test::make_certificate(names)) {}
  net::test::Certificate made;
  Folder folder;
  std::string certificate = folder.write("certificate.pem", made.certificate);
  std::string key = folder.write("key.pem", made.key);
  net::SslContext server = *net::make_server_context(certificate, key);
  net::SslContext client = *net::make_client_context(true, certificate);
};

class TlsListener : public testing::Test {
 protected:
  explicit TlsListener(std::string more = "") : more_of_server(std::move(more)) {}
  Socket connect() {
    Socket socket = Socket::connect(site.daemon.api());
    socket.secure_as_client(identity.client.get(), "gateway.test");
    return socket;
  }
  Identity identity{"DNS:gateway.test"};
  std::string more_of_server;
  TwoTiers site{"", [this](DaemonSetup& setup) {
                  setup.server =
                      more_of_server + "tls: {certificate: " + identity.certificate + ", key: " + identity.key + "}";
                }};
};

class ImpatientTlsListener : public TlsListener {
 protected:
  ImpatientTlsListener() : TlsListener("clocks: {head: 300ms}, ") {}
};

TEST_F(TlsListener, ServesAsThePlainOneDoes) {
  site.low.always(answers("an answer in several pieces"));
  Client client(connect());

  const Response whole = client.ask(chat("auto"));
  client.send(streamed_chat("auto"));
  client.begin();
  const std::vector<std::string> events = client.rest();
  const Response big = client.ask(post(chat_path, chat_request("low/small", std::string(1'000'000, 'a'))));

  EXPECT_EQ(text_of(whole.body), "an answer in several pieces");
  EXPECT_EQ(text_of(events), "an answer in several pieces");
  EXPECT_TRUE(client.whole());
  EXPECT_EQ(big.status, 200);
}

TEST_F(TlsListener, ClosesWhoSpeaksNoTlsAndServesTheNext) {
  site.low.always(answers("hi"));
  Client plain = site.client();
  plain.send(chat("auto"));

  const Received answer = plain.socket().receive();

  EXPECT_EQ(answer.bytes.find("HTTP/"), std::string::npos);
  EXPECT_EQ(Client(connect()).ask(chat("auto")).status, 200);
}

TEST_F(ImpatientTlsListener, DoesNotWaitForAHandshakeThatNeverEnds) {
  Client silent = site.client();
  Client half = site.client();
  half.send(std::string("\x16\x03\x01\x02\x00\x01", 6));

  EXPECT_TRUE(silent.at_end());
  EXPECT_TRUE(half.at_end());
}

TEST_F(TlsListener, NoticesAClientThatLeaves) {
  for (const bool says_goodbye : {true, false}) {
    SCOPED_TRACE(says_goodbye);
    Signal asked;
    Signal cancelled;
    site.low.then([&](Exchange& exchange) {
      asked.set();
      exchange.wait_until_left();
      cancelled.set();
    });
    Socket socket = connect();
    socket.send(streamed_chat("auto"));
    asked.wait();

    if (says_goodbye)
      socket.close();
    else
      socket.reset();

    cancelled.wait();
    EXPECT_EQ(site.daemon.ledger().settled(says_goodbye ? 1 : 2).back().outcome, "cancelled");
  }
}

TEST_F(TlsListener, DrainsWithoutCuttingARequest) {
  Signal asked;
  Signal go_on;
  site.low.then(held("worth the wait", asked, go_on));
  Client client(connect());
  client.send(streamed_chat("auto"));
  asked.wait();

  site.daemon.signal(SIGTERM);
  ASSERT_TRUE(eventually([&] { return site.ask_admin(get("/readyz")).status == 503; }));
  go_on.set();
  client.begin();

  EXPECT_EQ(text_of(client.rest()), "worth the wait");
  EXPECT_TRUE(client.whole());
  EXPECT_EQ(site.daemon.wait().code, 0);
}

// `low` is behind TLS, `high` is not.
struct TlsSite {
  explicit TlsSite(const std::string& of_tls) : daemon(setup(of_tls)) {}
  DaemonSetup setup(const std::string& of_tls) const {
    DaemonSetup setup;
    setup.providers = {"low: {base_url: \"https://127.0.0.1:" + std::to_string(low.port()) + "/v1\", tls: {" + of_tls +
                           "}, api_key: sk-of-low}",
                       provider("high", high.port())};
    setup.tiers = {"{name: light, targets: [low/small]}", "{name: strong, targets: [high/large]}"};
    setup.routing = R"(confidence: 0, table: [{complexity: "<0.35", tier: light}])";
    return setup;
  }
  static Identity& identity() {
    static Identity made("DNS:model.test,IP:127.0.0.1");
    return made;
  }
  Response ask(std::string_view request) const { return test::ask(daemon.api(), request); }

  Upstream low{identity().server.get()};
  Upstream high;
  Daemon daemon;
};

std::string trusted() { return "ca: " + TlsSite::identity().certificate; }

TEST(TlsUpstream, WithATrustedCertificateIsUsedAndItsConnectionKept) {
  TlsSite site(trusted());
  site.low.always(answers("from behind TLS"));

  EXPECT_EQ(text_of(site.ask(chat("auto")).body), "from behind TLS");
  EXPECT_EQ(site.ask(streamed_chat("auto")).status, 200);
  // The client has a stream's end before the rest of the upstream's message has been read.
  const auto is_idle = [&site] {
    const std::string metrics = test::ask(site.daemon.admin(), get("/metrics")).body;
    return metrics.find(R"(triaged_upstream_connections{provider="low",state="idle"} 1)") != std::string::npos;
  };
  ASSERT_TRUE(eventually(is_idle));
  EXPECT_EQ(site.ask(post(chat_path, chat_request("low/small", std::string(1'000'000, 'a')))).status, 200);

  EXPECT_EQ(site.low.connections(), 1U);
  EXPECT_EQ(site.low.last().on_connection, 2U);
}

TEST(TlsUpstream, ThatSendsSessionTicketsToAnIdleConnectionKeepsIt) {
  TlsSite site(trusted());
  Signal sent;
  site.low.then([&sent](Exchange& exchange) {
    answers("hi")(exchange);
    exchange.send_session_tickets();
    sent.set();
  });
  site.low.always(answers("again"));
  ASSERT_EQ(site.ask(chat("low/small")).status, 200);
  sent.wait();
  // One worker: when it has answered this it has seen the ticket.
  ASSERT_EQ(site.ask(get("/v1/models")).status, 200);

  const Response again = site.ask(chat("low/small"));

  EXPECT_EQ(text_of(again.body), "again");
  EXPECT_EQ(site.low.connections(), 1U);
}

TEST(TlsUpstream, ThatEndsAnIdleConnectionIsConnectedToAgain) {
  TlsSite site(trusted());
  site.low.always(answers("hi"));
  ASSERT_EQ(site.ask(chat("low/small")).status, 200);
  site.low.close_idle();

  const Response again = site.ask(chat("low/small"));

  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.header("x-triaged-attempts"), "1");
}

struct Untrusted {
  const char* name;
  std::string of_tls;
};

class RefusedCertificate : public testing::TestWithParam<Untrusted> {};

TEST_P(RefusedCertificate, GetsNoRequestAndTheNextTierAnswers) {
  TlsSite site(GetParam().of_tls);
  site.low.always(answers("from whom?"));
  site.high.always(answers("large says"));

  const Response answer = site.ask(chat("auto"));
  const Response pinned = site.ask(chat("low/small"));

  EXPECT_EQ(text_of(answer.body), "large says");
  const std::vector<LedgerRow> rows = site.daemon.ledger().of(answer.header("x-triaged-id"));
  EXPECT_EQ(rows[0].error, "tls");
  EXPECT_EQ(rows[0].cost, 0);
  EXPECT_EQ(pinned.status, 502);
  EXPECT_EQ(pinned.error()["code"], "tls");
  EXPECT_EQ(site.low.count(), 0U);
}

INSTANTIATE_TEST_SUITE_P(All, RefusedCertificate,
                         testing::Values(Untrusted{"of_another_name", trusted() + ", server_name: other.test"},
                                         Untrusted{"of_nobody_known", "verify: true"}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(TlsUpstream, IsNotCheckedWhereThatIsSwitchedOff) {
  TlsSite site("verify: false");
  site.low.always(answers("whoever this is"));

  EXPECT_EQ(text_of(site.ask(chat("low/small")).body), "whoever this is");
}

TEST(TlsUpstream, ThatSpeaksNoTlsIsAFailureToConnect) {
  const Acceptor plain;
  TwoTiers site("", [&plain](DaemonSetup& setup) {
    setup.providers[0] = "low: {base_url: \"https://127.0.0.1:" + std::to_string(plain.port()) + "/v1\"}";
  });
  site.high.always(answers("large says"));
  Client client = site.client();
  client.send(chat("auto"));
  Socket from_daemon = plain.accept();
  from_daemon.send("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");

  const Response answer = client.read();

  EXPECT_EQ(answer.header("x-triaged-model"), "high/large");
  EXPECT_EQ(site.daemon.ledger().of(answer.header("x-triaged-id"))[0].error, "tls");
}

TEST(TlsUpstream, ThatEndsWithoutAGoodbyeHasNotAnswered) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";
  TlsSite site(trusted());
  site.low.then([&head](Exchange& exchange) {
    exchange.send(head + answer_body("said to the end"));
    exchange.close();
  });
  site.low.then([&head](Exchange& exchange) {
    exchange.send(head + answer_body("maybe cut"));
    exchange.cut();
  });
  site.high.always(answers("large says"));

  EXPECT_EQ(text_of(site.ask(chat("auto")).body), "said to the end");
  EXPECT_EQ(text_of(site.ask(chat("auto")).body), "large says") << "nobody knows whether that was all";
}

}  // namespace
}  // namespace triaged::test
