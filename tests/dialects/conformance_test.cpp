// Every dialect of clients with every dialect of providers: the same conversation reaches each provider, the same
// answer each client, whole and streamed. Prints a table.
#include "triaged/api/codec.hpp"
#include "triaged/provider/provider.hpp"
#include "triaged/wire/sse.hpp"

#include "dialects/ends.hpp"
#include "dialects/readings.hpp"
#include "dialects/recorded.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace triaged::dialects {
namespace {

using chat::Dialect;
using nlohmann::json;

constexpr std::array clients{Dialect::openai_chat, Dialect::openai_responses, Dialect::anthropic};

struct Upstream {
  std::string_view name;
  config::ProviderDialect dialect;
  Dialect answers;
};
constexpr std::array upstreams{Upstream{"openai", config::ProviderDialect::openai, Dialect::openai_chat},
                               Upstream{"anthropic", config::ProviderDialect::anthropic, Dialect::anthropic},
                               Upstream{"gemini", config::ProviderDialect::gemini, Dialect::gemini},
                               Upstream{"bedrock", config::ProviderDialect::bedrock, Dialect::bedrock}};

const Lines history{"system: Be \"brief\".",
                    "user: Weather in Paris?",
                    R"(call: weather {"city":"Paris"})",
                    "result: 18 degrees",
                    "assistant: It is 18 degrees.",
                    "user: And here?",
                    "image: image/png aGk=",
                    "tool: weather",
                    "limit: 500",
                    "temperature: 0.5"};
const Lines answer{"thought: Look twice.",
                   "text: Two \"moments\".",
                   R"(call: weather {"city":"Oslo"})",
                   R"(call: weather {"city":"Rome"})",
                   "finish: tool_calls",
                   "usage: 100 40 30"};

class Pair {
 public:
  Pair(Dialect client, const Upstream& upstream)
      : client_(client), upstream_(upstream), provider_(upstream.dialect, "m") {}

  // Each throws, or tells by EXPECT, what is wrong.
  Lines sent(bool streamed) {
    read(streamed);
    return history_of(upstream_.answers, json::parse(provider_.send(request_, body_).body));
  }

  Lines answered() {
    read(false);
    const provider::AnswerCodec& codec = provider_.codec(client_);
    const std::unique_ptr<api::ReplyEncoder> encoder = make_encoder(codec);
    std::string out;
    const Result<void> written = encoder->answer(recorded_answer(upstream_.answers), out);
    if (!written) throw std::runtime_error(written.error().detail);
    return answer_of(client_, json::parse(out));
  }

  Lines streamed() {
    read(true);
    const provider::AnswerCodec& codec = provider_.codec(client_);
    const std::unique_ptr<api::ReplyEncoder> encoder = make_encoder(codec);
    const std::unique_ptr<provider::StreamDecoder> decoder = codec.make_stream_decoder();
    std::string out;
    for (const Event& event : recorded_stream(upstream_.answers)) {
      const Result<chat::Event> decoded = decoder->decode(event.type, event.data);
      if (!decoded) throw std::runtime_error(decoded.error().detail);
      const Result<void> written = encoder->event(*decoded, out);
      if (!written) throw std::runtime_error(written.error().detail);
    }
    encoder->end(out);
    return stream_of(client_, events_in(out));
  }

 private:
  void read(bool streamed) {
    body_ = recorded_request(client_, streamed);
    request_ = read_request(client_, body_);
  }

  std::unique_ptr<api::ReplyEncoder> make_encoder(const provider::AnswerCodec& codec) const {
    api::ReplyContext context;
    context.dialect = client_;
    context.stream = request_.stream;
    context.include_usage = true;
    context.id = "req_1";
    context.conversation = request_.conversation.get();
    return api::make_encoder(context, codec.dialect() == client_ ? nullptr : codec.make_reader());
  }

  static std::vector<std::pair<std::string, std::string>> events_in(const std::string& text) {
    wire::SseReader reader;
    std::vector<std::pair<std::string, std::string>> events;
    if (!reader.put(text)) throw std::runtime_error("not an event stream");
    while (const auto event = reader.next()) events.emplace_back(event->event, event->data);
    return events;
  }

  Dialect client_;
  Upstream upstream_;
  ProviderEnd provider_;
  std::string body_;
  chat::Request request_;
};

// "" where it conforms.
template <class Check>
std::string fault(const Lines& expected, const Check& check) {
  try {
    const Lines found = check();
    if (found == expected) return "";
    std::string text = "expected, and found:";
    for (const std::string& line : expected) text += "\n    - " + line;
    for (const std::string& line : found) text += "\n    + " + line;
    return text;
  } catch (const std::exception& problem) {
    return problem.what();
  }
}

TEST(Conformance, EveryClientReachesEveryProvider) {
  std::string table = "client            provider   request  streamed  answer  stream\n";
  for (const Dialect client : clients) {
    for (const Upstream& upstream : upstreams) {
      Pair pair(client, upstream);
      const std::array faults{
          fault(history, [&pair] { return pair.sent(false); }), fault(history, [&pair] { return pair.sent(true); }),
          fault(answer, [&pair] { return pair.answered(); }), fault(answer, [&pair] { return pair.streamed(); })};
      const std::string who = std::string(name(client)) + " -> " + std::string(upstream.name);
      constexpr std::array widths{9U, 10U, 8U, 6U};
      std::string line = std::string(name(client));
      line.resize(18, ' ');
      line += upstream.name;
      line.resize(29, ' ');
      for (std::size_t i = 0; i < faults.size(); ++i) {
        std::string cell = faults[i].empty() ? "ok" : "FAILED";
        cell.resize(widths[i], ' ');
        line += cell;
        EXPECT_EQ(faults[i], "") << who;
      }
      table += line + "\n";
    }
  }
  std::cout << table;
}

}  // namespace
}  // namespace triaged::dialects
