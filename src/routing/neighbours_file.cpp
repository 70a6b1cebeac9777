// Past prompts in a file: blocks of u32 size and that many bytes, each block closed by its own CRC-32C
// (model_file.hpp). The first names the embedder, the last one counts the rows, so that a file that was cut short is
// noticed.
#include "triaged/routing/neighbours.hpp"

#include "routing/model_file.hpp"
#include "routing/neighbour_segment.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

namespace triaged::routing {

namespace {

constexpr std::string_view head_magic = "triaged neighbours\n";
constexpr std::string_view rows_magic = "rows\n";
constexpr std::string_view end_magic = "end\n";
constexpr std::uint32_t format = 1;
constexpr std::size_t block_rows = 1024;
constexpr std::size_t largest_block = std::size_t{64} << 20U;

Error trouble(const std::string& path, std::string_view what) {
  return gateway_error(ErrorKind::storage, 500, path + " " + std::string(what));
}

void put_block(std::ostream& file, ModelWriter block) {
  const std::string bytes = block.finish();
  const auto size = static_cast<std::uint32_t>(bytes.size());
  file.write(reinterpret_cast<const char*>(&size), sizeof size);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::optional<std::string> get_block(std::istream& file) {
  std::uint32_t size = 0;
  if (!file.read(reinterpret_cast<char*>(&size), sizeof size) || size > largest_block) return std::nullopt;
  std::string bytes(size, '\0');
  if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) return std::nullopt;
  return bytes;
}

// A row as it stands in a block.
struct Row {
  PastOutcome outcome;
  float scale = 0;
  std::string_view steps;
};

Row get_row(ModelReader& block, std::size_t dimensions) {
  Row row;
  row.outcome.prompt = block.get<std::uint64_t>();
  row.outcome.tier = block.get<std::uint32_t>();
  row.outcome.good = block.finite("outcome");
  row.scale = block.finite("scale");
  row.steps = block.take(dimensions);
  return row;
}

// Errors: not a file of ours, or of another embedder.
Result<void> read_head(std::istream& in, const std::string& path, std::string_view embedder, std::size_t dimensions) {
  const std::optional<std::string> bytes = get_block(in);
  if (!bytes) return trouble(path, "is no file of past prompts of triaged");
  ModelReader head(*bytes, head_magic, "a file of past prompts", path);
  head.expect("format", format);
  const auto found_dimensions = head.get<std::uint32_t>();
  const std::string_view found = head.take(head.get<std::uint32_t>());
  if (Result<void> whole = head.finish(); !whole) return whole;
  if (found == embedder && found_dimensions == dimensions) return {};
  return trouble(path, "was made with the embedder " + std::string(found) + ", not " + std::string(embedder) +
                           ": its vectors mean nothing here");
}

}  // namespace

Result<void> Neighbours::save(const std::string& path) const {
  const std::string fresh = path + ".new";
  std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
  ModelWriter head(head_magic);
  head.put(format);
  head.put(static_cast<std::uint32_t>(dimensions_));
  head.put(static_cast<std::uint32_t>(embedder_.size()));
  head.put_bytes(embedder_);
  put_block(file, std::move(head));
  std::uint64_t written = 0;
  const std::shared_ptr<const Segments> all = segments();
  for (const auto& segment : *all) {
    const RowsView rows = segment->rows();
    for (std::size_t from = 0; from < rows.size; from += block_rows) {
      const std::size_t to = std::min(rows.size, from + block_rows);
      ModelWriter block(rows_magic);
      block.put(static_cast<std::uint32_t>(to - from));
      for (std::size_t i = from; i < to; ++i) {
        const PastOutcome& outcome = segment->outcome(i);
        block.put(outcome.prompt);
        block.put(outcome.tier);
        block.put(outcome.good);
        block.put(rows.scales[i]);
        block.put_bytes({reinterpret_cast<const char*>(rows.steps + i * row_), dimensions_});
      }
      put_block(file, std::move(block));
      written += to - from;
    }
  }
  ModelWriter end(end_magic);
  end.put(written);
  put_block(file, std::move(end));
  file.close();
  std::error_code problem;
  if (file) {
    std::filesystem::rename(fresh, path, problem);
    if (!problem) return {};
  }
  const std::string why = problem ? problem.message() : "writing failed";
  std::filesystem::remove(fresh, problem);
  return trouble(path, "cannot be saved: " + why);
}

Result<std::unique_ptr<Neighbours>> Neighbours::load(const std::string& path, std::string_view embedder,
                                                     std::size_t dimensions, Limits limits) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return trouble(path, "cannot be read");
  if (Result<void> head = read_head(file, path, embedder, dimensions); !head) return head.error();
  auto loaded = std::make_unique<Neighbours>(std::string(embedder), dimensions, limits);
  std::vector<std::int8_t> steps(loaded->row_);
  std::uint64_t count = 0;
  while (const std::optional<std::string> bytes = get_block(file)) {
    if (bytes->compare(0, end_magic.size(), end_magic) == 0) {
      ModelReader end(*bytes, end_magic, "the end of past prompts", path);
      const auto expected = end.get<std::uint64_t>();
      if (Result<void> whole = end.finish(); !whole) return whole.error();
      if (expected != count) return trouble(path, "does not hold as many rows as it says");
      return loaded;
    }
    ModelReader block(*bytes, rows_magic, "a block of past prompts", path);
    const auto rows = block.get<std::uint32_t>();
    for (std::uint32_t i = 0; i < rows && !block.failed(); ++i, ++count) {
      const Row row = get_row(block, dimensions);
      if (block.failed()) break;
      std::memcpy(steps.data(), row.steps.data(), dimensions);
      loaded->append(steps, row.scale, row.outcome);
    }
    if (Result<void> whole = block.finish(); !whole) return whole.error();
  }
  return trouble(path, "is cut short");
}

}  // namespace triaged::routing
