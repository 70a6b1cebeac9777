// Finds the lines of a head in a buffer that grows between calls. Each byte is looked at once per search, so a head
// that comes byte by byte costs no more than one that comes whole. Only CR LF ends a line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace triaged::wire {

class LineScanner {
 public:
  enum class State : std::uint8_t { line, more, bad_end };

  void reset() { begin_ = scanned_ = 0; }
  // The next complete line of `bytes`, without its end. `bytes` begins where it began in the call before.
  State next(std::string_view bytes, std::string_view& line);
  // Where the line that is not complete yet begins: the size of all lines found, with their ends.
  std::size_t begin() const { return begin_; }

 private:
  std::size_t begin_ = 0;
  std::size_t scanned_ = 0;
};

}  // namespace triaged::wire
