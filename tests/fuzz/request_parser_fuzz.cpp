// The first byte chooses limits and a size of pieces, the rest are requests on one connection. However they are split,
// the same requests come out, and what was accepted is clean.
#include "triaged/wire/request_parser.hpp"

#include "fuzz/require.hpp"
#include "unit/wire/feed.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace {

using triaged::fuzz::require;
using triaged::wire::RequestLimits;
using triaged::wire::RequestOutcome;
using triaged::wire::RequestParser;

bool holds_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7F;
  });
}

void check_accepted(const RequestParser& parser, const RequestLimits& limits) {
  require(parser.head_done(), "a complete request has a head");
  require(!parser.method().empty() && !holds_control(parser.method()), "a method is a token");
  require(!parser.target().empty() && parser.target().front() == '/', "a target is in origin form");
  require(!holds_control(parser.target()), "a target holds no control character");
  require(parser.headers().size() <= limits.header_count, "the number of headers is limited");
  require(parser.headers().count("Host") <= 1 && parser.headers().count("Content-Length") <= 1, "no field twice");
  require(parser.version() == 10 || parser.headers().count("Host") == 1, "HTTP/1.1 has a Host");
  require(parser.headers().count("Content-Length") + parser.headers().count("Transfer-Encoding") <= 1, "one framing");
  for (std::size_t i = 0; i < parser.headers().size(); ++i) {
    require(!parser.headers()[i].name.empty(), "a header has a name");
    require(!holds_control(parser.headers()[i].value), "a value holds no control character");
  }
  require(parser.body().size() <= limits.body, "the body is limited");
  require(parser.body().capacity() >= parser.body().size() + 64, "there is room behind the body");
  require(parser.declared_length() == 0 || parser.declared_length() == parser.body().size(),
          "the length is the length");
}

std::vector<RequestOutcome> read_all(std::string_view bytes, std::size_t piece, const RequestLimits& limits) {
  std::vector<RequestOutcome> outcomes;
  RequestParser parser(limits);
  for (;;) {
    outcomes.push_back(triaged::wire::feed_request(parser, bytes, piece));
    const RequestOutcome& last = outcomes.back();
    if (!last.done) return outcomes;
    check_accepted(parser, limits);
    require(last.used > 0 && last.used <= bytes.size(), "a request has bytes");
    bytes.remove_prefix(last.used);
    parser.reset();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  RequestLimits limits;
  if ((data[0] & 1U) != 0) {
    limits.head = 200;
    limits.header_count = 5;
    limits.body = 50;
  }
  const std::vector<RequestOutcome> at_once = read_all(bytes, triaged::wire::whole, limits);
  require(read_all(bytes, 1, limits) == at_once, "byte by byte is the same");
  require(read_all(bytes, 2U + (data[0] >> 1U), limits) == at_once, "in pieces is the same");
  return 0;
}
