// What a model said of texts before, by a hash of the text; when full, the one not used for longest goes. The texts
// themselves are not kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace triaged::routing {

struct TextKey {
  std::uint64_t hash = 0;
  std::uint64_t check = 0;  // a second hash and the length: tells texts apart that share the first
  bool operator==(const TextKey&) const = default;
};
TextKey key_of(std::string_view text);

template <class Value>
class PromptMemory {
 public:
  explicit PromptMemory(std::size_t capacity) : capacity_(capacity) {}

  // Valid until the next call; null: not known.
  const Value* find(std::string_view text) {
    const TextKey key = key_of(text);
    const auto found = by_hash_.find(key.hash);
    if (found == by_hash_.end() || found->second->key != key) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return &found->second->value;
  }

  void remember(std::string_view text, Value value) {
    if (capacity_ == 0) return;
    const TextKey key = key_of(text);
    if (const auto known = by_hash_.find(key.hash); known != by_hash_.end()) {
      order_.erase(known->second);
      by_hash_.erase(known);
    }
    if (order_.size() >= capacity_) {
      by_hash_.erase(order_.back().key.hash);
      order_.pop_back();
    }
    order_.push_front({key, std::move(value)});
    by_hash_.emplace(key.hash, order_.begin());
  }

  std::size_t size() const { return order_.size(); }

 private:
  struct Known {
    TextKey key;
    Value value;
  };
  using Order = std::list<Known>;

  std::size_t capacity_;
  Order order_;  // used last at the front
  std::unordered_map<std::uint64_t, typename Order::iterator> by_hash_;
};

}  // namespace triaged::routing
