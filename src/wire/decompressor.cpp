#include "triaged/wire/compression.hpp"

#include <array>
#include <brotli/decode.h>
#include <utility>
#include <zlib.h>
#include <zstd.h>

namespace triaged::wire {
namespace {

constexpr std::size_t step = 16U << 10U;

Error damaged(Coding coding) {
  return client_error(ErrorKind::invalid_request, 400,
                      "The body is not what its Content-Encoding (" + std::string(name(coding)) + ") says.",
                      "invalid_content_encoding");
}

Error too_large(std::size_t most) {
  return client_error(ErrorKind::too_large, 413,
                      "The body is larger than " + std::to_string(most) + " bytes when it is unpacked.",
                      "request_too_large");
}

// One step's output.
struct Piece {
  std::array<char, step> bytes;
};

}  // namespace

class Decompressor::Engine {
 public:
  virtual ~Engine() = default;
  virtual Result<void> put(std::string_view bytes, std::string& out, std::size_t most) = 0;
  virtual bool complete() const = 0;
  virtual Coding coding() const = 0;
};

class Decompressor::Zlib final : public Engine {
 public:
  explicit Zlib(Coding coding) : coding_(coding) {
    constexpr int window = 15;
    constexpr int with_gzip = 16;
    ok_ = inflateInit2(&stream_, coding == Coding::gzip ? window + with_gzip : window) == Z_OK;
  }
  ~Zlib() override { inflateEnd(&stream_); }
  Zlib(const Zlib&) = delete;
  Zlib& operator=(const Zlib&) = delete;

  Result<void> put(std::string_view bytes, std::string& out, std::size_t most) override {
    if (!ok_) return damaged(coding_);
    // zlib's interface is older than const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    while (stream_.avail_in > 0) {
      if (complete_ && inflateReset(&stream_) != Z_OK) return damaged(coding_);  // a further member
      complete_ = false;
      int result = Z_OK;
      do {
        stream_.next_out = reinterpret_cast<Bytef*>(piece_.bytes.data());
        stream_.avail_out = static_cast<uInt>(step);
        result = inflate(&stream_, Z_NO_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
          ok_ = false;
          return damaged(coding_);
        }
        const std::size_t made = step - stream_.avail_out;
        if (out.size() + made > most) return too_large(most);
        out.append(piece_.bytes.data(), made);
      } while (result == Z_OK && stream_.avail_out == 0);
      if (result == Z_STREAM_END) complete_ = true;
      if (result == Z_BUF_ERROR) break;
    }
    return {};
  }
  bool complete() const override { return complete_; }
  Coding coding() const override { return coding_; }

 private:
  Coding coding_;
  z_stream stream_{};
  Piece piece_{};
  bool ok_ = false;
  bool complete_ = false;
};

class Decompressor::Brotli final : public Engine {
 public:
  Brotli() : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {}
  ~Brotli() override { BrotliDecoderDestroyInstance(state_); }
  Brotli(const Brotli&) = delete;
  Brotli& operator=(const Brotli&) = delete;

  Result<void> put(std::string_view bytes, std::string& out, std::size_t most) override {
    if (state_ == nullptr || (complete_ && !bytes.empty())) return damaged(Coding::br);
    const auto* next = reinterpret_cast<const std::uint8_t*>(bytes.data());
    std::size_t left = bytes.size();
    while (true) {
      auto* to = reinterpret_cast<std::uint8_t*>(piece_.bytes.data());
      std::size_t room = step;
      const BrotliDecoderResult result = BrotliDecoderDecompressStream(state_, &left, &next, &room, &to, nullptr);
      if (result == BROTLI_DECODER_RESULT_ERROR) return damaged(Coding::br);
      if (out.size() + (step - room) > most) return too_large(most);
      out.append(piece_.bytes.data(), step - room);
      if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) continue;
      complete_ = result == BROTLI_DECODER_RESULT_SUCCESS;
      if (complete_ && left > 0) return damaged(Coding::br);
      return {};
    }
  }
  bool complete() const override { return complete_; }
  Coding coding() const override { return Coding::br; }

 private:
  BrotliDecoderState* state_;
  Piece piece_{};
  bool complete_ = false;
};

class Decompressor::Zstd final : public Engine {
 public:
  Zstd() : stream_(ZSTD_createDStream()) {
    // A frame may ask for a window as large as it likes; what a body may be bounds it.
    constexpr int largest_window = 23;
    if (stream_ != nullptr) ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, largest_window);
  }
  ~Zstd() override { ZSTD_freeDStream(stream_); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  Result<void> put(std::string_view bytes, std::string& out, std::size_t most) override {
    if (stream_ == nullptr) return damaged(Coding::zstd);
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    while (true) {
      ZSTD_outBuffer to{piece_.bytes.data(), step, 0};
      const std::size_t result = ZSTD_decompressStream(stream_, &to, &in);
      if (ZSTD_isError(result) != 0) return damaged(Coding::zstd);
      if (out.size() + to.pos > most) return too_large(most);
      out.append(piece_.bytes.data(), to.pos);
      if (!bytes.empty()) complete_ = result == 0;
      if (in.pos == in.size && to.pos < step) return {};
    }
  }
  bool complete() const override { return complete_; }
  Coding coding() const override { return Coding::zstd; }

 private:
  ZSTD_DStream* stream_;
  Piece piece_{};
  bool complete_ = false;
};

Decompressor::Decompressor(Coding coding) {
  if (coding == Coding::br)
    engine_ = std::make_unique<Brotli>();
  else if (coding == Coding::zstd)
    engine_ = std::make_unique<Zstd>();
  else
    engine_ = std::make_unique<Zlib>(coding);
}

Decompressor::~Decompressor() = default;
Decompressor::Decompressor(Decompressor&&) noexcept = default;
Decompressor& Decompressor::operator=(Decompressor&&) noexcept = default;

Result<void> Decompressor::put(std::string_view bytes, std::string& out, std::size_t most) {
  return engine_->put(bytes, out, most);
}

Result<void> Decompressor::end() const {
  if (engine_->complete()) return {};
  return damaged(engine_->coding());
}

}  // namespace triaged::wire
