#include "triaged/ledger/journal.hpp"

#include "triaged/base/log.hpp"

#include "ledger/journal_files.hpp"
#include "ledger/segment.hpp"

#include <atomic>
#include <cstddef>
#include <string>
#include <utility>

namespace triaged::ledger {

struct JournalWriter::State {
  std::shared_ptr<JournalFiles> files;
  std::uint64_t worker = 0;
  std::shared_ptr<Segment> segment;
  std::string buffer;
};

JournalWriter::JournalWriter(std::shared_ptr<State> state) : state_(std::move(state)) {}

JournalWriter::~JournalWriter() {
  if (state_->segment) state_->segment->seal();
}

bool JournalWriter::append(const Entry& entry) {
  State& state = *state_;
  state.buffer.clear();
  encode(entry, state.buffer);
  if (state.segment && state.segment->append(state.buffer)) return true;

  // Full, or the last attempt to get a segment failed. A segment holds any entry, so one rotation is enough.
  std::shared_ptr<Segment> fresh = state.files->take(state.worker);
  if (fresh == nullptr) return false;
  if (state.segment) state.segment->seal();
  state.segment = std::move(fresh);
  return state.segment->append(state.buffer);
}

struct Journal::State {
  std::shared_ptr<JournalFiles> files;
  std::atomic<std::uint64_t> damaged{0};
};

namespace {

// What was read and is not stored yet. Reading positions move only when it is.
class Batch {
 public:
  std::vector<Entry> entries;

  void reached(std::shared_ptr<Segment> segment, std::size_t offset, bool finished) {
    marks_.push_back({std::move(segment), offset, finished});
  }
  void damaged(const Segment& segment, std::uint64_t count) {
    if (count == 0) return;
    damaged_ += count;
    damaged_path_ = segment.path();
  }

  // False when `store` refused: everything since the last commit will be read again.
  bool commit(JournalFiles& files, const Journal::Store& store, std::atomic<std::uint64_t>& damaged_total) {
    if (!entries.empty() && !store(entries)) return false;
    for (const Mark& mark : marks_) {
      mark.segment->read_up_to(mark.offset);
      if (mark.finished) files.remove(mark.segment);
    }
    if (damaged_ > 0) {
      damaged_total.fetch_add(damaged_, std::memory_order_relaxed);
      log_warn("journal records were damaged and are lost",
               {{"count", std::to_string(damaged_)}, {"segment", damaged_path_}});
    }
    entries.clear();
    marks_.clear();
    damaged_ = 0;
    return true;
  }

 private:
  struct Mark {
    std::shared_ptr<Segment> segment;
    std::size_t offset = 0;
    bool finished = false;
  };
  std::vector<Mark> marks_;
  std::uint64_t damaged_ = 0;
  std::string damaged_path_;
};

}  // namespace

Journal::Journal(std::shared_ptr<State> state) : state_(std::move(state)) {}

Journal::~Journal() = default;

Result<std::unique_ptr<Journal>> Journal::open(const std::string& directory, std::size_t segment_bytes) {
  auto files = JournalFiles::open(directory, segment_bytes);
  if (!files) return files.error();
  auto state = std::make_shared<State>();
  state->files = std::move(*files);
  return std::unique_ptr<Journal>(new Journal(std::move(state)));
}

std::unique_ptr<JournalWriter> Journal::make_writer(std::size_t worker) {
  auto state = std::make_shared<JournalWriter::State>();
  state->files = state_->files;
  state->worker = worker;
  state->segment = state_->files->take(worker);
  return std::unique_ptr<JournalWriter>(new JournalWriter(std::move(state)));
}

std::size_t Journal::drain(const Store& store, std::size_t batch_size) {
  JournalFiles& files = *state_->files;
  std::size_t stored = 0;
  Batch batch;
  const auto commit = [&] {
    const std::size_t count = batch.entries.size();
    if (!batch.commit(files, store, state_->damaged)) return false;
    stored += count;
    return true;
  };

  for (const std::shared_ptr<Segment>& segment : files.segments()) {
    const bool sealed = segment->sealed();
    std::size_t offset = segment->read_offset();
    for (;;) {
      const Segment::Record record = segment->next(offset, sealed);
      batch.damaged(*segment, record.damaged);
      if (!record.found) break;
      offset = record.next;
      if (auto entry = decode(record.payload)) {
        batch.entries.push_back(std::move(*entry));
      } else {
        batch.damaged(*segment, 1);
      }
      if (batch.entries.size() < batch_size) continue;
      batch.reached(segment, offset, false);
      if (!commit()) return stored;
    }
    batch.reached(segment, offset, sealed);
    if (!sealed && offset > segment->size() / 2) files.prepare_spare(segment->worker());
  }
  commit();
  return stored;
}

std::uint64_t Journal::damaged() const { return state_->damaged.load(std::memory_order_relaxed); }

}  // namespace triaged::ledger
