#include "triaged/wire/compression.hpp"

#include <array>
#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

namespace triaged::wire {
namespace {

constexpr std::size_t step = 16U << 10U;

// Low levels: an answer is sent once, and soon.
constexpr int gzip_level = 4;
constexpr int brotli_quality = 4;
constexpr int zstd_level = 3;

}  // namespace

class Compressor::Engine {
 public:
  virtual ~Engine() = default;
  virtual void put(std::string_view bytes, std::string& out, bool last) = 0;

 protected:
  std::array<char, step> piece_;
};

class Compressor::Zlib final : public Engine {
 public:
  Zlib() {
    constexpr int window_and_gzip = 15 + 16;
    constexpr int memory = 8;
    ready_ = deflateInit2(&stream_, gzip_level, Z_DEFLATED, window_and_gzip, memory, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~Zlib() override { deflateEnd(&stream_); }
  Zlib(const Zlib&) = delete;
  Zlib& operator=(const Zlib&) = delete;

  void put(std::string_view bytes, std::string& out, bool last) override {
    if (!ready_) return;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(piece_.data());
      stream_.avail_out = static_cast<uInt>(step);
      deflate(&stream_, last ? Z_FINISH : Z_SYNC_FLUSH);
      out.append(piece_.data(), step - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

class Compressor::Brotli final : public Engine {
 public:
  Brotli() : state_(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr)) {
    constexpr std::uint32_t window = 18;
    if (state_ == nullptr) return;
    BrotliEncoderSetParameter(state_, BROTLI_PARAM_QUALITY, brotli_quality);
    BrotliEncoderSetParameter(state_, BROTLI_PARAM_LGWIN, window);
  }
  ~Brotli() override { BrotliEncoderDestroyInstance(state_); }
  Brotli(const Brotli&) = delete;
  Brotli& operator=(const Brotli&) = delete;

  void put(std::string_view bytes, std::string& out, bool last) override {
    if (state_ == nullptr) return;
    const auto* next = reinterpret_cast<const std::uint8_t*>(bytes.data());
    std::size_t left = bytes.size();
    const BrotliEncoderOperation operation = last ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_FLUSH;
    do {
      auto* to = reinterpret_cast<std::uint8_t*>(piece_.data());
      std::size_t room = step;
      if (BrotliEncoderCompressStream(state_, operation, &left, &next, &room, &to, nullptr) == BROTLI_FALSE) return;
      out.append(piece_.data(), step - room);
    } while (left > 0 || BrotliEncoderHasMoreOutput(state_) == BROTLI_TRUE);
  }

 private:
  BrotliEncoderState* state_;
};

class Compressor::Zstd final : public Engine {
 public:
  Zstd() : stream_(ZSTD_createCCtx()) {
    constexpr int window = 18;
    if (stream_ == nullptr) return;
    ZSTD_CCtx_setParameter(stream_, ZSTD_c_compressionLevel, zstd_level);
    ZSTD_CCtx_setParameter(stream_, ZSTD_c_windowLog, window);
  }
  ~Zstd() override { ZSTD_freeCCtx(stream_); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  void put(std::string_view bytes, std::string& out, bool last) override {
    if (stream_ == nullptr) return;
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    std::size_t left = 0;
    do {
      ZSTD_outBuffer to{piece_.data(), step, 0};
      left = ZSTD_compressStream2(stream_, &to, &in, last ? ZSTD_e_end : ZSTD_e_flush);
      if (ZSTD_isError(left) != 0) return;
      out.append(piece_.data(), to.pos);
    } while (left > 0);
  }

 private:
  ZSTD_CCtx* stream_;
};

Compressor::Compressor(Coding coding) {
  if (coding == Coding::br)
    engine_ = std::make_unique<Brotli>();
  else if (coding == Coding::zstd)
    engine_ = std::make_unique<Zstd>();
  else
    engine_ = std::make_unique<Zlib>();
}

Compressor::~Compressor() = default;
Compressor::Compressor(Compressor&&) noexcept = default;
Compressor& Compressor::operator=(Compressor&&) noexcept = default;

void Compressor::put(std::string_view bytes, std::string& out, bool last) { engine_->put(bytes, out, last); }

}  // namespace triaged::wire
