// Any bytes as a provider's stream of the Responses API, and as its whole answer: no crash, figures that add up, and
// what is written of it for a client is a stream whose events are numbered without a gap.
#include "triaged/base/json.hpp"
#include "triaged/wire/sse.hpp"

#include "api/responses/responses_writer.hpp"
#include "fuzz/require.hpp"
#include "provider/openai/responses_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using triaged::fuzz::require;

void check_events(const std::string& stream) {
  triaged::wire::SseReader reader(64U << 20U);
  if (!reader.put(stream)) return;
  std::int64_t number = 0;
  while (const auto event = reader.next()) {
    triaged::JsonReader json(event->data, 1024);
    triaged::JsonString key;
    std::int64_t found = -1;
    json.enter_object();
    while (json.next_member(key)) {
      const std::string_view value = json.skip();
      if (key.equals("sequence_number")) found = triaged::json_integer(value).value_or(-1);
    }
    require(json.at_end(), "an event is JSON");
    require(found == number++, "events are numbered without a gap");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  triaged::api::ReplyContext context;
  context.dialect = triaged::chat::Dialect::openai_responses;
  context.stream = true;
  std::string out;
  const auto writer = triaged::api::make_responses_writer(context);
  writer->write_to(out);
  const auto reader = triaged::provider::make_responses_reader();
  triaged::wire::SseReader events;
  if (events.put(bytes)) {
    while (const auto event = events.next()) {
      if (!reader->event(event->event, event->data, *writer)) break;
    }
  }
  writer->end();
  check_events(out);

  struct Usages final : triaged::chat::DeltaSink {
    void take(const triaged::chat::Delta& delta) override {
      if (!delta.usage) return;
      require(delta.usage->input >= 0 && delta.usage->output >= 0, "no class is negative");
    }
  };
  Usages sink;
  if (const auto whole = triaged::provider::make_responses_reader()->whole(bytes, sink); !whole) return 0;
  return 0;
}
