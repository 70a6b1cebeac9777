// Any bytes as Amazon's event stream, at once and in pieces: the same events, and no crash. The bytes are read as the
// inside of a message with right checksums, too, so that what stands behind those is reached.
#include "triaged/wire/event_stream.hpp"

#include "fuzz/require.hpp"
#include "wire/crc32.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using triaged::fuzz::require;

struct Outcome {
  std::vector<std::string> events;
  bool failed = false;
  bool operator==(const Outcome&) const = default;
};

Outcome read(std::string_view bytes, std::size_t piece) {
  triaged::wire::EventStreamReader reader(4096);
  Outcome outcome;
  while (!bytes.empty()) {
    const std::size_t size = std::min(piece, bytes.size());
    outcome.failed = !reader.put(bytes.substr(0, size)) || outcome.failed;
    bytes.remove_prefix(size);
    while (const auto event = reader.next()) {
      outcome.events.push_back(std::string(event->event) + "|" + std::string(event->data));
    }
  }
  return outcome;
}

void put_number(std::string& bytes, std::size_t at, std::uint32_t number) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(number >> (24 - 8 * i) & 0xFFU);
}

// One message of all bytes, the first of which says how long its headers are.
std::string as_message(std::string_view bytes) {
  std::string message(12, '\0');
  message.append(bytes.substr(1)).append(4, '\0');
  put_number(message, 0, static_cast<std::uint32_t>(message.size()));
  put_number(message, 4, static_cast<unsigned char>(bytes.front()));
  put_number(message, 8, triaged::wire::crc32(std::string_view(message).substr(0, 8)));
  put_number(message, message.size() - 4,
             triaged::wire::crc32(std::string_view(message).substr(0, message.size() - 4)));
  return message;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Outcome expected = read(bytes, bytes.size() + 1);
  require(read(bytes, 1) == expected, "pieces give the same events");
  require(read(bytes, 7) == expected, "pieces give the same events");
  if (!bytes.empty() && bytes.size() < 4000) {
    const std::string message = as_message(bytes);
    require(read(message, 5) == read(message, message.size()), "pieces give the same events");
  }
  return 0;
}
