// The thread that moves journal entries into the database. A database that fails is told of once and tried again; the
// journal keeps the rows meanwhile.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/ledger/journal.hpp"
#include "triaged/store/ledger_store.hpp"

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>

namespace triaged::app {

class LedgerKeeper {
 public:
  // Opens both and stores what a crashed run left in the journal.
  static Result<std::unique_ptr<LedgerKeeper>> open(const config::Ledger& settings);
  ~LedgerKeeper();  // stop()
  LedgerKeeper(const LedgerKeeper&) = delete;
  LedgerKeeper& operator=(const LedgerKeeper&) = delete;

  ledger::Journal& journal() { return *journal_; }
  std::size_t recovered() const { return recovered_; }
  void start();
  void stop();  // after a last drain; writers must be silent by then

 private:
  LedgerKeeper(std::unique_ptr<ledger::Journal> journal, std::unique_ptr<store::LedgerStore> store, Duration interval);
  std::size_t drain();
  void run();

  std::unique_ptr<ledger::Journal> journal_;
  std::unique_ptr<store::LedgerStore> store_;
  Duration interval_;
  std::size_t recovered_ = 0;
  bool failing_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace triaged::app
