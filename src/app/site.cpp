#include "app/site.hpp"

#include <utility>

namespace triaged::app {

Site::Site(net::Runtime& runtime, const server::SessionOptions& options,
           const std::function<server::Handler&(std::size_t)>& handler)
    : runtime_(runtime) {
  for (std::size_t i = 0; i < runtime_.size(); ++i) {
    sessions_.push_back(
        std::make_unique<server::Sessions>(runtime_.worker(i).executor(), options, handler(i), system_clock()));
  }
}

Result<void> Site::bind(const config::Address& address, net::Listener::Load load) {
  auto on_socket = [this](std::size_t index, net::Socket socket) { sessions_[index]->accept(std::move(socket)); };
  Result<std::unique_ptr<net::Listener>> listener =
      net::Listener::bind(runtime_, address.host, address.port, std::move(load), std::move(on_socket));
  if (!listener) return listener.error();
  listener_ = std::move(*listener);
  return {};
}

void Site::drain() {
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    net::post_and_wait(runtime_.worker(i), [this, i] { sessions_[i]->drain(); });
  }
}

void Site::terminate() {
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    net::post_and_wait(runtime_.worker(i), [this, i] { sessions_[i]->terminate(); });
    net::run_and_wait(runtime_.worker(i), sessions_[i]->wait());
  }
}

std::size_t Site::connections() {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    net::post_and_wait(runtime_.worker(i), [this, i, &sum] { sum += sessions_[i]->size(); });
  }
  return sum;
}

}  // namespace triaged::app
