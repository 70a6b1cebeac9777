// Any bytes as a provider's stream, its whole answer and its failure: no crash, and figures that add up.
#include "triaged/provider/provider.hpp"
#include "triaged/wire/sse.hpp"

#include "fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using triaged::fuzz::require;

void check_usage(const std::optional<triaged::chat::Usage>& usage) {
  if (!usage) return;
  for (const std::int64_t part : {usage->input, usage->cached_input, usage->cache_write_5m, usage->cache_write_1h,
                                  usage->audio_input, usage->output, usage->reasoning, usage->audio_output}) {
    require(part >= 0, "no class is negative");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const triaged::config::Provider settings;
  static const auto provider = triaged::provider::make_provider(settings);

  const auto decoder = provider->codec(triaged::chat::Dialect::openai_chat).make_stream_decoder();
  triaged::wire::SseReader reader;
  if (reader.put(bytes)) {
    while (const auto sse = reader.next()) {
      const auto event = decoder->decode(sse->event, sse->data);
      if (!event) continue;
      require(event->raw == sse->data, "raw data is untouched");
      check_usage(event->usage);
      const bool error = event->kind == triaged::chat::EventKind::error;
      require(error == !event->error_message.empty(), "errors have a message, others none");
    }
  }
  const auto direct = decoder->decode("", bytes);
  if (direct) check_usage(direct->usage);

  if (const auto answer = provider->codec(triaged::chat::Dialect::openai_chat).decode_answer(bytes))
    check_usage(answer->usage);
  const triaged::wire::Headers none;
  const auto failure = provider->read_failure(400, none, bytes, triaged::WallTime{});
  require(!failure.message.empty() && failure.message.size() <= 500, "a failure has a short message");
  return 0;
}
