// Any bytes as an answer, a stream or a failure of Google's: no crash, views that hold, figures that add up.
#include "triaged/base/text.hpp"
#include "triaged/provider/provider.hpp"
#include "triaged/wire/sse.hpp"

#include "fuzz/steps.hpp"
#include "provider/gemini/gemini.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace triaged;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);

  fuzz::CheckedSteps whole;
  if (!provider::make_gemini_reader()->whole(bytes, whole)) fuzz::require(whole.count == 0, "no answer, no steps");

  fuzz::CheckedSteps steps;
  const auto reader = provider::make_gemini_reader();
  wire::SseReader events;
  if (events.put(bytes)) {
    while (const auto event = events.next()) (void)reader->event(event->event, event->data, steps);
  }

  static const config::Provider settings = [] {
    config::Provider made;
    made.dialect = config::ProviderDialect::gemini;
    return made;
  }();
  static const auto provider = provider::make_provider(settings);
  const auto failure = provider->read_failure(429, wire::Headers(), bytes, WallTime{});
  fuzz::require(!failure.message.empty() && failure.message.size() <= 500, "a failure has a short message");
  return 0;
}
