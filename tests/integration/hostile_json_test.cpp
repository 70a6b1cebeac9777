// Bodies that are no JSON, barely JSON or far too much of it: a documented answer, bounded memory, and the next request
// is served.
#include "support/two_tiers.hpp"

#include <ostream>
#include <string>
#include <string_view>

namespace triaged::test {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string with_member(std::string_view member) { return chat_request("low/small", easy, "," + std::string(member)); }

class HostileJson : public SharedSite<HostileJson> {
 public:
  static std::unique_ptr<TwoTiers> make_site() { return std::make_unique<TwoTiers>(); }
};

TEST_F(HostileJson, CutAnywhereIsRefusedAndTheConnectionStaysUsable) {
  low().always(answers("hi"));
  const std::string body = stream_request("low/small", "h\\u00e9 \xC3\xA9", R"(,"tools":[{"a":null}],"seed":-1.5e3)");
  Client client = site().client();

  for (std::size_t size = 0; size < body.size(); ++size) {
    const Response refused = client.ask(post(chat_path, body.substr(0, size)));
    ASSERT_EQ(refused.status, 400) << size;
    ASSERT_EQ(refused.error()["code"], "invalid_json") << size;
    ASSERT_TRUE(refused.keep_alive) << size;
  }

  EXPECT_EQ(client.ask(post(chat_path, body)).status, 200);
  EXPECT_EQ(low().count(), 1U);
}

struct Body {
  const char* name;
  std::string body;
  int status;
  std::string code;  // "": answered
};

std::ostream& operator<<(std::ostream& out, const Body& row) { return out << row.name; }

class HostileBody : public SharedSite<HostileBody>, public testing::WithParamInterface<Body> {
 public:
  static std::unique_ptr<TwoTiers> make_site() { return std::make_unique<TwoTiers>(); }
};

TEST_P(HostileBody, HasItsDocumentedAnswer) {
  low().always(answers("hi"));
  Client client = site().client();

  const Response answer = client.ask(post(chat_path, GetParam().body));
  const Response next = client.ask(chat("low/small"));

  EXPECT_EQ(answer.status, GetParam().status) << answer.body.substr(0, 300);
  if (!GetParam().code.empty()) {
    EXPECT_EQ(answer.error()["code"], GetParam().code);
  }
  EXPECT_LT(answer.body.size(), 2000U) << "an error does not repeat what was sent";
  EXPECT_EQ(next.status, 200);
}

INSTANTIATE_TEST_SUITE_P(
    Refused, HostileBody,
    testing::Values(Body{"brackets_10k_deep", repeated("[", 10'000), 400, "invalid_json"},
                    Body{"brackets_a_million_deep", repeated("[", 1'000'000), 400, "invalid_json"},
                    Body{"objects_100k_deep", repeated("{\"a\":", 100'000) + "1" + repeated("}", 100'000), 400,
                         "invalid_json"},
                    Body{"deep_unknown_member", with_member("\"x\":" + repeated("[", 10'000) + repeated("]", 10'000)),
                         400, "invalid_json"},
                    Body{"invalid_utf_8", chat_request("low/small", "\xC3\x28"), 400, "invalid_json"},
                    Body{"overlong_utf_8", chat_request("low/small", "\xC0\xAF"), 400, "invalid_json"},
                    Body{"surrogate_in_utf_8", chat_request("low/small", "\xED\xA0\x80"), 400, "invalid_json"},
                    Body{"trailing_text", chat_request("low/small") + "x", 400, "invalid_json"},
                    Body{"two_texts", chat_request("low/small") + chat_request("low/small"), 400, "invalid_json"},
                    Body{"trailing_comma", R"({"model":"low/small","messages":[],})", 400, "invalid_json"},
                    Body{"comment", "/* a */" + chat_request("low/small"), 400, "invalid_json"},
                    Body{"not_a_number", with_member(R"("temperature":NaN)"), 400, "invalid_json"},
                    Body{"leading_zero", with_member(R"("seed":01)"), 400, "invalid_json"},
                    Body{"raw_line_feed_in_a_string", "{\"model\":\"low/small\",\"a\":\"b\nc\"}", 400, "invalid_json"},
                    Body{"nul_bytes", std::string(1000, '\0'), 400, "invalid_json"},
                    Body{"white_space", std::string(100'000, ' '), 400, "invalid_json"},
                    Body{"array", "[]", 400, "invalid_type"}, Body{"string", "\"hi\"", 400, "invalid_type"},
                    Body{"huge_model_name", chat_request(std::string(1'000'000, 'm')), 404, "model_not_found"}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Harmless, HostileBody,
    testing::Values(Body{"huge_exponent", with_member(R"("seed":1e999999)"), 200, ""},
                    Body{"number_of_100k_digits", with_member("\"seed\":" + std::string(100'000, '9')), 200, ""},
                    Body{"model_twice", with_member(R"("model":"low/small")"), 200, ""},
                    Body{"lone_surrogate", with_member(R"("user":"\ud800")"), 200, ""},
                    Body{"empty_key", with_member(R"("":"")"), 200, ""},
                    Body{"escaped_key", with_member(R"("\u006dodel":"low/small")"), 200, ""},
                    Body{"100k_unknown_members", with_member(repeated(R"("k":1,)", 100'000) + R"("k":1)"), 200, ""},
                    Body{"100k_messages",
                         R"({"model":"low/small","messages":[)" +
                             repeated(R"({"role":"user","content":"a"},)", 100'000) +
                             R"({"role":"user","content":"a"}]})",
                         200, ""}),
    [](const auto& row) { return std::string(row.param.name); });

// Of the daemon under AddressSanitizer, whose own shadow and quarantine are in it.
constexpr std::size_t memory_bound = std::size_t{900} << 20U;

class HugeBody : public SharedSite<HugeBody> {
 public:
  static std::unique_ptr<TwoTiers> make_site() { return std::make_unique<TwoTiers>(); }
};

TEST_F(HugeBody, OverTheLimitIsRefusedBeforeItIsReadAndCostsNoMemory) {
  const std::size_t before = site().daemon.process().peak_memory();
  Client declared = site().client();
  declared.send("POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 104857600\r\n\r\n");
  const Response at_once = declared.read();
  const std::string megabyte(1U << 20U, ' ');
  for (int i = 0; i < 100; ++i) declared.send(megabyte);

  EXPECT_EQ(at_once.status, 413);
  EXPECT_EQ(at_once.error()["code"], "body_too_large");
  EXPECT_TRUE(declared.at_end());
  EXPECT_LT(site().daemon.process().peak_memory() - before, 8U << 20U);
  low().always(answers("hi"));
  EXPECT_EQ(ask(chat("low/small")).status, 200);
}

TEST_F(HugeBody, InChunksIsRefusedWithTheChunkThatCrossesTheLimit) {
  const std::string chunk = "100000\r\n" + std::string(1U << 20U, ' ') + "\r\n";
  Client client = site().client();
  client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 100; ++i) client.send(chunk);

  const Response refused = client.read();

  EXPECT_EQ(refused.status, 413);
  EXPECT_LT(site().daemon.process().peak_memory(), memory_bound);
  low().always(answers("hi"));
  EXPECT_EQ(ask(chat("low/small")).status, 200);
}

TEST_F(HugeBody, WithinTheLimitReachesTheUpstreamWhole) {
  low().always(answers("hi"));
  const std::string body = with_member("\"x\":\"" + std::string(30U << 20U, 'a') + "\"");

  const Response answer = ask(post(chat_path, body));

  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(low().last().body.size(), body.size() - std::string_view("low/").size());
  EXPECT_LT(site().daemon.process().peak_memory(), memory_bound);
}

TEST_F(HugeBody, OfAnUpstreamIsRefusedAtItsLimit) {
  low().always([](Exchange& exchange) {
    exchange.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 209715200\r\n\r\n");
    const std::string megabyte(1U << 20U, ' ');
    for (int i = 0; i < 200; ++i) exchange.send(megabyte);
  });
  high().then(answers("large says"));

  const Response answer = ask(chat("auto"));

  EXPECT_EQ(answer.header("x-triaged-model"), "high/large");
  EXPECT_LT(site().daemon.process().peak_memory(), memory_bound);
}

TEST_F(HugeBody, OfOneEventIsRefusedAtItsLimit) {
  low().always([](Exchange& exchange) {
    exchange.begin_stream();
    exchange.send("6400000\r\ndata: ");
    const std::string megabyte(1U << 20U, 'a');
    for (int i = 0; i < 100; ++i) exchange.send(megabyte);
  });
  high().then(answers("large says"));

  const Response answer = ask(streamed_chat("auto"));

  EXPECT_EQ(answer.header("x-triaged-model"), "high/large");
  EXPECT_TRUE(answer.whole);
  EXPECT_LT(site().daemon.process().peak_memory(), memory_bound);
}

}  // namespace
}  // namespace triaged::test
