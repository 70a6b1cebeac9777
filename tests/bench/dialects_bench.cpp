// What another dialect costs over the client's own: an event of a stream, and a prompt of 1 MB. Bars: 2 us an event
// more, 4 ms a prompt.
#include "triaged/api/codec.hpp"
#include "triaged/provider/provider.hpp"

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <string_view>

namespace triaged {
namespace {

constexpr std::string_view event_data =
    R"({"id":"chatcmpl-Ab12Cd34Ef56","object":"chat.completion.chunk","created":1764230400,"model":"gpt-4.1-mini",)"
    R"("service_tier":"default","system_fingerprint":"fp_0123456789","choices":[{"index":0,"delta":{"content":" word"},)"
    R"("logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"Xy"})";

config::Provider provider_settings() {
  config::Provider settings;
  settings.host = "localhost";
  return settings;
}

// The way of one event: decoded for dispatch, and written to the client.
void run_stream(benchmark::State& state, chat::Dialect client, bool translated) {
  const config::Provider settings = provider_settings();
  const auto provider = provider::make_provider(settings);
  const auto& codec = provider->codec(client);
  const auto decoder = codec.make_stream_decoder();
  api::ReplyContext context;
  context.dialect = client;
  context.stream = true;
  context.id = "req-1";
  const auto encoder = api::make_encoder(context, translated ? codec.make_reader() : nullptr);
  std::string out;
  for (auto _ : state) {
    out.clear();
    const auto event = decoder->decode("", event_data);
    if (!event || !encoder->event(*event, out)) state.SkipWithError("an event that cannot be read");
    benchmark::DoNotOptimize(out.data());
  }
}

void stream_same_dialect(benchmark::State& state) { run_stream(state, chat::Dialect::openai_chat, false); }
void stream_chat_read_and_written(benchmark::State& state) { run_stream(state, chat::Dialect::openai_chat, true); }
void stream_chat_to_completions(benchmark::State& state) { run_stream(state, chat::Dialect::openai_completions, true); }
BENCHMARK(stream_same_dialect);
BENCHMARK(stream_chat_read_and_written);
BENCHMARK(stream_chat_to_completions);

// Prose with line breaks and quotes, in turns of 4 KB, with calls and results among them.
std::string prompt_of_a_megabyte() {
  std::string body = R"({"model":"auto","messages":[{"role":"system","content":"Be brief."})";
  std::string prose;
  while (prose.size() < 4000) prose += R"(The \"quick\" brown fox jumps over the lazy dog, and so on and on.\n)";
  for (int i = 0; body.size() < 1'000'000; ++i) {
    const std::string id = std::to_string(i);
    body += R"(,{"role":"user","content":")" + prose +
            R"("},{"role":"assistant","content":null,"tool_calls":[{"id":"call_)" + id;
    body +=
        R"(","type":"function","function":{"name":"find","arguments":"{\"q\":\"a b c\"}"}}]},{"role":"tool","tool_call_id":"call_)";
    body += id + R"(","content":")" + prose + R"("})";
  }
  return body + "]}";
}

void prompt_read_and_written(benchmark::State& state) {
  const std::string body = prompt_of_a_megabyte();
  const config::Provider settings = provider_settings();
  const auto provider = provider::make_provider(settings);
  const wire::Headers none;
  config::Target target;
  target.model = "m";
  for (auto _ : state) {
    const auto conversation = api::read_conversation(chat::Dialect::openai_chat, body);
    chat::Request request;
    request.dialect = chat::Dialect::anthropic;  // so that it is written, whoever wrote it
    request.conversation = *conversation;
    const auto outgoing = provider->build({request, body, none, target, 0, WallTime()});
    benchmark::DoNotOptimize(outgoing->body_bytes);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(body.size()));
}
BENCHMARK(prompt_read_and_written)->Unit(benchmark::kMillisecond);

// The yardstick: the same prompt on its way in the client's own dialect.
void prompt_decoded_and_spliced(benchmark::State& state) {
  const std::string body = prompt_of_a_megabyte();
  const config::Provider settings = provider_settings();
  const auto provider = provider::make_provider(settings);
  const wire::Headers none;
  config::Target target;
  target.model = "m";
  api::Decoder decoder;
  for (auto _ : state) {
    const auto request = decoder.decode(chat::Dialect::openai_chat, body);
    const auto outgoing = provider->build({*request, body, none, target, 0, WallTime()});
    benchmark::DoNotOptimize(outgoing->body_bytes);
  }
}
BENCHMARK(prompt_decoded_and_spliced)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace triaged
