// Writing and reading model files: a magic line, little-endian numbers, and a CRC-32C of everything before it at the
// end.
#pragma once

#include "triaged/base/result.hpp"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace triaged::routing {

static_assert(std::endian::native == std::endian::little, "model files are read as they stand");

class ModelWriter {
 public:
  explicit ModelWriter(std::string_view magic) : bytes_(magic) {}

  template <class T>
  requires std::integral<T> || std::floating_point<T>
  void put(T number) { bytes_.append(reinterpret_cast<const char*>(&number), sizeof number); }
  void put_bytes(std::string_view bytes) { bytes_ += bytes; }
  std::string finish();  // with the checksum

 private:
  std::string bytes_;
};

// Keeps the first problem; every read after it gives a neutral value. Look at finish() once, before using what was
// read.
class ModelReader {
 public:
  // `what` and `origin` are for messages: "a task model", a file name.
  ModelReader(std::string_view bytes, std::string_view magic, std::string_view what, std::string_view origin);

  template <class T>
  requires std::integral<T> || std::floating_point<T> T get() {
    T number{};
    const std::string_view bytes = take(sizeof number);
    if (bytes.size() == sizeof number) std::memcpy(&number, bytes.data(), sizeof number);
    return number;
  }
  void expect(std::string_view name, std::size_t wanted);  // a u32 that this version cannot do without
  float finite(std::string_view name);
  float positive(std::string_view name);
  std::string_view take(std::size_t size);  // that many bytes; none after a problem
  bool failed() const { return !problem_.empty(); }
  Result<void> finish();         // problem, or bytes that nobody read
  std::string checksum() const;  // 8 hexadecimal digits

 private:
  void fail(std::string sentence);

  std::string_view rest_;
  std::string what_;
  std::string origin_;
  std::string problem_;
  std::uint32_t checksum_ = 0;
};

}  // namespace triaged::routing
