// Hands requests to a worker's current gateway. A replaced one is kept until its last request has ended.
#pragma once

#include "triaged/net/task_group.hpp"
#include "triaged/server/gateway.hpp"

#include <cstddef>
#include <list>
#include <memory>

namespace triaged::server {

// Everything on its worker's thread.
class GatewaySwitch final : public Handler {
 public:
  explicit GatewaySwitch(net::Executor executor) : retiring_(executor) {}

  // `kept` is what the gateway refers to: let go when the gateway has ended.
  void replace(std::unique_ptr<Gateway> gateway, std::shared_ptr<const void> kept);
  void start() { current().start(); }                    // the current gateway's background work
  std::size_t size() const { return gateways_.size(); }  // the current one and those that still have requests

  net::Task<void> handle(Turn& turn) override;
  void refused(const Error& error) override { current().refused(error); }
  std::optional<std::size_t> body_in_pieces(const wire::RequestParser& head) override {
    return current().body_in_pieces(head);
  }
  void opened() override { current().opened(); }
  void closed() override { current().closed(); }
  net::Task<void> stop();  // closes upstream connections; after the last request

 private:
  struct Slot {
    std::shared_ptr<const void> kept;
    std::unique_ptr<Gateway> gateway;
    std::size_t requests = 0;
    bool retiring = false;
  };
  using Slots = std::list<Slot>;
  // Counts a request of a slot for as long as it lives.
  class Use {
   public:
    Use(GatewaySwitch& owner, Slots::iterator slot) : owner_(owner), slot_(slot) { ++slot_->requests; }
    ~Use() { owner_.leave(slot_); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    GatewaySwitch& owner_;
    Slots::iterator slot_;
  };
  Gateway& current() { return *gateways_.back().gateway; }
  void leave(Slots::iterator slot);
  void retire(Slots::iterator slot);
  net::Task<void> end(Slots::iterator slot);

  Slots gateways_;  // the current one is the last
  net::TaskGroup retiring_;
};

}  // namespace triaged::server
