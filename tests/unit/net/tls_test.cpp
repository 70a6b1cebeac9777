#include "unit/net/certificates.hpp"
#include "unit/net/loop.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <array>
#include <cstdlib>

namespace triaged::net::test {
namespace {

using asio::error::timed_out;
using Probe = Stream::Probe;
using testing::HasSubstr;

constexpr const char* host = "model.test";

struct Tls : testing::Test {
  // The trust store of this machine plays no part here, and takes long to read.
  static void SetUpTestSuite() { setenv("SSL_CERT_FILE", "/dev/null", 1); }
  static void TearDownTestSuite() { unsetenv("SSL_CERT_FILE"); }

  Loop loop;
  Certificate made = make_certificate("DNS:model.test,DNS:*.wild.test,IP:127.0.0.1,IP:::1");
  File certificate{"certificate.pem", made.certificate};
  File key{"key.pem", made.key};
  SslContext server_context = *make_server_context(certificate.path(), key.path());
  SslContext client_context = *make_client_context(true, certificate.path());
  Connection connection{loop};
  Stream& client = *connection.near;
  Stream& server = *connection.far;

  struct Outcome {
    error_code client;
    error_code server;
  };
  Task<void> client_side(Stream& stream, std::string name, SSL_SESSION* session, error_code& out) {
    out = co_await stream.handshake_client(client_context.get(), name, session);
    if (out) stream.close();
  }
  Task<void> server_side(Stream& stream, error_code& out) {
    out = co_await stream.handshake_server(server_context.get());
  }
  Outcome handshake(Connection& between, const std::string& name, SSL_SESSION* session = nullptr) {
    Outcome outcome;
    loop.spawn(client_side(*between.near, name, session, outcome.client));
    loop.spawn(server_side(*between.far, outcome.server));
    loop.drain();
    return outcome;
  }
  void connect() {
    const Outcome outcome = handshake(connection, host);
    ASSERT_FALSE(outcome.client) << outcome.client.message();
    ASSERT_FALSE(outcome.server) << outcome.server.message();
    ASSERT_TRUE(client.encrypted());
    ASSERT_TRUE(server.encrypted());
  }
  Task<void> exchange(Stream& from, Stream& to, std::string text) {
    const IoResult sent = co_await from.write(bytes(text));
    EXPECT_FALSE(sent.error) << sent.error.message();
    EXPECT_EQ(co_await read_all(to, text.size()), text);
  }
};

TEST_F(Tls, CarriesBytesBothWays) {
  connect();
  loop.run(exchange(client, server, "question"));
  loop.run(exchange(server, client, "answer"));
}

TEST_F(Tls, CarriesMuchAtOnceInBothDirections) {
  connect();
  narrow(client, server);
  narrow(server, client);
  const std::string big = pattern(500'000);
  const std::array<asio::const_buffer, 4> buffers = {bytes("1f\r\n"), bytes("small"), bytes(big), bytes("\r\n")};
  const std::string whole = "1f\r\nsmall" + big + "\r\n";
  auto writing = [&](Stream& stream) -> Task<void> {
    const IoResult sent = co_await stream.write(buffers);
    EXPECT_FALSE(sent.error) << sent.error.message();
    EXPECT_EQ(sent.bytes, whole.size());
  };
  auto reading = [&](Stream& stream) -> Task<void> {
    const std::string got = co_await read_all(stream, whole.size());
    EXPECT_TRUE(got == whole);
  };
  loop.spawn(writing(client));
  loop.spawn(writing(server));
  loop.spawn(reading(client));
  loop.spawn(reading(server));
  loop.drain();
}

TEST_F(Tls, RefusesACertificateThatNobodyTrusts) {
  client_context = *make_client_context(true, "");
  const Outcome outcome = handshake(connection, host);
  EXPECT_THAT(outcome.client.message(), HasSubstr("certificate verify failed: self"));
  EXPECT_TRUE(outcome.server);
  EXPECT_FALSE(client.encrypted());
}

TEST_F(Tls, RefusesACertificateOfAnotherHost) {
  const Outcome outcome = handshake(connection, "other.test");
  EXPECT_THAT(outcome.client.message(), HasSubstr("certificate verify failed: hostname mismatch"));
}

TEST_F(Tls, ChecksAddressesAndWildcards) {
  const struct {
    const char* name;
    bool accepted;
  } cases[] = {{"127.0.0.1", true},      {"::1", true},         {"[::1]", true},
               {"127.0.0.2", false},     {"model.test.", true}, {"a.wild.test", true},
               {"a.b.wild.test", false}, {"MODEL.test", true},  {"", false}};
  for (const auto& one : cases) {
    Connection fresh(loop);
    const Outcome outcome = handshake(fresh, one.name);
    EXPECT_EQ(!outcome.client, one.accepted) << one.name << ": " << outcome.client.message();
  }
}

TEST_F(Tls, ConnectsToAnyoneWhenVerificationIsOff) {
  client_context = *make_client_context(false, "");
  const Outcome outcome = handshake(connection, "other.test");
  EXPECT_FALSE(outcome.client) << outcome.client.message();
}

TEST_F(Tls, NegotiatesHttp11) {
  connect();
  SSL_CTX_set_alpn_protos(client_context.get(), reinterpret_cast<const unsigned char*>("\x02h2"), 3);
  Connection only_http2(loop);
  const Outcome refused = handshake(only_http2, host);
  EXPECT_TRUE(refused.client);
  EXPECT_TRUE(refused.server);
}

TEST_F(Tls, ResumesASession) {
  connect();
  EXPECT_EQ(client.take_session(), nullptr) << "TLS 1.3 tickets come after the handshake";
  loop.run(exchange(server, client, "answer"));
  const SslSession session = client.take_session();
  ASSERT_NE(session, nullptr);
  client.close();  // without ceremony: the session must stay good

  Connection second(loop);
  const Outcome outcome = handshake(second, host, session.get());

  ASSERT_FALSE(outcome.client) << outcome.client.message();
  EXPECT_EQ(SSL_CTX_sess_hits(server_context.get()), 1);
  loop.run(exchange(*second.near, *second.far, "question"));
  loop.run(exchange(*second.far, *second.near, "answer"));
}

TEST_F(Tls, HasNoSessionWithoutTls) { EXPECT_EQ(client.take_session(), nullptr); }

TEST_F(Tls, TellsAnOrderlyEndFromATruncation) {
  connect();
  auto orderly = [&]() -> Task<void> {
    co_await server.shutdown(soon(5s));
    std::array<char, 8> buffer;
    const IoResult result = co_await client.read_some(asio::buffer(buffer));
    EXPECT_EQ(result.error, asio::error::eof);
  };
  loop.run(orderly());

  Connection second(loop);
  handshake(second, host);
  auto truncated = [&]() -> Task<void> {
    second.far->close();
    co_await read_text(*second.near);  // session tickets or the end
    std::array<char, 8> buffer;
    const IoResult result = co_await second.near->read_some(asio::buffer(buffer));
    EXPECT_TRUE(result.error);
    EXPECT_NE(result.error, asio::error::eof);
  };
  loop.run(truncated());
}

TEST_F(Tls, SaysTruncatedWhenTheEndComesWithoutCloseNotify) {
  connect();
  loop.run(exchange(server, client, "half an answer"));
  auto body = [&]() -> Task<void> {
    server.socket().shutdown(Socket::shutdown_send);
    std::array<char, 8> buffer;
    const IoResult result = co_await client.read_some(asio::buffer(buffer));
    EXPECT_EQ(result.error, asio::ssl::error::stream_truncated);
  };
  loop.run(body());
}

TEST_F(Tls, ReadDeadlineLeavesTheConnectionUsable) {
  connect();
  auto body = [&]() -> Task<void> {
    std::array<char, 8> buffer;
    server.set_read_deadline(soon());
    const IoResult late = co_await server.read_some(asio::buffer(buffer));
    EXPECT_EQ(late.error, timed_out);
    server.set_read_deadline(soon(5s));
    co_await exchange(server, client, "408");
    co_await exchange(client, server, "again");
  };
  loop.run(body());
}

TEST_F(Tls, WriteDeadlineEndsTheWriteAndThoseAfterIt) {
  connect();
  narrow(server, client);
  const std::string big = pattern(4 << 20);
  auto body = [&]() -> Task<void> {
    server.set_write_deadline(soon());
    const IoResult late = co_await server.write(bytes(big));
    EXPECT_EQ(late.error, timed_out);
    server.set_write_deadline(Deadline());
    const IoResult after = co_await server.write(bytes("x"));
    EXPECT_TRUE(after.error) << "half a record is out";
    co_await server.shutdown(soon());
  };
  loop.run(body());
}

// Who answers before it has taken a whole request, and closes, resets the connection behind the answer.
TEST_F(Tls, WhatTheOtherSideSaidLastCanBeReadAfterAWriteToItFailed) {
  connect();
  auto scene = [&]() -> Task<void> {
    co_await client.write(bytes("a request that nobody reads"));
    co_await server.write(bytes("refused"));
    server.close();
    IoResult sent;
    while (!sent.error) sent = co_await client.write(bytes("more of it"));
    EXPECT_EQ(co_await read_all(client, 7), "refused");
    sent = co_await client.write(bytes("more of it"));
    EXPECT_TRUE(sent.error);
  };
  loop.run(scene());
}

TEST_F(Tls, HandshakeEndsAtTheSoonerDeadline) {
  for (const bool reading : {true, false}) {
    Connection silent(loop);
    (reading ? silent.far->set_read_deadline(soon()) : silent.far->set_write_deadline(soon()));
    error_code error;
    loop.run(server_side(*silent.far, error));
    EXPECT_EQ(error, timed_out);
  }
}

TEST_F(Tls, HandshakeSaysThatTheOtherSideSpeaksPlainHttp) {
  error_code error;
  auto plain = [&]() -> Task<void> { co_await client.write(bytes("GET / HTTP/1.1\r\n\r\n")); };
  loop.run(plain());
  loop.run(server_side(server, error));
  EXPECT_THAT(error.message(), HasSubstr("http request"));
}

TEST_F(Tls, HandshakeEndsWhenTheOtherSideLeaves) {
  client.close();
  error_code error;
  loop.run(server_side(server, error));
  EXPECT_TRUE(error);
}

TEST_F(Tls, ProbeLooksThroughRecords) {
  connect();
  loop.settle();
  EXPECT_EQ(client.probe(), Probe::nothing) << "session tickets are not data";
  EXPECT_EQ(server.probe(), Probe::nothing);

  auto sending = [&]() -> Task<void> { co_await server.write(bytes("data")); };
  loop.run(sending());
  EXPECT_EQ(client.probe(), Probe::data);
  EXPECT_EQ(client.probe(), Probe::data) << "looking takes nothing";
  auto reading = [&]() -> Task<void> { EXPECT_EQ(co_await read_text(client), "data"); };
  loop.run(reading());
  EXPECT_EQ(client.probe(), Probe::nothing);

  loop.run(server.shutdown(soon(5s)));
  EXPECT_EQ(client.probe(), Probe::closed);
}

TEST_F(Tls, WatchNoticesWhatIsBufferedAlready) {
  connect();
  int notices = 0;
  auto body = [&]() -> Task<void> {
    co_await server.write(bytes("first"));
    co_await server.write(bytes("second"));
    EXPECT_EQ(co_await read_text(client), "first");
  };
  loop.run(body());

  client.watch_readable([&] { ++notices; });
  loop.settle();

  EXPECT_EQ(notices, 1);
  EXPECT_EQ(client.probe(), Probe::data);
}

TEST_F(Tls, WatchComesBeforeTheReadThatFollowsIt) {
  connect();
  loop.run(exchange(server, client, "tickets come with this"));
  std::vector<std::string> order;
  client.watch_readable([&] { order.push_back("notice"); });
  auto body = [&]() -> Task<void> {
    co_await server.write(bytes("next"));
    order.push_back(co_await read_text(client));
  };
  loop.run(body());
  EXPECT_EQ(order, (std::vector<std::string>{"notice", "next"}));
}

TEST_F(Tls, WatchNoticesTheEnd) {
  connect();
  loop.run(exchange(client, server, "question"));
  int notices = 0;
  server.watch_readable([&] { ++notices; });
  loop.settle();
  EXPECT_EQ(notices, 0);

  client.close();
  loop.settle();

  EXPECT_EQ(notices, 1);
  EXPECT_EQ(server.probe(), Probe::closed);
}

TEST_F(Tls, ManyReadsInARowLetOthersHaveTheirTurn) {
  connect();
  const std::string much = pattern(200'000);
  bool turn = false;
  auto reading = [&]() -> Task<void> {
    co_await server.write(bytes(much));
    co_await pause(1ms);
    std::array<char, 64> buffer;
    asio::post(loop.context, [&turn] { turn = true; });
    int reads = 0;
    while (!turn && reads < 100) {
      co_await client.read_some(asio::buffer(buffer));
      ++reads;
    }
    EXPECT_LE(reads, 20);
  };
  loop.run(reading());
}

TEST_F(Tls, CloseDuringAReadIsSafe) {
  connect();
  auto reading = [&]() -> Task<void> {
    std::array<char, 8> buffer;
    const IoResult result = co_await client.read_some(asio::buffer(buffer));
    EXPECT_TRUE(result.error);
    const IoResult sent = co_await client.write(bytes("x"));
    EXPECT_TRUE(sent.error);
  };
  loop.spawn(reading());
  loop.settle();
  client.close();
  loop.drain();
}

}  // namespace
}  // namespace triaged::net::test
