// SIGTERM and SIGINT: the first asks for a drain, the second for an end at once. SIGPIPE is ignored.
#pragma once

namespace triaged::app {

// Blocks the signals for this thread and all that it starts. Call first.
void block_signals();
// Waits for one; returns its number.
int wait_for_signal();
// Another one has come since (does not block).
bool signal_pending();

}  // namespace triaged::app
