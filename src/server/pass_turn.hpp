// A turn as the dispatcher sees it when its request is handed on unread.
#pragma once

#include "triaged/dispatch/pass.hpp"
#include "triaged/server/session.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace triaged::server {

class PassTurn final : public dispatch::PassClient {
 public:
  // `fields` stand in the answer's head beside the provider's.
  PassTurn(Turn& turn, std::string fields);

  net::Task<Result<std::string_view>> read() override;
  bool all_read() const override { return turn_.request().done(); }
  void stop_reading() override { turn_.body()->stop(); }
  void begin(int status, const wire::Headers& upstream_headers) override;
  net::Task<Result<void>> send(std::string_view bytes, bool last) override { return turn_.send(bytes, last); }
  bool client_gone() const override { return turn_.client_gone(); }
  void on_client_gone(std::function<void()> notice) override { turn_.on_client_gone(std::move(notice)); }
  void look_for_client() override { turn_.look_for_client(); }

 private:
  Turn& turn_;
  std::string fields_;
};

}  // namespace triaged::server
