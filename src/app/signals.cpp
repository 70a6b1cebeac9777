#include "app/signals.hpp"

#include <cerrno>
#include <csignal>
#include <ctime>
#include <pthread.h>

namespace triaged::app {
namespace {

sigset_t ending() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

sigset_t watched() {
  sigset_t set = ending();
  sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

void block_signals() {
  const sigset_t set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
}

void wait_for_end(const std::function<void()>& on_hangup, const std::function<void()>& every_turn) {
  const sigset_t set = watched();
  const timespec turn{3, 0};
  for (;;) {
    const int number = sigtimedwait(&set, nullptr, &turn);
    if (number == SIGHUP)
      on_hangup();
    else if (number > 0)
      return;
    else if (errno == EAGAIN)
      every_turn();
  }
}

bool signal_pending() {
  const sigset_t set = ending();
  const timespec at_once{};
  return sigtimedwait(&set, nullptr, &at_once) > 0;
}

}  // namespace triaged::app
