// Any bytes as an answer of Converse, and as an event of ConverseStream under each type: no crash, views that hold.
#include "fuzz/steps.hpp"
#include "provider/bedrock/bedrock.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace triaged;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);

  fuzz::CheckedSteps whole;
  if (!provider::make_bedrock_reader()->whole(bytes, whole)) fuzz::require(whole.count == 0, "no answer, no steps");

  const auto reader = provider::make_bedrock_reader();
  for (const char* const type : {"messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop",
                                 "messageStop", "metadata", "throttlingException", "new"}) {
    fuzz::CheckedSteps steps;
    if (!reader->event(type, bytes, steps)) fuzz::require(steps.count == 0, "no event, no steps");
  }
  return 0;
}
