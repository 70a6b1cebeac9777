// What providers call the end of an answer.
#pragma once

#include "triaged/base/json.hpp"
#include "triaged/chat/event.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace triaged::provider {

struct NamedFinish {
  std::string_view reason;
  chat::Finish finish;
};

// `other` for a reason that is not among the known ones.
inline chat::Finish finish_of(const JsonString& reason, std::span<const NamedFinish> known) {
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const NamedFinish& each) { return reason.equals(each.reason); });
  return found == known.end() ? chat::Finish::other : found->finish;
}

}  // namespace triaged::provider
