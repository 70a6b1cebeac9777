// Accepts connections on one address and hands each to a worker, the one with the fewest connections first. Backs off
// 50 ms on EMFILE and its kin instead of spinning. Works on worker 0's thread; must be destroyed before the Runtime.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/net/stream.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace triaged::net {

class Runtime;

class Listener {
  struct State;

 public:
  // `on_socket` is called on the thread of worker `index` with a socket of that worker's executor.
  using OnSocket = std::function<void(std::size_t index, Socket socket)>;
  // How many connections worker `index` has now; any thread.
  using Load = std::function<std::size_t(std::size_t index)>;

  // Binds and listens at once: an address in use is an error here. SO_REUSEADDR is set. `host` is an address
  // ("127.0.0.1",
  // "::", "[::1]"; "::" takes IPv4 too) or "localhost".
  static Result<std::unique_ptr<Listener>> bind(Runtime& runtime, const std::string& host, std::uint16_t port,
                                                Load load, OnSocket on_socket);
  ~Listener();
  std::uint16_t port() const;  // the real one when 0 was asked for
  void start();
  // The graceful end: connections that the kernel has accepted already, whose clients may have sent a request, are
  // handed out, then the port is closed. Blocks until then; not on a worker.
  void finish();
  void stop();  // from any thread; the port is closed soon after, no socket is handed out any more

  explicit Listener(std::shared_ptr<State> state);  // for bind()

 private:
  std::shared_ptr<State> state_;
};

}  // namespace triaged::net
