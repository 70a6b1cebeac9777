// What is left of a gathered write. Borrows the caller's buffers; allocates nothing.
#pragma once

#include <boost/asio/buffer.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace triaged::net {

class Unsent {
 public:
  static constexpr std::size_t max_parts = 16;
  using Parts = std::array<boost::asio::const_buffer, max_parts>;

  explicit Unsent(std::span<const boost::asio::const_buffer> buffers);
  bool empty() const { return buffers_.empty(); }
  std::size_t sent() const { return sent_; }
  void consume(std::size_t bytes);

  // The next buffers that are not empty, written into `parts`.
  std::span<const boost::asio::const_buffer> next(Parts& parts) const;
  // The next bytes in one piece, at most `scratch` long: in place when the first buffer is long enough or the last one,
  // else small buffers are copied together. The same bytes each time until some are consumed.
  boost::asio::const_buffer next_piece(std::span<char> scratch) const;

 private:
  boost::asio::const_buffer first() const { return buffers_.front() + offset_; }
  void skip_empty();

  std::span<const boost::asio::const_buffer> buffers_;
  std::size_t offset_ = 0;  // into the first buffer; never at its end
  std::size_t sent_ = 0;
};

}  // namespace triaged::net
