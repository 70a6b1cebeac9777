// The inner loops over vectors, with AVX2 where the processor has it. Lengths are multiples of `vector_step`: shorter
// vectors are padded with zeros.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace triaged::routing {

constexpr std::size_t vector_step = 32;
constexpr std::size_t padded(std::size_t dimensions) {
  return (dimensions + vector_step - 1) / vector_step * vector_step;
}

// sum[i] += row[i] * scale
void add_scaled(float* sum, const std::int8_t* row, float scale, std::size_t size);
// Numbers are at most 127 in size, as quantise() makes them.
std::int32_t dot(const std::int8_t* a, const std::int8_t* b, std::size_t size);
// The same of one vector with as many rows, one behind the other, as `out` has place for.
void dots(const std::int8_t* a, const std::int8_t* rows, std::size_t size, std::span<std::int32_t> out);

// The same without any special instructions, for other processors.
void add_scaled_plainly(float* sum, const std::int8_t* row, float scale, std::size_t size);
std::int32_t dot_plainly(const std::int8_t* a, const std::int8_t* b, std::size_t size);

// Makes the length 1. False, and nothing is changed, for a vector without any, or with numbers that are none.
bool normalise(std::span<float> vector);

// Writes `vector` as steps of one size, padded with zeros to `out.size()`; returns the size of a step.
float quantise(std::span<const float> vector, std::span<std::int8_t> out);

// A vector of length 1 in int8: what comparisons are made with.
struct QuantisedVector {
  QuantisedVector() = default;
  explicit QuantisedVector(std::span<const float> vector);
  std::vector<std::int8_t> steps;
  float step = 0;
};

}  // namespace triaged::routing
