// What the simulated provider answers, before it is written as JSON or as a stream.
#pragma once

#include "triaged/config/settings.hpp"

#include "provider/simulated/simulated_request.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace triaged::provider {

struct SimulatedChoice {
  std::string text;
  bool is_refusal = false;  // `text` stands in `refusal`, not in `content`
  bool is_call = false;     // a call of `tool`; `text` are its arguments
  std::string tool;
  std::string call_id;
  std::string finish = "stop";
};

struct SimulatedAnswer {
  std::string id;  // hexadecimal digits
  std::vector<SimulatedChoice> choices;
  std::uint64_t prompt_tokens = 0;
  std::uint64_t completion_tokens = 0;  // reasoning included
  std::uint64_t reasoning_tokens = 0;
};

SimulatedAnswer simulated_answer(const config::Simulation& options, const SimulatedRequest& request);

}  // namespace triaged::provider
