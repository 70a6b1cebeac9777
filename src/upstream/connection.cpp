// A connection's read buffer, and the lease that hands it out once.
#include "triaged/upstream/pool.hpp"

#include <cstring>
#include <utility>

namespace triaged::upstream {
namespace {

// Most whole answers, and any event of a slow stream, in one read: thousands of those are open at once.
constexpr std::size_t small_read = Connection::usual_buffer;
constexpr std::size_t large_read = 16U << 10U;  // a full TLS record
constexpr std::uint32_t calm_reads = 3;         // in a row, none of which needed more than half of a small buffer

}  // namespace

Connection::Connection(net::Socket socket) : stream(std::move(socket)) {}

net::asio::mutable_buffer Connection::space() {
  if (calm >= calm_reads && buffer.size() > small_read && held <= small_read / 2) shrink();
  // What is held is part of a head, whose size the parser limits; so this grows only so far.
  if (buffer.empty()) buffer.resize(small_read);
  // Behind a chunk its last line end is held: no reason to grow.
  if (buffer.size() - held < small_read / 2) buffer.resize(held + small_read);
  if (fast && buffer.size() < large_read) buffer.resize(large_read);
  return {buffer.data() + held, buffer.size() - held};
}

// What came at once for a while comes little by little again.
void Connection::shrink() {
  std::string smaller(small_read, '\0');
  std::memcpy(smaller.data(), buffer.data(), held);
  buffer.swap(smaller);
  fast = false;
  calm = 0;
}

Result<void> Connection::take(std::size_t size, std::string& body) {
  fast = fast || held + size == buffer.size();
  calm = held + size < small_read / 2 ? calm + 1 : 0;
  std::string_view bytes(buffer.data(), held + size);
  held = 0;
  while (!bytes.empty() && !parser.done()) {
    const Result<std::size_t> used = parser.put(bytes, body);
    if (!used) return used.error();
    if (*used == 0) break;
    bytes.remove_prefix(*used);
  }
  if (bytes.empty()) return {};
  std::memmove(buffer.data(), bytes.data(), bytes.size());
  held = bytes.size();
  return {};
}

Lease::Lease(Pool& pool, std::unique_ptr<Connection> connection) : pool_(&pool), connection_(std::move(connection)) {
  if (connection_->buffer.empty()) connection_->buffer = pool_->buffers_.take();
}

Lease::Lease(Lease&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)), connection_(std::move(other.connection_)) {}

Lease& Lease::operator=(Lease&& other) noexcept {
  if (this == &other) return *this;
  drop();
  pool_ = std::exchange(other.pool_, nullptr);
  connection_ = std::move(other.connection_);
  return *this;
}

Lease::~Lease() { drop(); }

void Lease::keep() {
  if (connection_ == nullptr) return;
  pool_->put_back(std::move(connection_));
}

void Lease::drop() {
  if (connection_ == nullptr) return;
  pool_->buffers_.give(connection_->buffer);
  connection_.reset();
  pool_->ended();
}

}  // namespace triaged::upstream
