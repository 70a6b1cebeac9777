// Faults that hold for a model until they are ended: how an outage of a simulated provider is scripted while requests
// come. Every function may be called from any thread.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/result.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {

class StandingFaults {
 public:
  // Times are counted from when the simulator started.
  struct Held {
    std::string model;
    std::string faults;
    std::optional<std::uint64_t> left;  // requests that will meet them yet, where `times` was said
    std::uint64_t met = 0;              // requests that did
    Duration since{0};
  };

  // `faults` as in a model's name, and `times=N`: for the next N requests. "*" is every model that has none of its own.
  // Replaces what held for the model before. Error: there is no such fault.
  Result<void> hold(const std::string& model, const std::string& faults, Duration now);
  bool end(const std::string& model);  // false: none held
  void end_all();
  // The faults that a request for the model meets now, "" if none.
  std::string meet(std::string_view model, Duration now);
  std::vector<Held> all() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Held, std::less<>> held_;
};

}  // namespace triaged::provider
