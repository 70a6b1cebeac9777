// What the workers of one simulator share: when it started, the faults that stand, and what was asked of it. Its
// clients script outages and read the request log under /simulate/ (docs/simulate.md). Every function but log_to() may
// be called from any thread.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/result.hpp"
#include "triaged/provider/simulated.hpp"
#include "triaged/provider/standing_faults.hpp"
#include "triaged/wire/headers.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::server {

// A request that has ended.
struct SimulatedRequestEnd {
  std::string_view method;
  std::string_view path;
  const wire::Headers& headers;
  const provider::Script& script;
  bool stayed = false;    // the client was there when the script ended
  std::size_t bytes = 0;  // sent, with the head
  Duration took{0};
};

class SimulatorDesk {
 public:
  explicit SimulatorDesk(const Clock& clock);

  // A JSON line there for every request that ends. Before the first one.
  Result<void> log_to(const std::string& file);
  // Its clients may ask under /simulate/.
  void open() { open_ = true; }

  Duration uptime() const { return clock_.now() - started_; }
  provider::StandingFaults& standing() { return standing_; }
  void note(const SimulatedRequestEnd& end);

  struct Answer {
    int status = 200;
    std::string body;  // JSON
  };
  // Empty: the path is not one of these.
  std::optional<Answer> answer(std::string_view method, std::string_view path, const std::string& body);

 private:
  Answer answer_faults(std::string_view method, std::string_view model, const std::string& body);
  Answer answer_requests(std::string_view method);
  std::string list_faults() const;
  std::string list_requests() const;

  const Clock& clock_;
  const TimePoint started_;
  provider::StandingFaults standing_;
  bool open_ = false;
  mutable std::mutex mutex_;  // of what stands below
  std::ofstream file_;
  std::uint64_t total_ = 0;
  std::deque<std::string> last_;  // lines of the last ones
};

}  // namespace triaged::server
