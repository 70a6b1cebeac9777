#include "triaged/server/gateway_switch.hpp"

#include <iterator>
#include <utility>

namespace triaged::server {

void GatewaySwitch::replace(std::unique_ptr<Gateway> gateway, std::shared_ptr<const void> kept) {
  const auto before = gateways_.empty() ? gateways_.end() : std::prev(gateways_.end());
  Slot slot;
  slot.kept = std::move(kept);
  slot.gateway = std::move(gateway);
  gateways_.push_back(std::move(slot));
  if (before != gateways_.end() && before != std::prev(gateways_.end()) && before->requests == 0) retire(before);
}

net::Task<void> GatewaySwitch::handle(Turn& turn) {
  const auto slot = std::prev(gateways_.end());
  const Use use(*this, slot);
  co_await slot->gateway->handle(turn);
}

void GatewaySwitch::leave(Slots::iterator slot) {
  if (--slot->requests == 0 && slot != std::prev(gateways_.end())) retire(slot);
}

void GatewaySwitch::retire(Slots::iterator slot) {
  if (slot->retiring) return;
  slot->retiring = true;
  retiring_.spawn("retired gateway", end(slot));
}

net::Task<void> GatewaySwitch::end(Slots::iterator slot) {
  co_await slot->gateway->stopped();
  gateways_.erase(slot);
}

net::Task<void> GatewaySwitch::stop() {
  for (auto slot = gateways_.begin(); slot != gateways_.end();) retire(slot++);
  co_await retiring_.wait();
}

}  // namespace triaged::server
