// Content codings (RFC 9110, section 8.4.1): gzip and deflate (zlib), br (brotli), zstd. Streaming, bounded.
#pragma once

#include "triaged/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::wire {

enum class Coding : std::uint8_t { identity, gzip, deflate, br, zstd };
std::string_view name(Coding coding);

// Of one token of Content-Encoding; nothing for one that is not known.
std::optional<Coding> coding_of(std::string_view token);
// The best of ours by an Accept-Encoding field: zstd, br, gzip where equally welcome. Identity without a field.
Coding choose_coding(std::string_view accept_encoding);

// Undoes a coding.
class Decompressor {
 public:
  // Not for identity.
  explicit Decompressor(Coding coding);
  ~Decompressor();
  Decompressor(Decompressor&&) noexcept;
  Decompressor& operator=(Decompressor&&) noexcept;

  // Appends what `bytes` come to. Error: invalid_request for bytes that are not of the coding, too_large when `out`
  // would exceed `most` bytes in all.
  Result<void> put(std::string_view bytes, std::string& out, std::size_t most);
  // The input has ended. Error: invalid_request when it ended early.
  Result<void> end() const;

 private:
  class Engine;
  class Zlib;
  class Brotli;
  class Zstd;
  std::unique_ptr<Engine> engine_;
};

// The codings that a Content-Encoding field lists, in the order in which they were applied; identity is left out.
// Error: 415 for one that is not known, or for too many.
Result<std::vector<Coding>> codings_in(std::string_view content_encoding);

// Undoes several codings, from the last to the first, piece by piece.
class Unpacker {
 public:
  explicit Unpacker(const std::vector<Coding>& codings);

  // Appends what `bytes` come to. Error: as with a Decompressor; no stage makes more than `most` bytes of them.
  Result<void> put(std::string_view bytes, std::string& out, std::size_t most);
  // The input has ended. Error: before what is packed did.
  Result<void> end() const;
  bool fed() const { return fed_; }  // whether a byte has come

 private:
  std::vector<Decompressor> stages_;  // the one that comes first undoes the last coding
  std::string between_, next_;        // what one stage hands to the next
  bool fed_ = false;
};

// `body` in the codings that a Content-Encoding field lists, undone from the last to the first. Error: 415 for a coding
// that is not known, 400 for a damaged body, 413 above `most` bytes.
Result<std::string> decompressed(std::string_view body, std::string_view content_encoding, std::size_t most);

// Applies a coding.
class Compressor {
 public:
  // gzip, br or zstd.
  explicit Compressor(Coding coding);
  ~Compressor();
  Compressor(Compressor&&) noexcept;
  Compressor& operator=(Compressor&&) noexcept;

  // Appends what `bytes` come to. All that was put so far can be undone by whoever has all output so far; after the
  // last piece nothing may follow.
  void put(std::string_view bytes, std::string& out, bool last);

 private:
  class Engine;
  class Zlib;
  class Brotli;
  class Zstd;
  std::unique_ptr<Engine> engine_;
};

}  // namespace triaged::wire
