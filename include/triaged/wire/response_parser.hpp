// Strict incremental HTTP/1.1 response parser for upstream answers. Body bytes are handed out as they come, never held.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/wire/headers.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace triaged::wire {

struct ResponseLimits {
  std::size_t head = 64U << 10U;
  std::size_t header_count = 256;
};

class ResponseParser {
 public:
  explicit ResponseParser(ResponseLimits limits = {});
  ~ResponseParser();
  ResponseParser(const ResponseParser&) = delete;
  ResponseParser& operator=(const ResponseParser&) = delete;

  void reset();

  // Feeds bytes; appends body bytes to `body` (chunk framing removed). Returns how many bytes were used: fewer than
  // given only when the message is done (what is left was unsolicited) or when more bytes are needed to go on. Interim
  // 1xx responses are skipped, trailers are dropped. Errors have Blame::upstream and kind `protocol`; every further
  // call returns the same.
  Result<std::size_t> put(std::string_view bytes, std::string& body);
  // The connection ended. An error (kind `truncated`, or `reset` when no byte of a response was seen) unless the
  // message was complete or is one that only the end of the connection ends.
  Result<void> put_eof();

  bool started() const;  // any byte of a response was seen
  bool head_done() const;
  bool done() const;
  int status() const;
  const Headers& headers() const;
  bool keep_alive() const;  // valid once done()

 private:
  class Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace triaged::wire
