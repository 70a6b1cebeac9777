// One file of the journal, mapped into memory: a header, then records at multiples of eight bytes, each a length, a
// checksum and the payload. The file is allocated in full and zeroed before use. One thread writes, another may read at
// the same time.
#pragma once

#include "triaged/base/result.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace triaged::ledger {

class Segment {
 public:
  static constexpr std::size_t header_bytes = 64;

  // What next() found. `damaged` counts the gaps that it had to skip to get there.
  struct Record {
    bool found = false;
    std::string_view payload;
    std::size_t next = 0;
    std::uint64_t damaged = 0;
  };

  // A new file; an error leaves none behind.
  static Result<std::shared_ptr<Segment>> create(const std::string& path, std::uint64_t worker, std::uint64_t sequence,
                                                 std::size_t bytes);
  // A file of an earlier run, for reading only. An error if a newer version wrote it.
  static Result<std::shared_ptr<Segment>> open(const std::string& path);
  ~Segment();
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;

  // The writer's side. append() is false when there is no room left; nothing follows seal().
  bool append(std::string_view payload);
  void seal() { sealed_.store(true, std::memory_order_release); }
  static std::size_t room_for(std::size_t payload) { return (8 + payload + 7) / 8 * 8; }

  // The reader's side. `sealed` is what sealed() said before the first of a row of calls: only then nothing is being
  // written any more, and bytes that are no record are damage to be skipped.
  bool sealed() const { return sealed_.load(std::memory_order_acquire); }
  Record next(std::size_t offset, bool sealed) const;

  void remove() const;  // the file; the mapping lives on
  std::uint64_t worker() const { return worker_; }
  std::size_t size() const { return size_; }
  const std::string& path() const { return path_; }

  // How far the reader got. Memory of whole pages before that is let go: they are in the file. Memory of what is
  // written next is made ready.
  std::size_t read_offset() const { return read_offset_; }
  void read_up_to(std::size_t offset);

 private:
  Segment(std::string path, char* base, std::size_t size, std::uint64_t worker);
  void make_ready(std::size_t end);
  std::uint32_t length_at(std::size_t offset) const;
  bool holds_record(std::size_t offset, std::uint32_t length) const;

  std::string path_;
  char* base_;
  std::size_t size_;
  std::uint64_t worker_;
  std::size_t end_ = header_bytes;          // the writer's
  std::size_t read_offset_ = header_bytes;  // the reader's
  std::size_t let_go_ = 0;                  // likewise: bytes from the front that are not in memory any more
  std::size_t ready_ = 0;                   // likewise: and those that were put there
  std::atomic<bool> sealed_{false};
};

}  // namespace triaged::ledger
