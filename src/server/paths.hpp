// Which path means what.
#pragma once

#include "triaged/chat/request.hpp"

#include "server/pass_paths.hpp"

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
  pass,  // handed to a provider unread
};

struct Path {
  Endpoint endpoint = Endpoint::none;
  std::string_view name = "none";                      // for logs and metrics
  std::string_view methods;                            // that it takes: "GET, POST"
  chat::Dialect dialect = chat::Dialect::openai_chat;  // also of errors
  // The id of /v1/models/{id}; of what is passed on, all below /v1 with its query; of what is only decided, the path
  // that it would come in at.
  std::string_view rest;
  config::PassFamily family = config::PassFamily::audio;  // of what is passed on
};

// `target`: of the request line. `/v1` may be left out, as some clients' base URLs do.
Path find_path(std::string_view target);
bool takes(const Path& path, std::string_view method);

}  // namespace triaged::server
