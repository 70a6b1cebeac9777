// Side calls that requests can do without: how one went is a word for the metrics, and after too many in vain in a row
// none is made for a while. One per worker and purpose.
#pragma once

#include "triaged/dispatch/breaker.hpp"
#include "triaged/dispatch/dispatcher.hpp"

#include <functional>
#include <string_view>

namespace triaged::dispatch {

struct SideAnswer;
struct SideQuestion;

class OptionalCalls {
 public:
  // Takes what is wanted from an answer, or says why it is of no use.
  using Read = std::function<Result<void>(const SideAnswer& answer)>;

  // `who` is asked, for the log.
  OptionalCalls(Dispatcher& dispatcher, std::string_view who);

  // "used": `read` has taken the answer. Else "late", "failed" (also where the client left), "invalid" or "paused".
  // `wake` is given a function that ends the wait; valid until make() returns.
  net::Task<std::string_view> make(const SideQuestion& question, const Read& read, SideCosts& costs,
                                   std::function<void()>& wake);

 private:
  Dispatcher& dispatcher_;
  std::string_view who_;
  Breaker breaker_;  // of the calls as a whole: waiting in vain costs every request the timeout
};

}  // namespace triaged::dispatch
