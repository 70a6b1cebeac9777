#include "ledger/journal_files.hpp"

#include "triaged/base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <string_view>
#include <sys/file.h>
#include <system_error>
#include <tuple>
#include <utility>

namespace triaged::ledger {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view suffix = ".journal";
constexpr std::size_t page = 4096;
constexpr std::size_t smallest_segment = 16 * page;  // the longest entry fits

Error storage_error(const std::string& what, const std::error_code& code) {
  return gateway_error(ErrorKind::storage, 500, what + ": " + code.message());
}

std::error_code last_error() { return {errno, std::generic_category()}; }

struct Left {
  std::uint64_t worker = 0;
  std::uint64_t sequence = 0;
  std::string path;
};

// "<worker>-<sequence>.journal"; anything else in the directory is left alone.
std::optional<Left> left_segment(const fs::path& path) {
  const std::string file = path.filename().string();
  std::string_view name = file;
  if (!name.ends_with(suffix)) return std::nullopt;
  name.remove_suffix(suffix.size());
  const std::size_t dash = name.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto worker = parse_uint(name.substr(0, dash));
  const auto sequence = parse_uint(name.substr(dash + 1));
  if (!worker || !sequence) return std::nullopt;
  return Left{*worker, *sequence, path.string()};
}

Result<FileDescriptor> lock_directory(const std::string& directory) {
  std::error_code code;
  fs::create_directories(directory, code);
  if (code) return storage_error("cannot create the journal directory " + directory, code);
  FileDescriptor file(::open((directory + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.valid()) {
    return storage_error("cannot write to the journal directory " + directory + " (make it writable for this user)",
                         last_error());
  }
  if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) return file;
  if (errno != EWOULDBLOCK) return storage_error("cannot lock the journal directory " + directory, last_error());
  return gateway_error(ErrorKind::storage, 500,
                       "the journal directory " + directory +
                           " is in use by another process: stop that one, or set another ledger.path");
}

}  // namespace

JournalFiles::JournalFiles(std::string directory, std::size_t segment_bytes, FileDescriptor lock)
    : directory_(std::move(directory)), segment_bytes_(segment_bytes), lock_(std::move(lock)) {}

JournalFiles::~JournalFiles() {
  for (const auto& [worker, spare] : spares_) spare->remove();
}

Result<std::shared_ptr<JournalFiles>> JournalFiles::open(const std::string& directory, std::size_t segment_bytes) {
  auto lock = lock_directory(directory);
  if (!lock) return lock.error();
  const std::size_t bytes = std::max(smallest_segment, (segment_bytes + page - 1) / page * page);
  std::shared_ptr<JournalFiles> files(new JournalFiles(directory, bytes, std::move(*lock)));
  if (auto found = files->find_left(); !found) return found.error();
  // The first writer would find out too, but this is the time at which an operator reads the message.
  auto trial = Segment::create(directory + "/trial", 0, 0, bytes);
  if (!trial) return trial.error();
  (*trial)->remove();
  return files;
}

Result<void> JournalFiles::find_left() {
  std::error_code code;
  std::vector<Left> found;
  for (fs::directory_iterator file(directory_, code), end; !code && file != end; file.increment(code)) {
    if (auto left = left_segment(file->path())) found.push_back(std::move(*left));
  }
  if (code) return storage_error("cannot list the journal directory " + directory_, code);
  fs::remove(directory_ + "/trial", code);  // of a process that died while it tried

  std::sort(found.begin(), found.end(), [](const Left& a, const Left& b) {
    return std::tie(a.worker, a.sequence) < std::tie(b.worker, b.sequence);
  });
  for (const Left& left : found) {
    auto segment = Segment::open(left.path);
    if (!segment) return segment.error();
    segments_.push_back(std::move(*segment));
    next_sequence_ = std::max(next_sequence_, left.sequence + 1);
  }
  return {};
}

std::shared_ptr<Segment> JournalFiles::create(std::uint64_t worker, std::uint64_t sequence) const {
  const std::string path =
      directory_ + "/" + std::to_string(worker) + "-" + std::to_string(sequence) + std::string(suffix);
  auto segment = Segment::create(path, worker, sequence, segment_bytes_);
  return segment ? std::move(*segment) : nullptr;
}

std::shared_ptr<Segment> JournalFiles::take(std::uint64_t worker) {
  std::uint64_t sequence = 0;
  {
    const std::lock_guard guard(mutex_);
    if (const auto spare = spares_.find(worker); spare != spares_.end()) {
      segments_.push_back(std::move(spare->second));
      spares_.erase(spare);
      return segments_.back();
    }
    sequence = next_sequence_++;
  }
  std::shared_ptr<Segment> segment = create(worker, sequence);
  if (segment == nullptr) return nullptr;
  const std::lock_guard guard(mutex_);
  segments_.push_back(segment);
  return segment;
}

void JournalFiles::prepare_spare(std::uint64_t worker) {
  std::uint64_t sequence = 0;
  {
    const std::lock_guard guard(mutex_);
    if (spares_.contains(worker)) return;
    sequence = next_sequence_++;
  }
  std::shared_ptr<Segment> spare = create(worker, sequence);
  if (spare == nullptr) return;  // the writer will find out by itself
  const std::lock_guard guard(mutex_);
  spares_.emplace(worker, std::move(spare));
}

std::vector<std::shared_ptr<Segment>> JournalFiles::segments() const {
  const std::lock_guard guard(mutex_);
  return segments_;
}

void JournalFiles::remove(const std::shared_ptr<Segment>& segment) {
  segment->remove();
  const std::lock_guard guard(mutex_);
  std::erase(segments_, segment);
}

}  // namespace triaged::ledger
