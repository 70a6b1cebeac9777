// The hold-back window of a stream: how long its beginning is kept from the client, and when the checks look at it.
// No clock and no text in here: it is told what there is. One per attempt.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/config/quality.hpp"

#include <cstdint>

namespace triaged::quality {

enum class WindowStep : std::uint8_t {
  hold,     // keep what came, wait for more
  look,     // have the checks look; go on holding if they find nothing
  decide,   // the same for the last time: if they find nothing, all goes to the client, and what comes after it too
  release,  // decided earlier: send
};

// What came of a stream so far.
struct Held {
  std::int64_t characters = 0;     // of visible text and tool arguments; four are a token
  Duration since_first_content{};  // 0 before it
  bool finished = false;           // the answer is whole
};

class Window {
 public:
  explicit Window(const config::Gate& gate);

  // To be asked after each event with content, at the end, and when wait() is over. Looks come whenever twice as much
  // is there as at the last one: checking costs in proportion to the text, however long it is held.
  WindowStep next(const Held& held);
  // How long after its first content a stream is held at most. Duration::max() if to its end.
  Duration wait() const { return wait_; }
  bool decided() const { return decided_; }

 private:
  std::int64_t limit_;  // characters
  Duration wait_;
  std::int64_t next_look_;
  bool decided_ = false;
};

}  // namespace triaged::quality
