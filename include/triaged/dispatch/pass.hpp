// A request that is handed to one provider unread, and the answer handed back: both as their bytes come, so that what
// is held of them is bounded however long they are.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/ids.hpp"
#include "triaged/base/result.hpp"
#include "triaged/net/task.hpp"
#include "triaged/wire/headers.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::dispatch {

// How such requests are called where others have a tier and a task.
constexpr std::string_view pass_name = "passthrough";

// The client's side of one.
class PassClient {
 public:
  virtual ~PassClient() = default;
  // The next bytes of the request's body, valid until the next call. Errors: client_gone, request_timeout, and what is
  // wrong with the body.
  virtual net::Task<Result<std::string_view>> read() = 0;
  virtual bool all_read() const = 0;
  virtual void stop_reading() = 0;  // a read() that is pending ends with an error

  // The answer begins: its head goes out with the first send().
  virtual void begin(int status, const wire::Headers& upstream_headers) = 0;
  virtual net::Task<Result<void>> send(std::string_view bytes, bool last) = 0;

  virtual bool client_gone() const = 0;
  // Called at most once, on this thread, when the client is noticed to have left. Empty: nobody listens any more.
  virtual void on_client_gone(std::function<void()> notice) = 0;
  // Whether the client is still there is noticed by itself, but not while bytes of its body are there to be read: then
  // it has to be asked for.
  virtual void look_for_client() = 0;
};

// References and views outlive Dispatcher::pass().
struct PassJob {
  PassJob(std::size_t to, const wire::Headers& client_headers) : provider(to), headers(client_headers) {}
  std::size_t provider;  // index into Settings::providers; speaks OpenAI's dialect
  const wire::Headers& headers;
  std::string_view endpoint;  // stands in the books for the model, which nobody has read
  std::string_view method;
  std::string_view path;                // below the provider's base_url, with the client's query
  bool chunked = false;                 // how the body is framed ...
  std::optional<std::uint64_t> length;  // ... or how long it is; neither: there is none
  RequestId id;
  std::string key;  // fingerprint of the client's key, "" if none
  TimePoint started{};
};

struct Passed {
  int status = 0;
  bool begun = false;     // the answer was
  bool complete = false;  // the client was given all of it
  bool client_gone = false;
  std::size_t attempts = 0;
  std::optional<Error> error;  // what went wrong; where nothing was begun, the client is still to be told
  std::string failure;         // for logs: what went wrong, or what the provider's status means; "" otherwise
};

}  // namespace triaged::dispatch
