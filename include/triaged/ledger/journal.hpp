// The crash-safe journal in front of the database. Each worker appends to memory-mapped segments of its own: an
// appended entry survives the death of the process (the pages belong to the kernel) without a system call per request.
// A power cut can lose what the kernel had not written yet (at most the flush interval plus its write-back). A segment
// is allocated in full before use, so a full disk is an error at rotation, never a SIGBUS.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/ledger/entry.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace triaged::ledger {

// Appended to by one thread; read by the drain's thread. Segment files are named <worker>-<sequence>.journal.
class JournalWriter {
 public:
  ~JournalWriter();
  // False when the entry could not be written (disk full): the caller counts and logs it, the request goes on.
  bool append(const Entry& entry);

 private:
  friend class Journal;
  struct State;
  explicit JournalWriter(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

class Journal {
 public:
  // Creates the directory, locks it (a second daemon on it is an error that says so).
  static Result<std::unique_ptr<Journal>> open(const std::string& directory, std::size_t segment_bytes = 4U << 20U);
  ~Journal();

  std::unique_ptr<JournalWriter> make_writer(std::size_t worker);  // any thread

  // Reads what was appended since the last call, segments of a crashed run first, and hands it to `store` in batches;
  // when `store` says true, the entries count as stored and sealed segments are deleted. Returns how many entries were
  // stored. Damaged records (bad checksum, torn by a power cut) are skipped, counted and told. One thread only.
  using Store = std::function<bool(const std::vector<Entry>& batch)>;
  std::size_t drain(const Store& store, std::size_t batch_size = 2'000);
  std::uint64_t damaged() const;

 private:
  struct State;
  explicit Journal(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace triaged::ledger
