#include "triaged/routing/conversations.hpp"

#include <algorithm>

namespace triaged::routing {

namespace {

constexpr std::size_t looked_at = 256;  // of either end of a message

class Hash {
 public:
  void add(std::uint64_t value) {
    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014) over the running sum.
    state_ += value + 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    state_ = z ^ (z >> 31U);
  }
  void add(std::string_view text) { add(std::hash<std::string_view>{}(text)); }
  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0;
};

void add(Hash& hash, const chat::Message& message) {
  hash.add(static_cast<std::uint64_t>(message.role));
  hash.add(message.text.size());
  hash.add(message.text.substr(0, looked_at));
  if (message.text.size() > looked_at) hash.add(message.text.substr(message.text.size() - looked_at));
  hash.add((std::uint64_t{message.images} << 32U) + (std::uint64_t{message.files} << 16U) + message.tool_calls);
}

}  // namespace

ConversationKeys conversation_keys(const chat::Request& request, std::string_view client_key) {
  Hash hash;
  hash.add(client_key);
  ConversationKeys keys;
  if (!request.session.empty()) {
    hash.add("session");
    hash.add(request.session);
    keys.now = hash.value();
    keys.earlier = keys.now;
    return keys;
  }
  for (const chat::Message& message : request.messages) {
    if (message.role == chat::Role::assistant) keys.earlier = hash.value();
    add(hash, message);
  }
  keys.now = hash.value();
  return keys;
}

WarmTarget warm_after(const std::optional<WarmTarget>& before, std::size_t target, const chat::Usage& usage) {
  WarmTarget after;
  after.target = target;
  after.tokens = usage.total_input() + usage.total_output();
  const bool used_cache = usage.cached_input + usage.cache_write_5m + usage.cache_write_1h > 0;
  after.cold = before && before->target == target && usage.certainty == chat::Certainty::exact && !used_cache;
  return after;
}

Conversations::Conversations(Duration memory) : memory_(memory) {}

std::optional<WarmTarget> Conversations::find(std::uint64_t key, TimePoint now) const {
  const Part& part = parts_[key % parts_.size()];
  const std::scoped_lock lock(part.mutex);
  if (part.slots.empty()) return std::nullopt;
  const std::size_t first = (key / parts_.size()) % sets_per_part * ways;
  for (std::size_t i = first; i < first + ways; ++i) {
    const Slot& slot = part.slots[i];
    if (slot.key == key && slot.until > now) return slot.warm;
  }
  return std::nullopt;
}

void Conversations::remember(std::uint64_t key, const WarmTarget& warm, TimePoint now) {
  if (warm.tokens < least_tokens) return;
  Part& part = parts_[key % parts_.size()];
  const std::scoped_lock lock(part.mutex);
  if (part.slots.empty()) part.slots.resize(sets_per_part * ways);
  const auto first = part.slots.begin() + static_cast<std::ptrdiff_t>((key / parts_.size()) % sets_per_part * ways);
  const auto last = first + ways;
  auto slot = std::find_if(first, last, [key](const Slot& each) { return each.key == key; });
  // Else the one that ends first: a free one, or the oldest.
  if (slot == last)
    slot = std::min_element(first, last, [](const Slot& a, const Slot& b) { return a.until < b.until; });
  *slot = {key, now + memory_, warm};
}

}  // namespace triaged::routing
