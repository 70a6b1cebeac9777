// A request in the dialect that its target speaks goes out as it came, byte for byte but for the model: megabytes of
// members that nobody knows, numbers that no machine holds, keys that stand twice, and text however it is written.
#include "support/two_tiers.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <ostream>
#include <random>
#include <string>
#include <string_view>

namespace triaged::test {
namespace {

constexpr std::size_t two_megabytes = 2U << 20U;
constexpr std::string_view model = R"("any/model")";

// One value that a JSON library would write otherwise than it read it.
std::string odd_value(std::mt19937& random) {
  static constexpr std::array<std::string_view, 20> values{
      "1E400",
      "-0",
      "1.0000",
      "0.1e-7",
      "1e+05",
      "123456789012345678901234567890",
      "-9223372036854775809",
      "0.30000000000000004000",
      R"("\ud83d\ude00")",
      R"("\u00e9\u0000\u001f\u007f")",
      R"("\/\b\f\n\r\t\"\\")",
      "\"\xF0\x9F\x98\x80 \xF4\x8F\xBF\xBF \xE2\x80\xA8 \xEF\xBB\xBF\"",
      R"("\uD834\uDD1E\u2028")",
      "[ ]",
      "{\t}",
      "[1 ,\r\n2\t,  3]",
      R"({"a":1,"a":2,"":null,"\u0061":3})",
      "true ",
      "null",
      R"("data:image/png;base64,\/\/\/\/")"};
  return std::string(values[random() % values.size()]);
}

// Members up to `size` bytes.
std::string odd_members(std::size_t size) {
  std::mt19937 random(11);
  static constexpr std::array<std::string_view, 5> spaces{"", " ", "\n", "\t \r\n", "  "};
  const auto space = [&random] { return std::string(spaces[random() % spaces.size()]); };
  std::string out;
  for (std::size_t i = 0; out.size() < size; ++i) {
    const std::string key = "x_" + std::to_string(i % 4000);  // they come again
    out += ',' + space() + '"' + key + '"' + space() + ':' + space() + odd_value(random) + space();
    if (i % 64 == 0) out += ",\"deep\":" + std::string(60, '[') + odd_value(random) + std::string(60, ']');
  }
  return out;
}

struct Dialect {
  const char* name;
  std::string_view path;
  std::string_view upstream_path;
  std::string_view target;
  std::string_view begin;  // of the body, with the model first
  std::string_view answer;
};

std::ostream& operator<<(std::ostream& out, const Dialect& row) { return out << row.name; }

class Fidelity : public SharedSite<Fidelity>, public testing::WithParamInterface<Dialect> {
 public:
  static std::unique_ptr<TwoTiers> make_site() {
    return std::make_unique<TwoTiers>("native: [responses, completions]", [](DaemonSetup& setup) {
      // `high` speaks Anthropic's dialect, `low` OpenAI's.
      setup.providers.back().replace(setup.providers.back().find("native: [responses, completions]"),
                                     std::string_view("native: [responses, completions]").size(), "dialect: anthropic");
    });
  }

 protected:
  static Upstream& upstream() { return GetParam().target.starts_with("low") ? low() : high(); }

  static std::string body_for(std::string_view model_value) {
    std::string body(GetParam().begin);
    const std::size_t at = body.find(model);
    body.replace(at, model.size(), model_value);
    body += odd_members(two_megabytes);
    // The last word on the model, in other letters.
    return body + ",\n \"mod\\u0065l\" :\t" + std::string(model_value) + "\r\n}\n";
  }
};

TEST_P(Fidelity, TwoMegabytesPassByteForByteButForTheModel) {
  upstream().then([](Exchange& exchange) { exchange.answer(200, GetParam().answer); });
  const std::string sent = body_for('"' + std::string(GetParam().target) + '"');
  const std::string_view name = GetParam().target.substr(GetParam().target.find('/') + 1);
  const std::string wanted = body_for('"' + std::string(name) + '"');
  ASSERT_GT(sent.size(), two_megabytes);

  const Response answer = ask(post(GetParam().path, sent));

  EXPECT_EQ(answer.status, 200) << answer.body.substr(0, 500);
  EXPECT_EQ(answer.body, GetParam().answer);
  const SeenRequest seen = upstream().last();
  EXPECT_EQ(seen.target, GetParam().upstream_path);
  ASSERT_EQ(seen.body.size(), wanted.size());
  EXPECT_TRUE(seen.body == wanted) << "the first difference is at byte "
                                   << std::mismatch(wanted.begin(), wanted.end(), seen.body.begin()).first -
                                          wanted.begin();
}

// The same of answers, to the client.
TEST_P(Fidelity, AnswersPassByteForByte) {
  std::string wanted(GetParam().answer);
  wanted.pop_back();
  wanted += odd_members(two_megabytes) + " }\n";
  upstream().then([&wanted](Exchange& exchange) { exchange.answer(200, wanted); });

  const Response answer = ask(post(GetParam().path, body_for('"' + std::string(GetParam().target) + '"')));

  EXPECT_EQ(answer.status, 200);
  ASSERT_EQ(answer.body.size(), wanted.size());
  EXPECT_TRUE(answer.body == wanted);
}

INSTANTIATE_TEST_SUITE_P(
    Dialects, Fidelity,
    testing::Values(
        Dialect{
            "chat", "/v1/chat/completions", "/v1/chat/completions", "low/small",
            "{ \"model\":\"any/model\",\"messages\" : [{\"role\":\"user\",\"content\":\"\\u0068i \xF0\x9F\x98\x80\"}]",
            R"({"id":"c","object":"chat.completion","created":1,"model":"small","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}})"},
        Dialect{
            "responses", "/v1/responses", "/v1/responses", "low/small",
            "{ \"model\":\"any/model\",\"input\" : [{\"role\":\"user\",\"content\":\"\\u0068i \xF0\x9F\x98\x80\"}]",
            R"({"id":"resp_1","object":"response","status":"completed","model":"small","output":[{"type":"message","id":"m","role":"assistant","status":"completed","content":[{"type":"output_text","text":"hi","annotations":[]}]}],"usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}})"},
        Dialect{
            "messages", "/v1/messages", "/v1/messages", "high/large",
            "{ \"model\":\"any/model\",\"max_tokens\" : 100,\"messages\":[{\"role\":\"user\",\"content\":\"\\u0068i "
            "\xF0\x9F\x98\x80\"}]",
            R"({"id":"msg_1","type":"message","role":"assistant","model":"large","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}})"}),
    [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace triaged::test
