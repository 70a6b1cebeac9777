// What another dialect costs over the client's own, for every client with every provider: an event of a stream, and a
// prompt of 1 MB, with all that is done to them between two sockets. `own` is the yardstick: passed on as it came.
// Bars: 2 us an event more, 4 ms a prompt.
#include "triaged/api/codec.hpp"
#include "triaged/provider/provider.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace triaged {
namespace {

using chat::Dialect;

struct Client {
  Dialect dialect;
  const char* name;
};
constexpr std::array clients{Client{Dialect::openai_chat, "chat"}, Client{Dialect::openai_responses, "responses"},
                             Client{Dialect::anthropic, "messages"}};

struct Event {
  std::string_view type;
  std::string_view data;
};

struct Upstream {
  config::ProviderDialect dialect;
  Dialect answers;
  const char* name;
  std::vector<Event> opening;
  Event word;
};

const std::vector<Upstream>& upstreams() {
  static const std::vector<Upstream> all{
      {config::ProviderDialect::openai,
       Dialect::openai_chat,
       "openai",
       {},
       {"",
        R"({"id":"chatcmpl-Ab12Cd34Ef56","object":"chat.completion.chunk","created":1764230400,"model":"gpt-4.1-mini",)"
        R"("service_tier":"default","system_fingerprint":"fp_0123456789","choices":[{"index":0,"delta":{"content":" word"},)"
        R"("logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"Xy"})"}},
      {config::ProviderDialect::anthropic,
       Dialect::anthropic,
       "anthropic",
       {{"message_start",
         R"({"type":"message_start","message":{"id":"msg_01Ab","type":"message","role":"assistant","model":"claude-haiku-4-5",)"
         R"("content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"output_tokens":1}}})"},
        {"content_block_start",
         R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"}},
       {"content_block_delta",
        R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" word"}})"}},
      {config::ProviderDialect::gemini,
       Dialect::gemini,
       "gemini",
       {},
       {"", R"({"candidates":[{"content":{"parts":[{"text":" word"}],"role":"model"},"index":0}],"usageMetadata":)"
            R"({"promptTokenCount":25,"candidatesTokenCount":7,"totalTokenCount":32,"promptTokensDetails":)"
            R"([{"modality":"TEXT","tokenCount":25}]},"modelVersion":"gemini-2.5-flash","responseId":"Ab12Cd34"})"}},
      {config::ProviderDialect::bedrock,
       Dialect::bedrock,
       "bedrock",
       {{"messageStart", R"({"role":"assistant","p":"abcdef"})"}},
       {"contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":" word"},"p":"abcdefghij"})"}}};
  return all;
}

config::Provider settings_of(const Upstream& upstream) {
  config::Provider settings;
  settings.dialect = upstream.dialect;
  settings.scheme = "https";
  settings.host = "localhost";
  settings.auth = config::Auth::none;
  settings.auth_header = "authorization";
  settings.profile = config::Profile::generic;
  settings.aws.region = "eu-central-1";
  return settings;
}

// An event of text on its way: decoded for dispatch, and written to the client.
void run_stream(benchmark::State& state, const Client& client, const Upstream& upstream) {
  const config::Provider settings = settings_of(upstream);
  const auto provider = provider::make_provider(settings);
  const auto& codec = provider->codec(client.dialect);
  const auto decoder = codec.make_stream_decoder();
  const chat::Conversation nothing;
  api::ReplyContext context;
  context.dialect = client.dialect;
  context.stream = true;
  context.id = "req-1";
  context.conversation = &nothing;
  const auto encoder = api::make_encoder(context, codec.dialect() == client.dialect ? nullptr : codec.make_reader());
  std::string out;
  const auto pass = [&](const Event& event) {
    const auto decoded = decoder->decode(event.type, event.data);
    if (!decoded || !encoder->event(*decoded, out)) state.SkipWithError("an event that cannot be read");
  };
  for (const Event& event : upstream.opening) pass(event);
  for (auto _ : state) {
    out.clear();
    pass(upstream.word);
    benchmark::DoNotOptimize(out.data());
  }
  if (out.find(" word") == std::string::npos) state.SkipWithError("the word got lost");
}

// Four thousand bytes of prose with line breaks and quotes.
std::string prose() {
  std::string text;
  while (text.size() < 4000) text += R"(The \"quick\" brown fox jumps over the lazy dog, and so on and on.\n)";
  return text;
}

// What a client says of one turn: a question, a call, its result.
std::string turn_of(Dialect client, const std::string& id) {
  const std::string text = '"' + prose() + '"';
  const std::string arguments = R"("{\"q\":\"a b c\"}")";
  switch (client) {
    case Dialect::anthropic:
      return R"({"role":"user","content":)" + text +
             R"(},{"role":"assistant","content":[{"type":"tool_use","id":"call_)" + id +
             R"(","name":"find","input":{"q":"a b c"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"call_)" +
             id + R"(","content":)" + text + "}]}";
    case Dialect::openai_responses:
      return R"({"role":"user","content":)" + text + R"(},{"type":"function_call","call_id":"call_)" + id +
             R"(","name":"find","arguments":)" + arguments + R"(},{"type":"function_call_output","call_id":"call_)" +
             id + R"(","output":)" + text + "}";
    default:
      return R"({"role":"user","content":)" + text +
             R"(},{"role":"assistant","content":null,"tool_calls":[{"id":"call_)" + id +
             R"(","type":"function","function":{"name":"find","arguments":)" + arguments +
             R"(}}]},{"role":"tool","tool_call_id":"call_)" + id + R"(","content":)" + text + "}";
  }
}

std::string prompt_of_a_megabyte(Dialect client) {
  std::string turns;
  for (int i = 0; turns.size() < 1'000'000; ++i) {
    if (i > 0) turns += ',';
    turns += turn_of(client, std::to_string(i));
  }
  const std::string list = client == Dialect::openai_responses ? "input" : "messages";
  return R"({"model":"auto","max_tokens":500,"temperature":0.5,")" + list + "\":[" + turns + "]}";
}

// A prompt on its way: decoded for the decision, and written for the provider.
void run_prompt(benchmark::State& state, const Client& client, const Upstream& upstream) {
  const std::string body = prompt_of_a_megabyte(client.dialect);
  const config::Provider settings = settings_of(upstream);
  const auto provider = provider::make_provider(settings);
  const bool own = provider->codec(client.dialect).dialect() == client.dialect;
  const wire::Headers none;
  config::Target target;
  target.name = "up/m";
  target.model = "m";
  api::Decoder decoder;
  std::size_t bytes = 0;
  for (auto _ : state) {
    auto request = decoder.decode(client.dialect, body);
    if (!request) return state.SkipWithError(request.error().detail.c_str());
    if (!own && !request->conversation) {
      const auto conversation = api::read_conversation(client.dialect, body);
      if (!conversation) return state.SkipWithError(conversation.error().detail.c_str());
      request->conversation = *conversation;
    }
    const auto outgoing =
        provider->build({*request, body, none, target, 0, WallTime(std::chrono::seconds(1'770'000'000))});
    if (!outgoing) return state.SkipWithError(outgoing.error().detail.c_str());
    bytes = outgoing->body_bytes;
  }
  if (bytes < 900'000) state.SkipWithError("the prompt got lost");
}

bool register_all() {
  for (const Client& client : clients) {
    for (const Upstream& upstream : upstreams()) {
      const std::string pair =
          std::string(client.name) + "/" + upstream.name + (client.dialect == upstream.answers ? "/own" : "");
      benchmark::RegisterBenchmark(("event/" + pair).c_str(), [&client, &upstream](benchmark::State& state) {
        run_stream(state, client, upstream);
      });
      benchmark::RegisterBenchmark(("prompt/" + pair).c_str(), [&client, &upstream](benchmark::State& state) {
        run_prompt(state, client, upstream);
      })->Unit(benchmark::kMillisecond);
    }
  }
  return true;
}
[[maybe_unused]] const bool registered = register_all();

}  // namespace
}  // namespace triaged
