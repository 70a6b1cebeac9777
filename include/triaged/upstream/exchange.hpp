// One request and its response on a leased connection. Each step has a deadline; an error leaves the connection unfit,
// so that dropping the exchange closes it. One coroutine drives it, or one sends while another reads; what is no
// coroutine may be called in between from the same thread.
#pragma once

#include "triaged/upstream/pool.hpp"
#include "triaged/wire/compression.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace triaged::upstream {

// What is made of a body that came in a content coding.
enum class PackedBody : std::uint8_t { unpack, leave };

class Exchange {
 public:
  explicit Exchange(Lease lease, PackedBody packed_body = PackedBody::unpack);

  // Writes everything, gathered. If the other side closes while we write, an answer it sent before (413, 401 ...) still
  // counts: read_head() then finds it.
  net::Task<Result<void>> send(net::Buffers buffers, Deadline deadline);
  // `late` is the kind of the error when the deadline passes.
  net::Task<Result<void>> read_head(Deadline deadline, ErrorKind late);
  // A send() that is pending ends at once, and so would any other: the answer came before the request was whole.
  void stop_sending();
  // Appends what one read brings to `body`: nothing if the message is over, or if packed bytes come to nothing yet.
  // True: the message is over.
  net::Task<Result<bool>> read_body(std::string& body, Deadline deadline, ErrorKind late);

  int status() const { return lease_->parser.status(); }
  const wire::Headers& headers() const { return lease_->parser.headers(); }
  bool done() const { return lease_->parser.done(); }
  bool has_more_at_hand() const { return !early_body_.empty() || done(); }  // read_body() will not wait
  Progress progress() const { return progress_; }
  bool got_bytes() const { return got_bytes_; }
  bool reused() const { return reused_; }

  void hurry(Deadline deadline);  // for what is being read: the head, or bytes of the body
  void cancel();                  // pending steps end with an error of kind client_gone
  // The answer is used up: keeps the connection, reading a last chunk in the background if that is all that is missing.
  void release();

 private:
  net::Task<Result<void>> receive(std::string& body, Deadline deadline, ErrorKind late);
  Result<void> begin_body();
  Result<void> unpack(std::string& body);

  Lease lease_;
  PackedBody packed_body_;
  Progress progress_ = Progress::nothing_sent;
  std::string early_body_;                    // body bytes that came with the head
  std::unique_ptr<wire::Unpacker> unpacker_;  // null: the body comes as it is
  std::string packed_;                        // of the last read
  bool reused_ = false;
  bool got_bytes_ = false;
  bool cancelled_ = false;
  Deadline hurried_;
};

}  // namespace triaged::upstream
