// Strict incremental HTTP/1.1 request parser. Everything that could make two parties disagree about where a request
// ends is refused: see docs/http.md for the table. Never throws on input. Reusable: reset() between requests keeps
// memory.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/wire/headers.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace triaged::wire {

struct RequestLimits {
  std::size_t head = 32U << 10U;
  std::size_t header_count = 128;
  std::size_t body = 32U << 20U;
};

// How the body of a request is taken, said when its head is known.
struct BodyRule {
  std::size_t limit = 0;   // in place of RequestLimits::body
  bool in_pieces = false;  // put() stops behind the head; whoever takes the body fetches it bit by bit
};

class RequestParser {
 public:
  using JudgeBody = std::function<BodyRule(const RequestParser&)>;

  // Without `judge`, every body is gathered whole, within limits.body.
  explicit RequestParser(RequestLimits limits, JudgeBody judge = nullptr);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  void reset();

  // Feeds bytes and returns how many were used; the rest belongs to the next request or is to be fed again with more
  // behind it: an unfinished head or chunk line is never used in part. After an error every further call returns that
  // error; the connection can only answer and close. A body over the limit is an error as soon as it is known (413), a
  // head over the limit likewise (431).
  Result<std::size_t> put(std::string_view bytes);

  bool started() const;    // at least one byte of this request was seen (line ends in front of it do not count)
  bool head_done() const;  // also when only the body or an expectation was refused (413, 417)
  bool done() const;

  // Valid once head_done():
  std::string_view method() const;
  std::string_view target() const;  // origin-form, as sent; of absolute-form the part behind the authority
  int version() const;              // 10 or 11
  bool keep_alive() const;
  bool expects_continue() const;
  bool upgrade() const;
  const Headers& headers() const;
  std::uint64_t declared_length() const;  // of Content-Length; 0 for chunked
  bool in_pieces() const;                 // what the rule said of this body
  bool chunked() const;

  // Grows while parsing; has at least 64 readable bytes of capacity behind its end (what simdjson needs).
  const std::string& body() const;
  std::string take_body();  // leaves an empty one
  void drop_body();         // likewise, keeping its memory for the next piece

 private:
  class Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace triaged::wire
