// Numbers the parts of one choice's answer in the order in which they begin, for dialects that do not.
#pragma once

#include "triaged/base/json.hpp"
#include "triaged/chat/delta.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace triaged::provider {

class PartNumbers {
 public:
  struct Call {
    std::uint32_t part = 0;
    bool begins = false;
  };

  // Of a piece of words of that kind: those that follow each other are one part.
  std::uint32_t of(chat::DeltaKind kind) {
    if (!open_ || kind_ != kind) {
      open_ = true;
      kind_ = kind;
      part_ = next_++;
    }
    return part_;
  }

  // Of a piece of the call that its provider numbers `index`. A piece with another id than the call so far begins a new
  // one.
  Call call(std::int64_t index, const JsonString& id) {
    open_ = false;
    for (auto known = calls_.rbegin(); known != calls_.rend(); ++known) {
      if (known->index != index) continue;
      if (!id.empty() && !known->id.empty() && id.raw != known->id) break;
      return {known->part, false};
    }
    calls_.push_back({index, std::string(id.raw), next_});
    return {next_++, true};
  }

 private:
  struct Known {
    std::int64_t index;
    std::string id;
    std::uint32_t part;
  };
  std::vector<Known> calls_;
  chat::DeltaKind kind_ = chat::DeltaKind::text;
  bool open_ = false;
  std::uint32_t part_ = 0;
  std::uint32_t next_ = 0;
};

}  // namespace triaged::provider
