#include "net/unsent.hpp"

#include <algorithm>

namespace triaged::net {
namespace asio = boost::asio;
namespace {

// From here on a buffer is worth a TLS record (and its 22 to 29 bytes) of its own.
constexpr std::size_t worth_a_record = 4096;

}  // namespace

Unsent::Unsent(std::span<const asio::const_buffer> buffers) : buffers_(buffers) { skip_empty(); }

void Unsent::skip_empty() {
  while (!buffers_.empty() && offset_ == buffers_.front().size()) {
    buffers_ = buffers_.subspan(1);
    offset_ = 0;
  }
}

void Unsent::consume(std::size_t bytes) {
  sent_ += bytes;
  while (bytes > 0 && !buffers_.empty()) {
    const std::size_t step = std::min(bytes, first().size());
    offset_ += step;
    bytes -= step;
    skip_empty();
  }
}

std::span<const asio::const_buffer> Unsent::next(Parts& parts) const {
  std::size_t count = 0;
  std::size_t offset = offset_;
  for (const asio::const_buffer& buffer : buffers_) {
    if (count == parts.size()) break;
    if (buffer.size() > offset) parts[count++] = buffer + offset;
    offset = 0;
  }
  return {parts.data(), count};
}

asio::const_buffer Unsent::next_piece(std::span<char> scratch) const {
  if (buffers_.empty()) return {};
  if (buffers_.size() == 1 || first().size() >= worth_a_record) return asio::buffer(first(), scratch.size());
  std::size_t filled = 0;
  std::size_t offset = offset_;
  for (const asio::const_buffer& buffer : buffers_) {
    filled += asio::buffer_copy(asio::buffer(scratch.data() + filled, scratch.size() - filled), buffer + offset);
    offset = 0;
    if (filled == scratch.size()) break;
  }
  return asio::buffer(scratch.data(), filled);
}

}  // namespace triaged::net
