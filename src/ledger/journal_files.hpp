// The journal's directory: its lock and its segment files. Safe to use from any thread.
#pragma once

#include "triaged/base/result.hpp"

#include "ledger/file_descriptor.hpp"
#include "ledger/segment.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace triaged::ledger {

class JournalFiles {
 public:
  // Creates and locks the directory, and lists what an earlier run left in it.
  static Result<std::shared_ptr<JournalFiles>> open(const std::string& directory, std::size_t segment_bytes);
  ~JournalFiles();
  JournalFiles(const JournalFiles&) = delete;
  JournalFiles& operator=(const JournalFiles&) = delete;

  // A segment for `worker` to append to: the spare if there is one. From now on segments() lists it. Null if the disk
  // is full or the directory gone.
  std::shared_ptr<Segment> take(std::uint64_t worker);
  // Makes the worker's next segment ahead of time, so that a rotation costs a request nothing.
  void prepare_spare(std::uint64_t worker);

  std::vector<std::shared_ptr<Segment>> segments() const;  // those of earlier runs first, each worker's in order
  void remove(const std::shared_ptr<Segment>& segment);

 private:
  JournalFiles(std::string directory, std::size_t segment_bytes, FileDescriptor lock);
  Result<void> find_left();
  std::shared_ptr<Segment> create(std::uint64_t worker, std::uint64_t sequence) const;

  const std::string directory_;
  const std::size_t segment_bytes_;
  const FileDescriptor lock_;
  mutable std::mutex mutex_;  // guards what follows; never held while a file is made
  std::uint64_t next_sequence_ = 1;
  std::vector<std::shared_ptr<Segment>> segments_;
  std::map<std::uint64_t, std::shared_ptr<Segment>> spares_;
};

}  // namespace triaged::ledger
