// One line of the access log: a JSON object. No keys and no prompts, unless log.prompts is on.
#pragma once

#include "triaged/dispatch/dispatcher.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace triaged::server {

struct AccessLine {
  RequestId id;
  WallTime at{};
  std::string_view endpoint;
  std::string_view method;
  std::string_view path;
  std::string_view key;
  std::string_view error;
  std::string_view requested_model;  // where there is no plan
  int status = 0;
  std::size_t bytes = 0;
  Duration total{0};
  const dispatch::Finished* finished = nullptr;  // null where nothing was dispatched
  const routing::Plan* plan = nullptr;
  const dispatch::Passed* passed = nullptr;  // a request that was handed on unread ...
  std::string_view provider;                 // ... to this one ...
  std::uint64_t received = 0;                // ... with so many bytes of a body that was not gathered
};

std::string access_json(const AccessLine& line, const config::Settings& settings);
std::string timestamp(WallTime at);  // "2026-01-31T12:34:56.789Z"

}  // namespace triaged::server
