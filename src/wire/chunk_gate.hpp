// Decides when the line in front of a chunk, or all that follows the last chunk, is complete and well formed, so that
// the parser behind it only ever sees whole elements: nothing is held back, rescanned or left waiting on a malformed
// line.
#pragma once

#include "wire/line_scanner.hpp"
#include "wire/refusal.hpp"

#include <cstddef>
#include <string_view>

namespace triaged::wire {

class ChunkGate {
 public:
  // Trailers longer than `max_trailers` in total are refused; 0 refuses any.
  explicit ChunkGate(std::size_t max_trailers) : max_trailers_(max_trailers) {}

  void reset();
  // Looks at `bytes`, which begin behind the data of the chunk before. Sets `size` to the bytes to pass on, 0 if more
  // are needed first.
  Refusal check(std::string_view bytes, std::size_t& size);

 private:
  Refusal check_line(std::string_view bytes, bool& complete);
  Refusal check_trailers(std::string_view bytes, bool& complete);

  std::size_t max_trailers_;
  std::size_t extensions_left_ = max_extensions;
  bool first_ = true;  // the line end of the chunk before belongs to the line of the next
  bool last_ = false;  // the line of the last chunk was seen, its trailers are being looked for
  std::size_t trailers_begin_ = 0;
  LineScanner lines_;

  static constexpr std::size_t max_extensions = 4U << 10U;  // of all chunks of a message together
};

}  // namespace triaged::wire
