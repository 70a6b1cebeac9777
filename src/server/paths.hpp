// Which path means what.
#pragma once

#include "triaged/chat/request.hpp"

#include <cstdint>
#include <string_view>

namespace triaged::server {

enum class Endpoint : std::uint8_t {
  none,
  answer,  // a request that a model answers, in `dialect`
  route,   // only decided
  count,   // only counted: the tokens of a request
  models,
  model,
};

struct Path {
  Endpoint endpoint = Endpoint::none;
  std::string_view name = "none";  // for logs and metrics
  std::string_view method;
  chat::Dialect dialect = chat::Dialect::openai_chat;  // also of errors
  std::string_view rest;                               // of /v1/models/{id}
};

// `target`: of the request line. `/v1` may be left out, as some clients' base URLs do.
Path find_path(std::string_view target);

}  // namespace triaged::server
