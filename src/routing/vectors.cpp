#include "routing/vectors.hpp"

#include <algorithm>
#include <cmath>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace triaged::routing {

namespace {

constexpr float largest_step = 127;

#if defined(__x86_64__)
bool has_avx2() {
  static const bool has = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
  return has;
}

__attribute__((target("avx2,fma"))) void add_scaled_avx2(float* sum, const std::int8_t* row, float scale,
                                                         std::size_t size) {
  const __m256 factor = _mm256_set1_ps(scale);
  for (std::size_t i = 0; i < size; i += 8) {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(row + i));
    const __m256 numbers = _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes));
    _mm256_storeu_ps(sum + i, _mm256_fmadd_ps(numbers, factor, _mm256_loadu_ps(sum + i)));
  }
}

__attribute__((target("avx2,fma"))) std::int32_t dot_avx2(const std::int8_t* a, const std::int8_t* b,
                                                          std::size_t size) {
  __m256i both = _mm256_setzero_si256();
  for (std::size_t i = 0; i < size; i += 16) {
    const __m256i left = _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(a + i)));
    const __m256i right = _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(b + i)));
    both = _mm256_add_epi32(both, _mm256_madd_epi16(left, right));
  }
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xB1));
  return _mm_cvtsi128_si32(four);
}
#endif

}  // namespace

void add_scaled_plainly(float* sum, const std::int8_t* row, float scale, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) sum[i] += static_cast<float>(row[i]) * scale;
}

std::int32_t dot_plainly(const std::int8_t* a, const std::int8_t* b, std::size_t size) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += std::int32_t{a[i]} * std::int32_t{b[i]};
  return sum;
}

void add_scaled(float* sum, const std::int8_t* row, float scale, std::size_t size) {
#if defined(__x86_64__)
  if (has_avx2()) return add_scaled_avx2(sum, row, scale, size);
#endif
  add_scaled_plainly(sum, row, scale, size);
}

std::int32_t dot(const std::int8_t* a, const std::int8_t* b, std::size_t size) {
#if defined(__x86_64__)
  if (has_avx2()) return dot_avx2(a, b, size);
#endif
  return dot_plainly(a, b, size);
}

bool normalise(std::span<float> vector) {
  double squares = 0;
  for (const float value : vector) squares += double{value} * double{value};
  if (!std::isfinite(squares) || squares < 1e-20) return false;
  const auto factor = static_cast<float>(1.0 / std::sqrt(squares));
  for (float& value : vector) value *= factor;
  return true;
}

float quantise(std::span<const float> vector, std::span<std::int8_t> out) {
  float largest = 0;
  for (const float value : vector) largest = std::max(largest, std::fabs(value));
  std::fill(out.begin(), out.end(), std::int8_t{0});
  if (largest == 0) return 0;
  const float inverse = largest_step / largest;
  const std::size_t size = std::min(vector.size(), out.size());
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::int8_t>(std::lround(vector[i] * inverse));
  return largest / largest_step;
}

QuantisedVector::QuantisedVector(std::span<const float> vector) : steps(padded(vector.size())) {
  step = quantise(vector, steps);
}

}  // namespace triaged::routing
