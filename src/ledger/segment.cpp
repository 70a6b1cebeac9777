#include "ledger/segment.hpp"

#include "triaged/base/crc32c.hpp"

#include "ledger/file_descriptor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace triaged::ledger {
namespace {

struct Header {
  std::array<char, 8> magic{'t', 'r', 'i', 'a', 'g', 'e', 'd', 'J'};
  std::uint32_t version = 1;
  std::uint32_t header_bytes = Segment::header_bytes;
  std::uint64_t worker = 0;
  std::uint64_t sequence = 0;
};
static_assert(sizeof(Header) <= Segment::header_bytes);

constexpr std::size_t prefix_bytes = 8;  // length and checksum
constexpr std::size_t page_bytes = 4096;
constexpr std::size_t ahead_bytes = 128 * page_bytes;  // of the reader: what the writer takes some 50 ms to fill

Error storage_error(const std::string& what, int code) {
  return gateway_error(ErrorKind::storage, 500, what + ": " + std::generic_category().message(code));
}

// A file can be mapped and then have no room on the disk behind a page: writing to it kills the process. So it is
// allocated.
int allocate(int file, std::size_t bytes) {
  int code = EINTR;
  while (code == EINTR) code = ::posix_fallocate(file, 0, static_cast<off_t>(bytes));
  return code;
}

char* map(int file, std::size_t bytes, int protection) {
  void* address = ::mmap(nullptr, bytes, protection, MAP_SHARED, file, 0);
  return address == MAP_FAILED ? nullptr : static_cast<char*>(address);
}

// Faults pages in now rather than one by one under requests. Where the kernel cannot (before 5.14), they come later.
void populate(char* base, std::size_t bytes) {
#ifdef MADV_POPULATE_WRITE
  constexpr int advice = MADV_POPULATE_WRITE;
#else
  constexpr int advice = 23;
#endif
  static_cast<void>(::madvise(base, bytes, advice));
}

}  // namespace

Segment::Segment(std::string path, char* base, std::size_t size, std::uint64_t worker)
    : path_(std::move(path)), base_(base), size_(size), worker_(worker) {}

Segment::~Segment() { ::munmap(base_, size_); }

Result<std::shared_ptr<Segment>> Segment::create(const std::string& path, std::uint64_t worker, std::uint64_t sequence,
                                                 std::size_t bytes) {
  const FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.valid()) return storage_error("cannot create the journal segment " + path, errno);
  if (const int code = allocate(file.get(), bytes)) {
    ::unlink(path.c_str());
    return storage_error(
        "no room for the journal segment " + path + " of " + std::to_string(bytes) + " bytes (free space on its disk)",
        code);
  }
  char* base = map(file.get(), bytes, PROT_READ | PROT_WRITE);
  if (base == nullptr) {
    const int code = errno;
    ::unlink(path.c_str());
    return storage_error("cannot map the journal segment " + path, code);
  }
  Header header;
  header.worker = worker;
  header.sequence = sequence;
  std::memcpy(base, &header, sizeof(header));
  auto segment = std::shared_ptr<Segment>(new Segment(path, base, bytes, worker));
  segment->make_ready(ahead_bytes);
  return segment;
}

Result<std::shared_ptr<Segment>> Segment::open(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!file.valid() || ::fstat(file.get(), &status) != 0) {
    return storage_error("cannot read the journal segment " + path, errno);
  }
  const std::size_t size = static_cast<std::size_t>(status.st_size);
  if (size < header_bytes) {
    // Its process died while it made the file, before anything was written: stands in for it as an empty segment.
    void* empty = ::mmap(nullptr, header_bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (empty == MAP_FAILED) return storage_error("cannot map the journal segment " + path, errno);
    auto segment = std::shared_ptr<Segment>(new Segment(path, static_cast<char*>(empty), header_bytes, 0));
    segment->seal();
    return segment;
  }
  char* base = map(file.get(), size, PROT_READ);
  if (base == nullptr) return storage_error("cannot map the journal segment " + path, errno);
  auto segment = std::shared_ptr<Segment>(new Segment(path, base, size, 0));
  segment->seal();
  Header header;
  std::memcpy(&header, base, sizeof(header));
  if (header.magic == Header().magic && header.version > Header().version) {
    return gateway_error(ErrorKind::storage, 500,
                         "the journal segment " + path + " was written by a newer version (form " +
                             std::to_string(header.version) + "): run that version once, or move the file away");
  }
  return segment;
}

void Segment::remove() const { ::unlink(path_.c_str()); }

bool Segment::append(std::string_view payload) {
  const std::size_t bytes = room_for(payload.size());
  if (bytes > size_ - end_) return false;
  char* record = base_ + end_;
  const std::uint32_t checksum = crc32c(payload);
  std::memcpy(record + sizeof(std::uint32_t), &checksum, sizeof(checksum));
  std::memcpy(record + prefix_bytes, payload.data(), payload.size());
  // Last: whoever sees the length sees the record, be it our reader or, after our death, the next process.
  std::atomic_ref<std::uint32_t>(*reinterpret_cast<std::uint32_t*>(record))
      .store(static_cast<std::uint32_t>(payload.size()), std::memory_order_release);
  end_ += bytes;
  return true;
}

void Segment::read_up_to(std::size_t offset) {
  read_offset_ = offset;
  const std::size_t whole_pages = offset / page_bytes * page_bytes;
  if (whole_pages > let_go_) {
    static_cast<void>(::madvise(base_ + let_go_, whole_pages - let_go_, MADV_DONTNEED));
    let_go_ = whole_pages;
  }
  if (!sealed() && ready_ < whole_pages + ahead_bytes / 2) make_ready(whole_pages + ahead_bytes);
}

void Segment::make_ready(std::size_t end) {
  end = std::min(end, size_);
  const std::size_t begin = std::max(ready_, let_go_);
  if (begin < end) populate(base_ + begin, end - begin);
  ready_ = end;
}

std::uint32_t Segment::length_at(std::size_t offset) const {
  return std::atomic_ref<std::uint32_t>(*reinterpret_cast<std::uint32_t*>(base_ + offset))
      .load(std::memory_order_acquire);
}

bool Segment::holds_record(std::size_t offset, std::uint32_t length) const {
  if (length == 0 || length > size_ - offset - prefix_bytes) return false;
  std::uint32_t checksum = 0;
  std::memcpy(&checksum, base_ + offset + sizeof(std::uint32_t), sizeof(checksum));
  return crc32c({base_ + offset + prefix_bytes, length}) == checksum;
}

Segment::Record Segment::next(std::size_t offset, bool sealed) const {
  bool gap_had_length = false;
  const std::size_t start = offset;
  for (; offset + prefix_bytes <= size_; offset += prefix_bytes) {
    const std::uint32_t length = length_at(offset);
    if (holds_record(offset, length)) {
      return {true, {base_ + offset + prefix_bytes, length}, offset + room_for(length), offset == start ? 0U : 1U};
    }
    if (!sealed) break;  // not written yet
    if (offset == start) gap_had_length = length != 0;
  }
  // Bytes without a length at the very end are an append that the process did not live to finish: nobody was told of
  // it.
  return {false, {}, start, sealed && gap_had_length ? 1U : 0U};
}

}  // namespace triaged::ledger
