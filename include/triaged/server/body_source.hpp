// The body of one request as it comes from the client, piece by piece: for handlers that pass it on and never hold all
// of it. What is not asked for is not read, so a slow taker slows the client down.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/net/stream.hpp"
#include "triaged/wire/request_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace triaged::server {

class BodySource {
 public:
  // `buffer` holds the `held` bytes that came behind the head.
  BodySource(net::Stream& stream, wire::RequestParser& parser, std::string& buffer, std::size_t& held,
             const config::ClientClocks& clocks, const Clock& clock);

  // The next bytes, valid until the next call; "" only at the end. The first call tells a client that waits for it to
  // go on. Errors: client_gone, request_timeout when no byte came for clocks.body, and what is wrong with the body.
  net::Task<Result<std::string_view>> read();
  bool over() const { return parser_.done(); }
  void stop();                                    // a read() that is pending ends with an error, and so does any other
  std::uint64_t bytes() const { return bytes_; }  // of the body, so far

 private:
  net::Task<Result<void>> receive();

  net::Stream& stream_;
  wire::RequestParser& parser_;
  std::string& buffer_;
  std::size_t& held_;
  const config::ClientClocks& clocks_;
  const Clock& clock_;
  std::uint64_t bytes_ = 0;
  bool begun_ = false;
  bool stopped_ = false;
};

}  // namespace triaged::server
