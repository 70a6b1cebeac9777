// Series of one family in one shard: label values -> numbers. The owning thread alone adds and looks up, without a lock
// and, once a series exists, without an allocation. A scrape on another thread reads under the shard's mutex, which the
// owner takes only to add a series.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace triaged::observe {

// How many series a shard may still create, and what it left out.
struct SeriesBudget {
  std::mutex mutex;
  std::size_t left;
};

template <std::size_t n>
using Labels = std::array<std::string_view, n>;

template <std::size_t n, class Numbers>
class SeriesMap {
 public:
  explicit SeriesMap(SeriesBudget& budget) : budget_(budget) {}

  // Null when the shard is full.
  template <class... Arguments>
  Numbers* find_or_add(const Labels<n>& labels, const Arguments&... arguments) {
    if (const auto found = series_.find(labels); found != series_.end()) return &found->second;
    if (budget_.left == 0) return nullptr;
    --budget_.left;
    Key key;
    for (std::size_t i = 0; i < n; ++i) key[i] = std::string(labels[i]);
    const std::lock_guard lock(budget_.mutex);
    return &series_
                .emplace(std::piecewise_construct, std::forward_as_tuple(std::move(key)),
                         std::forward_as_tuple(arguments...))
                .first->second;
  }

  // With the budget's mutex held, or on the owning thread.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [key, numbers] : series_) visit(key, numbers);
  }

 private:
  using Key = std::array<std::string, n>;

  struct Hash {
    using is_transparent = void;
    template <class Text>
    std::size_t operator()(const std::array<Text, n>& values) const {
      std::size_t hash = 0;
      for (const auto& value : values) {
        const std::size_t one = std::hash<std::string_view>()(value);
        hash = (hash ^ one) * 0x9E3779B97F4A7C15ULL;  // the golden ratio: spreads, and makes the order of labels count
      }
      return hash ^ (hash >> 32);
    }
  };
  struct Equal {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const std::array<A, n>& a, const std::array<B, n>& b) const {
      for (std::size_t i = 0; i < n; ++i) {
        if (std::string_view(a[i]) != std::string_view(b[i])) return false;
      }
      return true;
    }
  };

  SeriesBudget& budget_;
  std::unordered_map<Key, Numbers, Hash, Equal> series_;
};

}  // namespace triaged::observe
