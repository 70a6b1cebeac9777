// Read buffers between two uses, so that only a connection that is being read from has one. One thread.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace triaged::net {

class SpareBuffers {
 public:
  // Buffers of `size` bytes, of which at most `most` are kept.
  SpareBuffers(std::size_t size, std::size_t most) : size_(size), most_(most) {}

  std::string take() {
    if (spare_.empty()) return std::string(size_, '\0');
    std::string buffer = std::move(spare_.back());
    spare_.pop_back();
    return buffer;
  }
  // Leaves `buffer` empty, without memory. One of another size, or too many: freed.
  void give(std::string& buffer) {
    std::string given = std::exchange(buffer, std::string());
    if (given.size() == size_ && spare_.size() < most_) spare_.push_back(std::move(given));
  }
  std::size_t size() const { return spare_.size(); }

 private:
  std::size_t size_;
  std::size_t most_;
  std::vector<std::string> spare_;
};

}  // namespace triaged::net
