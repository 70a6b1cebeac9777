// One request on its way through the gateway: what is known of it for the log and the metrics.
#pragma once

#include "triaged/server/gateway.hpp"

#include "server/paths.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace triaged::server {

struct Gateway::Call {
  Call(Turn& on, RequestId request_id) : turn(on), id(request_id) {}
  Turn& turn;
  RequestId id;
  Path path;
  std::string key;
  std::string error;
  std::string refused_model;                 // that was asked for, where no plan could be made
  bool stream = false;                       // was asked for
  std::string fields;                        // of an answer of our own, beside those that all have
  const dispatch::Passed* passed = nullptr;  // how a request went that was handed on unread ...
  std::string_view provider;                 // ... and to whom
  dispatch::SideCosts side;
  std::optional<routing::WarmTarget> warm;  // who had answered the conversation's turn before
};

}  // namespace triaged::server
