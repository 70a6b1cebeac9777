// A provider made of scripts: a server on loopback that does with each request what a function says, byte by byte, and
// remembers all it saw. Its threads are its own; every public function may be called from the test's thread.
#pragma once

#include "triaged/wire/request_parser.hpp"

#include "support/signal.hpp"
#include "support/socket.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace triaged::test {

struct SeenRequest {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::size_t connection = 0;     // the how-manieth connection it came on
  std::size_t on_connection = 0;  // the how-manieth request on it, from 0

  std::string header(std::string_view name) const;  // "" if it is not there
};

// The upstream's side of one request, given to a script. When the gateway has left, sending ends the script.
class Exchange {
 public:
  Exchange(Socket& socket, std::mutex& closing, const SeenRequest& request)
      : socket_(socket), closing_(closing), request_(request) {}

  const SeenRequest& request() const { return request_; }

  void send(std::string_view bytes) { socket_.send(bytes); }
  void answer(int status, std::string_view body, std::string_view extra_fields = {});
  void begin_stream(std::string_view extra_fields = {});
  void event(std::string_view data);  // one event in a chunk of its own
  void end_stream();                  // [DONE] and the last chunk
  void send_session_tickets() { socket_.send_session_tickets(); }
  void close();
  void cut();  // over TLS: without saying so
  void reset();
  void wait_until_left();  // until the gateway closes the connection; bytes from it are an error

 private:
  Socket& socket_;
  std::mutex& closing_;
  const SeenRequest& request_;
};

using Script = std::function<void(Exchange&)>;

class Upstream {
 public:
  explicit Upstream(SSL_CTX* tls = nullptr);  // the context outlives the upstream
  ~Upstream();                                // problems of its scripts fail the test
  Upstream(const Upstream&) = delete;
  Upstream& operator=(const Upstream&) = delete;

  std::uint16_t port() const { return acceptor_->port(); }

  void always(Script script);  // for every request that has no script of its own
  void then(Script script);    // for the next one that has none yet
  void reset();                // forgets scripts and requests

  std::size_t count() const;  // requests seen
  std::size_t connections() const;
  std::vector<SeenRequest> seen() const;
  SeenRequest last() const;  // throws if there is none

  void close_idle();  // all connections, once their scripts have ended
  void stop();        // closes everything; nobody can connect any more
  void start();       // listens again, on the same port

 private:
  struct Connection {
    Socket socket;
    std::thread thread;
    std::size_t number = 0;
    bool idle = true;  // no request is being answered
    bool ended = false;
  };

  void accept_all();
  void serve(Connection& connection);
  bool read(Connection& connection, wire::RequestParser& parser, std::string& held);
  SeenRequest note(const wire::RequestParser& parser, Connection& connection, std::size_t on_connection);
  Script next_script();

  SSL_CTX* tls_;
  mutable std::mutex mutex_;  // of what stands below
  std::unique_ptr<Acceptor> acceptor_;
  std::list<Connection> connections_;
  Script always_;
  std::deque<Script> next_;
  std::vector<SeenRequest> seen_;
  std::vector<std::string> problems_;
  std::size_t accepted_ = 0;
  bool stopping_ = false;
  std::thread accepting_;
};

}  // namespace triaged::test
