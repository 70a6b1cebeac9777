// A client that sends any bytes and reads answers strictly: what is not HTTP throws, what is cut says so.
#pragma once

#include "triaged/wire/response_parser.hpp"
#include "triaged/wire/sse.hpp"

#include "support/socket.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::test {

struct Response {
  int status = 0;  // 0: the connection ended without an answer
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool whole = false;       // its framing says that nothing is missing
  bool keep_alive = false;  // the connection may be used again

  std::string header(std::string_view name) const;  // "" if it is not there
  bool has_header(std::string_view name) const;
  nlohmann::json json() const;  // throws when the body is none
  nlohmann::json error() const { return json().at("error"); }
};

std::string post(std::string_view path, std::string_view body, std::string_view extra_fields = {});
std::string get(std::string_view path, std::string_view extra_fields = {});

class Client {
 public:
  explicit Client(std::uint16_t port) : Client(Socket::connect(port)) {}
  explicit Client(Socket socket) : socket_(std::move(socket)) {}

  void send(std::string_view bytes) { socket_.send(bytes); }
  Response read();  // one whole answer, or what there is of it
  Response ask(std::string_view request);

  // An event stream, piece by piece: the head, then event after event. An answer that is no stream is read() as usual
  // by begin().
  Response begin();
  std::optional<std::string> next_event();  // its data; nothing at the end of the body
  std::optional<std::string> next_bytes();  // as they come, in place of events; nothing at the end of the body
  std::vector<std::string> rest();          // all events up to the end of the body
  bool whole() const { return parser_.done(); }

  bool at_end();  // waits until the other side closes: true if it does so without sending anything more
  Socket& socket() { return socket_; }

 private:
  bool feed();  // false when there is nothing more to feed

  Socket socket_;
  wire::ResponseParser parser_;
  wire::SseReader events_;
  std::string held_;  // received behind the answer that is being read
  std::string body_;
  bool hungry_ = false;  // what is held is too little to go on with
  bool ended_ = false;
};

// One request on a connection of its own.
Response ask(std::uint16_t port, std::string_view request);

}  // namespace triaged::test
