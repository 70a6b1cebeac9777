// Which target has a conversation in its prompt cache. Bounded memory; all workers read and write it at once.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/chat/request.hpp"
#include "triaged/chat/usage.hpp"
#include "triaged/routing/plan.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace triaged::routing {

// The names of a conversation before and after a turn: the request's session where it has one, else a hash of the
// history, so that the next turn is recognised by the messages it repeats. Clients' keys keep conversations apart.
struct ConversationKeys {
  std::optional<std::uint64_t> earlier;  // what the turn before was remembered as; none: there was no answer before
  std::uint64_t now = 0;                 // what this turn is to be remembered as
};
// Looks at both ends of each message only: bounded by the number of messages, not by their length.
ConversationKeys conversation_keys(const chat::Request& request, std::string_view client_key);

// What is to be remembered of a turn that `target` answered, having been remembered as `before`: its cache holds the
// turn now, unless it held the one before and yet said that it had read and written nothing.
WarmTarget warm_after(const std::optional<WarmTarget>& before, std::size_t target, const chat::Usage& usage);

class Conversations {
 public:
  // Prompts below this are not cached by any provider.
  static constexpr std::int64_t least_tokens = 1024;

  explicit Conversations(Duration memory);
  std::optional<WarmTarget> find(std::uint64_t key, TimePoint now) const;
  void remember(std::uint64_t key, const WarmTarget& warm, TimePoint now);

 private:
  struct Slot {
    std::uint64_t key = 0;
    TimePoint until{};  // zero: free
    WarmTarget warm;
  };
  static constexpr std::size_t ways = 4;
  static constexpr std::size_t sets_per_part = 1024;
  struct Part {
    mutable std::mutex mutex;
    std::vector<Slot> slots;  // made when first used
  };

  Duration memory_;
  std::array<Part, 16> parts_;  // 65,536 conversations
};

}  // namespace triaged::routing
