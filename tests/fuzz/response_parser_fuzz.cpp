// The first byte chooses limits and a size of pieces, the rest is what an upstream sends. However it is split, the same
// answer or the same error comes out.
#include "triaged/wire/response_parser.hpp"

#include "fuzz/require.hpp"
#include "unit/wire/feed.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using triaged::fuzz::require;
using triaged::wire::ResponseLimits;
using triaged::wire::ResponseOutcome;

void check(const ResponseOutcome& outcome, std::size_t size) {
  require(outcome.used <= size, "no more is used than came");
  if (outcome.refused) {
    require(!outcome.done, "a refused answer is not complete");
    return;
  }
  require(!outcome.done || outcome.done_at_end, "a complete answer stays complete");
  if (outcome.done_at_end) {
    require(outcome.status >= 200 && outcome.status <= 599, "an answer has a final status");
    require(outcome.body.size() <= outcome.used, "a body is no longer than its message");
  } else {
    require(outcome.end_error == triaged::ErrorKind::truncated || outcome.end_error == triaged::ErrorKind::reset,
            "an unfinished answer is an error");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  ResponseLimits limits;
  if ((data[0] & 1U) != 0) {
    limits.head = 200;
    limits.header_count = 5;
  }
  const ResponseOutcome at_once = triaged::wire::feed_response(bytes, triaged::wire::whole, limits);
  check(at_once, bytes.size());
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2} + (data[0] >> 1U)}) {
    require(triaged::wire::feed_response(bytes, piece, limits) == at_once, "in pieces is the same");
  }
  return 0;
}
