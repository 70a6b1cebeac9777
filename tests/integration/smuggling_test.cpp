// Requests that two parties could read differently: each is refused or harmless, and the daemon serves on. The parser's
// own tests have every row of docs/http.md; here is what the daemon as a whole makes of the dangerous ones.
#include "support/two_tiers.hpp"

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::test {
namespace {

struct Row {
  const char* name;
  std::string bytes;
  int status;
  std::string code;
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// A chat request with these framing fields and this body, and behind it one that must never be taken for a request.
constexpr std::string_view smuggled =
    "POST /v1/chat/completions HTTP/1.1\r\nHost: smuggled\r\nContent-Length: 0\r\n\r\n";

std::string framed(std::string_view fields, std::string_view body) {
  return "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n" + std::string(body) +
         std::string(smuggled);
}

std::string with_length(std::string_view fields) {
  const std::string body = chat_request("low/small");
  return framed(std::string(fields) + "Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

std::string in_chunks(std::string_view after_data, std::string_view fields = "Transfer-Encoding: chunked\r\n",
                      std::string_view after_size = "\r\n") {
  const std::string body = chat_request("low/small");
  std::string size = "00";
  constexpr std::string_view digits = "0123456789abcdef";
  size[0] = digits[body.size() / 16];
  size[1] = digits[body.size() % 16];
  return framed(fields, size + std::string(after_size) + body + "\r\n" + std::string(after_data));
}

class Smuggling : public SharedSite<Smuggling>, public testing::WithParamInterface<Row> {
 public:
  static std::unique_ptr<TwoTiers> make_site() { return std::make_unique<TwoTiers>(); }
};

TEST_P(Smuggling, IsRefusedAndTheNextClientServed) {
  low().always(answers("hi"));
  Client client = site().client();

  client.send(GetParam().bytes);
  const Response refused = client.read();

  EXPECT_EQ(refused.status, GetParam().status);
  EXPECT_EQ(refused.error()["code"], GetParam().code);
  EXPECT_EQ(refused.header("connection"), "close");
  EXPECT_TRUE(refused.whole);
  EXPECT_TRUE(client.at_end()) << "nothing behind a refused request is answered";
  EXPECT_EQ(low().count(), 0U);
  EXPECT_EQ(ask(chat("low/small")).status, 200);
}

INSTANTIATE_TEST_SUITE_P(
    Framing, Smuggling,
    testing::Values(
        Row{"huge_trailer", in_chunks("0\r\nX-Trailer: " + std::string(100'000, 'a') + "\r\n\r\n"), 400,
            "trailers_refused"},
        Row{"trailer_with_a_key", in_chunks("0\r\nAuthorization: Bearer stolen\r\n\r\n"), 400, "trailers_refused"},
        Row{"length_and_chunks", in_chunks("0\r\n\r\n", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n"), 400,
            "ambiguous_length"},
        Row{"chunks_and_length", in_chunks("0\r\n\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n"), 400,
            "ambiguous_length"},
        Row{"gzip_and_length", with_length("Transfer-Encoding: gzip\r\n"), 501, "unknown_transfer_coding"},
        Row{"identity_and_length", with_length("Transfer-Encoding: identity\r\n"), 501, "unknown_transfer_coding"},
        Row{"xchunked", in_chunks("0\r\n\r\n", "Transfer-Encoding: xchunked\r\n"), 501, "unknown_transfer_coding"},
        Row{"chunked_then_gzip", in_chunks("0\r\n\r\n", "Transfer-Encoding: chunked, gzip\r\n"), 501,
            "unknown_transfer_coding"},
        Row{"chunked_twice", in_chunks("0\r\n\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
            400, "transfer_encoding_repeated"},
        Row{"chunked_in_http_1_0",
            "POST /v1/chat/completions HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
            "transfer_encoding_in_http_1_0"},
        Row{"equal_lengths",
            with_length("Content-Length: " + std::to_string(chat_request("low/small").size()) + "\r\n"), 400,
            "content_length_repeated"},
        Row{"list_of_lengths", framed("Content-Length: 5, 5\r\n", "12345"), 400, "bad_content_length"},
        Row{"signed_length", framed("Content-Length: +5\r\n", "12345"), 400, "bad_content_length"},
        Row{"length_over_64_bits", framed("Content-Length: 18446744073709551621\r\n", "12345"), 400,
            "bad_content_length"},
        Row{"endless_extension",
            in_chunks("0\r\n\r\n", "Transfer-Encoding: chunked\r\n", ";" + std::string(1'000'000, 'a') + "\r\n"), 400,
            "chunk_extensions_too_long"},
        Row{"many_small_extensions",
            framed("Transfer-Encoding: chunked\r\n", repeated("1;a=bcdefgh\r\n \r\n", 1000) + "0\r\n\r\n"), 400,
            "chunk_extensions_too_long"},
        Row{"signed_chunk", framed("Transfer-Encoding: chunked\r\n", "+5\r\n12345\r\n0\r\n\r\n"), 400, "bad_chunk"},
        Row{"prefixed_chunk", framed("Transfer-Encoding: chunked\r\n", "0x5\r\n12345\r\n0\r\n\r\n"), 400, "bad_chunk"},
        Row{"chunk_that_ends_in_a_bare_line_feed", framed("Transfer-Encoding: chunked\r\n", "5\n12345\r\n0\r\n\r\n"),
            400, "bad_chunk"},
        Row{"chunk_longer_than_its_size", framed("Transfer-Encoding: chunked\r\n", "5\r\n1234567\r\n0\r\n\r\n"), 400,
            "bad_chunk"},
        Row{"chunks_that_overflow", framed("Transfer-Encoding: chunked\r\n", "1\r\n1\r\nffffffffffffffff\r\n"), 413,
            "body_too_large"}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Heads, Smuggling,
    testing::Values(
        Row{"no_host", "GET /v1/models HTTP/1.1\r\n\r\n" + std::string(smuggled), 400, "host_missing"},
        Row{"two_hosts", with_length("Host: b\r\n"), 400, "host_repeated"},
        Row{"host_that_is_a_path", "GET /v1/models HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "host_invalid"},
        Row{"other_host_in_the_target", "GET http://b/v1/models HTTP/1.1\r\nHost: a\r\n\r\n", 400, "host_differs"},
        Row{"folded_header", with_length("X-A: b\r\n Transfer-Encoding: chunked\r\n"), 400, "folded_header"},
        Row{"bare_line_feed", with_length("X-A: b\nTransfer-Encoding: chunked\r\n"), 400, "bad_line_end"},
        Row{"bare_carriage_return", with_length("X-A: b\rTransfer-Encoding: chunked\r\n"), 400, "bad_line_end"},
        Row{"space_before_the_colon", with_length("Transfer-Encoding : chunked\r\n"), 400, "bad_header_name"},
        Row{"nul_in_a_value", with_length(std::string("X-A: a\0b\r\n", 10)), 400, "bad_header_value"},
        Row{"tiny_headers", with_length(repeated("a:\r\n", 2000)), 431, "too_many_headers"},
        Row{"huge_header", with_length("X-A: " + std::string(1'000'000, 'a') + "\r\n"), 431, "head_too_large"},
        Row{"huge_target", "GET /" + std::string(1'000'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414,
            "target_too_long"},
        Row{"http_2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "unsupported_version"},
        Row{"tls_hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + "\r\n", 400, "bad_method"},
        Row{"http_0_9", "GET /v1/models\r\n\r\n", 400, "bad_request_line"},
        Row{"tunnel", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 400, "bad_target"},
        Row{"unknown_expectation", with_length("Expect: 200-maybe\r\n"), 417, "unknown_expectation"}),
    [](const auto& row) { return std::string(row.param.name); });

class Harmless : public SharedSite<Harmless> {
 public:
  static std::unique_ptr<TwoTiers> make_site() { return std::make_unique<TwoTiers>(); }
};

TEST_F(Harmless, BodiesInOddChunksReachTheUpstreamWithOneLength) {
  low().always(answers("hi"));
  std::string chunks;
  for (const char byte : chat_request("low/small")) chunks += "0001;ext=\"a\"\r\n" + std::string(1, byte) + "\r\n";
  const std::string request = "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n";

  EXPECT_EQ(ask(request + chunks + "0\r\n\r\n").status, 200);

  const SeenRequest seen = low().last();
  EXPECT_EQ(seen.body, chat_request("small"));
  EXPECT_EQ(seen.header("content-length"), std::to_string(seen.body.size()));
  EXPECT_EQ(seen.header("transfer-encoding"), "");
}

TEST_F(Harmless, AnUpgradeIsNotTakenUp) {
  low().always(answers("hi"));

  const Response answer = ask(post(chat_path, chat_request("low/small"),
                                   "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n"));

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(low().last().header("upgrade"), "");
  EXPECT_EQ(low().last().header("http2-settings"), "");
}

TEST_F(Harmless, ARequestThatComesByteByByteIsServed) {
  low().always(answers("hi"));
  Client client = site().client();
  for (const char byte : chat("low/small")) client.send(std::string_view(&byte, 1));

  EXPECT_EQ(client.read().status, 200);
}

TEST_F(Harmless, ControlCharactersOfAnUpstreamOpenNoNewHeader) {
  low().then([](Exchange& exchange) {
    exchange.answer(200, answer_body("hi"), "x-request-id: a\tb\r\nX-Ratelimit-A: caf\xC3\xA9\r\n");
  });

  const Response answer = ask(chat("low/small"));

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("x-request-id"), "a\tb");
}

TEST_F(Harmless, BytesBehindAnUpstreamsAnswerReachNobody) {
  low().then([](Exchange& exchange) {
    const std::string body = answer_body("mine");
    exchange.send(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n" + body + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen");
  });
  low().always(answers("next"));

  const Response first = ask(chat("low/small"));
  const Response second = ask(chat("low/small"));

  EXPECT_EQ(text_of(first.body), "mine");
  EXPECT_EQ(text_of(second.body), "next");
  const std::vector<SeenRequest> seen = low().seen();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_NE(seen[0].connection, seen[1].connection) << "such a connection is not used again";
}

}  // namespace
}  // namespace triaged::test
