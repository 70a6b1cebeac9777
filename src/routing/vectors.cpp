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

// Products of 32 numbers each, added up by fours. Nothing overflows between: steps are at most 127 in size.
__attribute__((target("avx2,fma"))) inline __m256i products(const std::int8_t* a, const std::int8_t* b) {
  const __m256i left = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(a));
  const __m256i right = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b));
  const __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(left), _mm256_sign_epi8(right, left));
  return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

__attribute__((target("avx2,fma"))) std::int32_t dot_avx2(const std::int8_t* a, const std::int8_t* b,
                                                          std::size_t size) {
  __m256i both = _mm256_setzero_si256();
  for (std::size_t i = 0; i < size; i += 32) both = _mm256_add_epi32(both, products(a + i, b + i));
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xB1));
  return _mm_cvtsi128_si32(four);
}

// Four rows at a time, so that `a` is read and the sums are gathered once for all of them.
__attribute__((target("avx2,fma"))) void dots_avx2(const std::int8_t* a, const std::int8_t* rows, std::size_t size,
                                                   std::span<std::int32_t> out) {
  std::size_t row = 0;
  for (; row + 4 <= out.size(); row += 4) {
    const std::int8_t* const first = rows + row * size;
    __m256i sum0 = _mm256_setzero_si256();
    __m256i sum1 = sum0;
    __m256i sum2 = sum0;
    __m256i sum3 = sum0;
    for (std::size_t i = 0; i < size; i += 32) {
      sum0 = _mm256_add_epi32(sum0, products(a + i, first + i));
      sum1 = _mm256_add_epi32(sum1, products(a + i, first + size + i));
      sum2 = _mm256_add_epi32(sum2, products(a + i, first + 2 * size + i));
      sum3 = _mm256_add_epi32(sum3, products(a + i, first + 3 * size + i));
    }
    const __m256i pairs = _mm256_hadd_epi32(_mm256_hadd_epi32(sum0, sum1), _mm256_hadd_epi32(sum2, sum3));
    const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(pairs), _mm256_extracti128_si256(pairs, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out.data() + row), four);
  }
  for (; row < out.size(); ++row) out[row] = dot_avx2(a, rows + row * size, size);
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

void dots(const std::int8_t* a, const std::int8_t* rows, std::size_t size, std::span<std::int32_t> out) {
#if defined(__x86_64__)
  if (has_avx2()) return dots_avx2(a, rows, size, out);
#endif
  for (std::size_t row = 0; row < out.size(); ++row) out[row] = dot_plainly(a, rows + row * size, size);
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

// A step is as large as makes the length 1 again, so that a text is as similar to itself as can be.
QuantisedVector::QuantisedVector(std::span<const float> vector) : steps(padded(vector.size())) {
  if (quantise(vector, steps) == 0) return;
  step = 1.0F / std::sqrt(static_cast<float>(dot(steps.data(), steps.data(), steps.size())));
}

}  // namespace triaged::routing
