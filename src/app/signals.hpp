// SIGTERM and SIGINT: the first asks for a drain, the second for an end at once. SIGHUP: read the configuration again.
// SIGPIPE is ignored.
#pragma once

#include <functional>

namespace triaged::app {

// Blocks the signals for this thread and all that it starts. Call first.
void block_signals();
// Waits for SIGTERM or SIGINT; calls `on_hangup` for each SIGHUP until then, and `every_turn` every few seconds.
void wait_for_end(const std::function<void()>& on_hangup, const std::function<void()>& every_turn);
// Another one has come since (does not block).
bool signal_pending();

}  // namespace triaged::app
