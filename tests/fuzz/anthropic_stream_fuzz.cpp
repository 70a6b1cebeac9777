// Any bytes as the stream and the answer of an Anthropic provider: no crash, usage that adds up, and what a client of
// that dialect is sent of it is JSON, block after block.
#include "triaged/base/json.hpp"
#include "triaged/wire/sse.hpp"

#include "api/anthropic/anthropic.hpp"
#include "fuzz/require.hpp"
#include "provider/anthropic/anthropic.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using triaged::fuzz::require;
namespace chat = triaged::chat;

// Looks at the steps on their way to a writer.
class Watch final : public chat::DeltaSink {
 public:
  explicit Watch(chat::DeltaSink& to) : to_(to) {}
  void take(const chat::Delta& delta) override {
    if (delta.usage) {
      for (const std::int64_t part : {delta.usage->input, delta.usage->cached_input, delta.usage->cache_write_5m,
                                      delta.usage->cache_write_1h, delta.usage->output, delta.usage->reasoning}) {
        require(part >= 0, "no class is negative");
      }
    }
    to_.take(delta);
  }

 private:
  chat::DeltaSink& to_;
};

void check_json(std::string_view text) {
  triaged::JsonReader reader(text, 512);
  reader.skip();
  require(reader.at_end(), "what a client is sent is JSON");
}

void check_stream(std::string_view stream) {
  triaged::wire::SseReader reader;
  require(static_cast<bool>(reader.put(stream)), "what a client is sent is a stream");
  while (const auto event = reader.next()) check_json(event->data);
  require(!reader.has_partial(), "its events are whole");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  triaged::api::ReplyContext context;
  context.id = "id";
  for (const bool stream : {true, false}) {
    context.stream = stream;
    const auto writer = triaged::api::make_anthropic_writer(context);
    std::string out;
    writer->write_to(out);
    Watch watch(*writer);
    const auto reader = triaged::provider::make_anthropic_reader();
    if (!stream) {
      if (!reader->whole(bytes, watch)) continue;
      writer->whole();
      check_json(out);
      continue;
    }
    triaged::wire::SseReader sse;
    if (!sse.put(bytes)) continue;
    while (const auto event = sse.next()) {
      if (!reader->event(event->event, event->data, watch)) break;
    }
    writer->end();
    check_stream(out);
  }
  return 0;
}
