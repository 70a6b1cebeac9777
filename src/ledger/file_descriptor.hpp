// Owns a file descriptor.
#pragma once

#include <unistd.h>
#include <utility>

namespace triaged::ledger {

class FileDescriptor {
 public:
  explicit FileDescriptor(int value = -1) : value_(value) {}
  FileDescriptor(FileDescriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~FileDescriptor() {
    if (value_ >= 0) ::close(value_);
  }

  bool valid() const { return value_ >= 0; }
  int get() const { return value_; }

 private:
  int value_;
};

}  // namespace triaged::ledger
