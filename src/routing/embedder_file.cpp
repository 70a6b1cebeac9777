#include "routing/embedder_file.hpp"

#include "routing/model_file.hpp"
#include "routing/vectors.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace triaged::routing {

namespace {

constexpr std::string_view magic = "triaged embedder\n";
constexpr std::uint32_t format = 1;
constexpr std::size_t longest_name = 64;

Error unfit(std::string_view origin, std::string_view what) {
  return gateway_error(ErrorKind::storage, 500, std::string(origin) + " " + std::string(what));
}

bool read_tokens(std::string_view text, std::size_t tokens, Vocabulary& vocabulary) {
  vocabulary.prepare(tokens);
  for (std::size_t i = 0; i < tokens; ++i) {
    if (text.empty()) return false;
    const auto size = static_cast<std::uint8_t>(text.front());
    if (size == 0 || text.size() <= size || !vocabulary.add(text.substr(1, size))) return false;
    text.remove_prefix(std::size_t{size} + 1);
  }
  return text.empty();
}

}  // namespace

Result<EmbedderTable> read_embedder_table(std::string_view bytes, std::string_view origin) {
  ModelReader file(bytes, magic, "an embedder", origin);
  EmbedderTable table;
  file.expect("format", format);
  const auto tokens = file.get<std::uint32_t>();
  table.dimensions = file.get<std::uint32_t>();
  table.threshold = file.positive("threshold");
  table.name = file.take(file.get<std::uint32_t>());
  const std::string_view text = file.take(file.get<std::uint32_t>());
  // Everything behind the tokens has a size that follows from the numbers above.
  const bool fits = tokens > 0 && tokens <= Vocabulary::most_tokens && table.dimensions > 0 &&
                    table.dimensions <= EmbedderTable::most_dimensions && table.dimensions % vector_step == 0;
  table.scales.resize(fits ? tokens : 0);
  for (float& scale : table.scales) scale = file.finite("scale");
  const std::string_view rows = file.take(fits ? tokens * table.dimensions : 0);
  if (!fits && !file.failed()) return unfit(origin, "has impossible sizes");
  if (Result<void> whole = file.finish(); !whole) return whole.error();
  if (table.threshold > 1) return unfit(origin, "has a threshold that is no similarity");
  if (table.name.empty() || table.name.size() > longest_name) return unfit(origin, "has no proper name");
  if (!read_tokens(text, tokens, table.vocabulary)) return unfit(origin, "has tokens that cannot be read");
  table.rows = reinterpret_cast<const std::int8_t*>(rows.data());
  return table;
}

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat facts {};
  if (file < 0 || ::fstat(file, &facts) != 0) {
    const int why = errno;
    if (file >= 0) ::close(file);
    return unfit(path, "cannot be read: " + std::generic_category().message(why));
  }
  if (facts.st_size <= 0) {
    ::close(file);
    return unfit(path, "is empty");
  }
  const auto size = static_cast<std::size_t>(facts.st_size);
  void* const start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  const int why = errno;
  ::close(file);
  if (start == MAP_FAILED) return unfit(path, "cannot be mapped: " + std::generic_category().message(why));
  return std::make_shared<const MappedFile>(std::string_view(static_cast<const char*>(start), size));
}

MappedFile::~MappedFile() { ::munmap(const_cast<char*>(bytes_.data()), bytes_.size()); }

void forget_pages(std::string_view bytes) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = (reinterpret_cast<std::uintptr_t>(bytes.data()) + page - 1) / page * page;
  const auto end = (reinterpret_cast<std::uintptr_t>(bytes.data()) + bytes.size()) / page * page;
  // A failure costs memory that the kernel may take back at any time, and nothing else.
  if (begin < end) static_cast<void>(::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED));
}

}  // namespace triaged::routing
