#include "wire/line_scanner.hpp"

namespace triaged::wire {

LineScanner::State LineScanner::next(std::string_view bytes, std::string_view& line) {
  if (bytes.size() <= scanned_) return State::more;
  const std::size_t feed = bytes.find('\n', scanned_);
  if (feed == std::string_view::npos) {
    scanned_ = bytes.size();
    return State::more;
  }
  const std::string_view found = bytes.substr(begin_, feed - begin_);
  // The only CR of a line is the one in front of its LF.
  if (found.empty() || found.find('\r') != found.size() - 1) return State::bad_end;
  line = found.substr(0, found.size() - 1);
  begin_ = scanned_ = feed + 1;
  return State::line;
}

}  // namespace triaged::wire
