// What the trained task classifier sees of a request: the cues and signals of the built-in tables (dense), and hashed
// n-grams of words and letters, apart for the instruction, the document it is about, the system message and the last
// turn. Bounded whatever the prompt's length. Training and inference share this code: a model belongs to one
// `feature_version`.
#pragma once

#include "triaged/chat/request.hpp"
#include "triaged/routing/features.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace triaged::routing {

constexpr std::uint32_t feature_version = 3;
constexpr std::size_t bucket_bits = 16;
constexpr std::size_t bucket_count = std::size_t{1} << bucket_bits;

enum class TextGroup : std::uint8_t {
  instruction_words,    // 1- and 2-grams, 3-grams where characters are words
  instruction_letters,  // 3- to 5-grams within words
  document_words,       // 1-grams
  openings,             // the first words of sentences
  system_words,         // 1- and 2-grams of the system message
  last_turn_words,      // of the last user turn, where there was one before it
  earlier_words,        // of the user turn before that
  offer_words,          // of the end of the assistant's turn between them
  structure,            // lengths, turns, tools, language ... in classes
};
constexpr std::size_t text_group_count = 9;
constexpr std::size_t dense_capacity = 128;

// About 9 KiB, meant for the stack. Each group's features count 1/sqrt(n) each, so that long texts do not shout.
class TaskFeatures {
 public:
  TaskFeatures() {}  // NOLINT(modernize-use-equals-default): leaves the arrays uninitialised on purpose

  std::span<const std::uint16_t> group(TextGroup which) const;
  float scale(TextGroup which) const;  // 1/sqrt(number of features), 0 for none
  std::span<const float> dense() const { return {dense_.data(), dense_size_}; }

  // For the extractor: groups are filled one after the other, in their order.
  void clear();
  // To the group being filled; what does not fit any more is left out.
  void add(std::uint32_t hash) {
    if (size_ < limit_) buckets_[size_++] = bucket_of(hash);
  }
  // Where many come at once: `fill` writes buckets, `most` at most, and returns their end. False when there is no room
  // for so many; then nothing was added.
  template <class Fill>
  bool add_many(std::size_t most, Fill&& fill) {
    if (limit_ - size_ < most) return false;
    std::uint16_t* const begin = buckets_.data() + size_;
    size_ += static_cast<std::size_t>(fill(begin) - begin);
    return true;
  }
  // The high bits of the mix are its best; a last multiplication brings all others there.
  static constexpr std::uint16_t bucket_of(std::uint32_t hash) {
    return static_cast<std::uint16_t>((hash * 0x9E3779B1U) >> (32U - bucket_bits));
  }
  void end_group();
  void add_dense(std::span<const float> values);
  void set_earlier_share(float share) { earlier_share_ = share; }

 private:
  static constexpr std::size_t capacity = 4096;
  static constexpr std::size_t group_capacity = 2048;

  std::array<std::uint16_t, capacity> buckets_;
  std::array<std::uint16_t, text_group_count + 1> begin_;
  std::array<float, dense_capacity> dense_;
  float earlier_share_ = 1;  // what the turn before counts
  std::size_t size_ = 0;
  std::size_t limit_ = group_capacity;  // of the group being filled
  std::size_t groups_ = 0;
  std::size_t dense_size_ = 0;
};

void extract_task_features(const chat::Request& request, const Features& features, TaskFeatures& out);
std::size_t dense_feature_count();

}  // namespace triaged::routing
