// Client connections of one worker: each is a coroutine that reads a request, hands it to a Handler as a Turn, and goes
// on while the connection is kept alive. Framing errors and limits are answered here; handlers only see complete
// requests, or complete heads where they take the body in pieces.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/net/spare_buffers.hpp"
#include "triaged/net/stream.hpp"
#include "triaged/net/task.hpp"
#include "triaged/net/task_group.hpp"
#include "triaged/server/body_source.hpp"
#include "triaged/wire/compression.hpp"
#include "triaged/wire/request_parser.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::server {

class Turn;

// Notices that a client left while its request is being answered. Belongs to the connection, because an armed watch
// stays armed over several turns.
class ClientWatch {
 public:
  explicit ClientWatch(net::Stream& stream) : stream_(stream) {}
  void arm(Turn& turn);
  void disarm() { turn_ = nullptr; }
  void lose();  // the connection is being cut: whoever answers on it is told as if the client had left

 private:
  net::Stream& stream_;
  Turn* turn_ = nullptr;
};

// One request and its response. Response head fields are given as bytes made by wire::append_field.
class Turn {
 public:
  Turn(net::Stream& stream, ClientWatch& watch, wire::RequestParser& parser, const config::ClientClocks& clocks,
       const Clock& clock);
  ~Turn() { watch_.disarm(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  const wire::RequestParser& request() const { return parser_; }
  std::string take_body() { return parser_.take_body(); }
  // Where the handler takes the body in pieces and there is one, else null. An answer that begins before it is over
  // says that the connection closes.
  BodySource* body() const { return body_; }
  void set_body(BodySource& source) { body_ = &source; }
  TimePoint received() const { return received_; }  // when the request was complete, or its head where that is enough
  const Clock& clock() const { return clock_; }

  // From now on, what is sent is packed so; not before the head is written, and not for what is too short to gain by
  // it.
  void set_coding(wire::Coding coding) { coding_ = coding; }
  // A whole response. Errors of both ways to respond are client_gone.
  net::Task<Result<void>> respond(int status, std::string_view fields, std::string_view body);
  // A streamed one: the head goes out with the first send(). Chunked for HTTP/1.1, ended by the connection for 1.0.
  void begin_stream(int status, std::string_view fields);
  // The same where `fields` already state a Content-Length, which the body may break: for simulated faults.
  void begin_with_length(int status, std::string_view fields);
  net::Task<Result<void>> send(std::string_view data, bool last);
  bool has_head() const { return status_ != 0; }  // a response head is written; it may not have gone out yet
  bool begun() const { return begun_; }           // bytes of a response went out
  bool ended() const { return ended_; }           // all of them
  int status() const { return status_; }
  std::size_t bytes_sent() const { return bytes_sent_; }

  // After this turn the connection closes; told to the client when the head is not out yet.
  void close_after() { keep_alive_ = false; }
  bool keep_alive() const { return keep_alive_; }
  // Cuts the response short: the connection is reset instead of ended.
  void abort() {
    keep_alive_ = false;
    aborted_ = true;
  }
  bool aborted() const { return aborted_; }

  bool client_gone() const { return gone_; }
  // Calls `notice` at most once when the client leaves before the turn has ended. Null: nobody listens any more.
  void on_client_gone(std::function<void()> notice);
  void look_for_client();  // of the watch: something can be read
  void lose();             // likewise: the client counts as gone

 private:
  std::string with_coding(std::string_view fields) const;
  void append_head(int status, std::string_view fields, bool chunked, std::size_t length);
  net::Task<Result<void>> write(net::Buffers buffers, bool last);

  net::Stream& stream_;
  ClientWatch& watch_;
  wire::RequestParser& parser_;
  BodySource* body_ = nullptr;
  const config::ClientClocks& clocks_;
  const Clock& clock_;
  TimePoint received_;
  std::string head_;
  std::string size_line_;
  wire::Coding coding_ = wire::Coding::identity;
  std::optional<wire::Compressor> compressor_;
  std::string packed_;                              // of the pending write
  std::array<net::asio::const_buffer, 4> buffers_;  // of the pending send()
  std::function<void()> notice_;
  std::size_t bytes_sent_ = 0;
  int status_ = 0;
  bool keep_alive_;
  bool chunked_ = false;
  bool begun_ = false;
  bool ended_ = false;
  bool gone_ = false;
  bool aborted_ = false;
};

class Handler {
 public:
  virtual ~Handler() = default;
  // Must respond, unless the client is gone. An exception that leaves it is answered with 500 where possible.
  virtual net::Task<void> handle(Turn& turn) = 0;
  // A request that was refused before it was complete (bad framing, limits, time-outs): for counting.
  virtual void refused(const Error& error) = 0;
  // Asked when a head is complete: the limit of a body that the handler takes in pieces, through Turn::body(), from
  // then on. None: it is gathered first, within the limits of the options.
  virtual std::optional<std::size_t> body_in_pieces(const wire::RequestParser& /*head*/) { return std::nullopt; }
  virtual void opened() {}  // a connection
  virtual void closed() {}
};

struct SessionOptions {
  config::Limits limits;
  config::ClientClocks clocks;
  std::size_t connections = 20'000;  // of this worker
  SSL_CTX* tls = nullptr;
};

class Sessions {
 public:
  Sessions(net::Executor executor, SessionOptions options, Handler& handler, const Clock& clock);
  ~Sessions();
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  void accept(net::Socket socket);
  std::size_t size() const { return tasks_.size(); }

  // Busy connections close after their response, and the response says so; idle ones, and those whose response had
  // begun without saying so, after a short grace in which one more request may come.
  void drain();
  // Cuts every connection; requests in flight are booked as cancelled.
  void terminate();
  net::Task<void> wait();

 private:
  struct Session;
  net::Task<void> run(net::Socket socket);
  net::Task<bool> read_request(Session& session);
  net::Task<void> refuse(Session& session, Error error);
  net::Task<void> serve(Session& session);
  net::Task<void> linger(Session& session);
  net::Task<void> turn_away(net::Socket socket);

  net::Executor executor_;
  SessionOptions options_;
  Handler& handler_;
  const Clock& clock_;
  std::list<Session*> open_;
  net::SpareBuffers buffers_;
  bool draining_ = false;
  net::TaskGroup tasks_;
};

}  // namespace triaged::server
