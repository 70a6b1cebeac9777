// A small chat request of the gateway's own, written in the dialect that every provider's codec reads.
#pragma once

#include "triaged/chat/request.hpp"
#include "triaged/provider/provider.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace triaged::provider {

// Which members a request for a short, sober answer may have. Models that think refuse the classic ones.
enum class OwnStyle : std::uint8_t {
  classic,  // max_tokens, temperature 0
  recent,   // max_completion_tokens, with room to think; no temperature
};

struct OwnChat {
  std::string_view system;
  std::string_view user;
  std::int64_t max_output_tokens = 0;
  OwnStyle style = OwnStyle::classic;
};

struct OwnRequest {
  chat::Request request;  // its texts are its own
  std::string body;
};

OwnRequest write_own_request(const OwnChat& chat);

// The style to use after `failure`: the other one, if the provider refused a member that only this one has.
OwnStyle style_after(OwnStyle used, const Failure& failure);

}  // namespace triaged::provider
