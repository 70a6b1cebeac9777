// The client's request with something of the gateway's own in it: what an attempt may be sent in its place.
#pragma once

#include "triaged/chat/request.hpp"
#include "triaged/quality/checks.hpp"

#include <string>
#include <string_view>

namespace triaged::dispatch {

struct Rewritten {
  chat::Request request;
  std::string body;
};

// With the answer's beginning behind its messages. `prefill`: the model continues an assistant message; else it is told
// in words. An empty beginning is the request as it was.
Rewritten continue_answer(const chat::Request& request, std::string_view body, std::string_view beginning,
                          bool prefill);

// With the tokens' probabilities asked for.
Rewritten ask_probabilities(const chat::Request& request, std::string_view body);

// With a weaker model's answer, as far as it came, and what was wrong with it. `judge_reason`: where a judge said so.
Rewritten tell_finding(const chat::Request& request, std::string_view body, std::string_view answer,
                       const quality::Finding& finding, std::string_view judge_reason);

}  // namespace triaged::dispatch
