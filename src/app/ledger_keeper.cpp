#include "app/ledger_keeper.hpp"

#include "triaged/base/log.hpp"

#include <string>
#include <utility>
#include <vector>

namespace triaged::app {

Result<std::unique_ptr<LedgerKeeper>> LedgerKeeper::open(const config::Ledger& settings) {
  Result<std::unique_ptr<ledger::Journal>> journal = ledger::Journal::open(settings.path + ".journal");
  if (!journal) return journal.error();
  Result<std::unique_ptr<store::LedgerStore>> store = store::open_sqlite(settings.path);
  if (!store) return store.error();
  std::unique_ptr<LedgerKeeper> keeper(new LedgerKeeper(std::move(*journal), std::move(*store), settings.flush));
  keeper->recovered_ = keeper->drain();
  return keeper;
}

LedgerKeeper::LedgerKeeper(std::unique_ptr<ledger::Journal> journal, std::unique_ptr<store::LedgerStore> store,
                           Duration interval)
    : journal_(std::move(journal)), store_(std::move(store)), interval_(interval) {}

LedgerKeeper::~LedgerKeeper() { stop(); }

void LedgerKeeper::start() {
  thread_ = std::thread([this] { run(); });
}

void LedgerKeeper::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  drain();
}

void LedgerKeeper::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait_for(lock, interval_, [this] { return stopping_; });
    lock.unlock();
    drain();
    lock.lock();
  }
}

std::size_t LedgerKeeper::drain() {
  return journal_->drain([this](const std::vector<ledger::Entry>& batch) {
    const Result<void> stored = store_->insert(batch);
    if (!stored && !failing_) {
      log_error("the ledger's database takes no rows; the journal keeps them", {{"error", stored.error().detail}});
    }
    if (stored && failing_) log_info("the ledger's database takes rows again");
    failing_ = !stored;
    return stored.has_value();
  });
}

}  // namespace triaged::app
