// The file of the built-in kind of embedder, as config/models/make_embedder.py writes it; numbers are little-endian:
//   "triaged embedder\n"  u32 format, tokens, dimensions   f32 threshold   u32 bytes of the name   name
//   u32 bytes of the tokens   tokens: u8 bytes, UTF-8   f32 scales [tokens]   i8 rows [tokens][dimensions]
//   u32 CRC-32C of everything before it
#pragma once

#include "triaged/base/result.hpp"

#include "routing/word_pieces.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::routing {

// Points into the bytes it was read from.
struct EmbedderTable {
  static constexpr std::size_t most_dimensions = 512;

  std::string name;
  std::size_t dimensions = 0;
  float threshold = 0;
  Vocabulary vocabulary;
  std::vector<float> scales;          // of the rows: the weight of each word piece is in it
  const std::int8_t* rows = nullptr;  // [tokens][dimensions]
};

Result<EmbedderTable> read_embedder_table(std::string_view bytes, std::string_view origin);

// A file mapped into memory, read-only: only what is used is resident.
class MappedFile {
 public:
  static Result<std::shared_ptr<const MappedFile>> open(const std::string& path);
  explicit MappedFile(std::string_view bytes) : bytes_(bytes) {}
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::string_view bytes() const { return bytes_; }

 private:
  std::string_view bytes_;
};

// Bytes mapped from a file that were only looked at to check them need not stay resident.
void forget_pages(std::string_view bytes);

}  // namespace triaged::routing
