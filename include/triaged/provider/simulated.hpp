// The simulated provider: what it would answer to an OpenAI chat request, as a script of bytes and waits. Deterministic
// for a seed, a model name and a prompt. Everything it says is labelled as simulated: text, `system_fingerprint`,
// headers. Behaviour by model name: names holding "light", "mini", "nano", "small", "flash" or "haiku" answer short and
// fast, "premium", "large", "opus" or "pro" long and slow, others in between. Faults by name suffix: see
// docs/simulate.md.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/provider/standing_faults.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::provider {

// A request to it; what it refers to outlives the call.
struct SimulatedCall {
  std::string_view method;
  std::string_view path;   // the request target
  std::string_view fault;  // the request header x-simulate-fault: the same as a "+fault" suffix of the model's name
  const std::string& body;
  Duration uptime{0};                  // since the simulator started: what `flap` goes by
  StandingFaults* standing = nullptr;  // null: none
};

struct ScriptStep {
  Duration wait{0};   // before the bytes
  std::string bytes;  // body bytes (for a stream: one or more SSE events)
};

// How the connection ends after the last step.
enum class ScriptEnd : std::uint8_t { complete, cut, reset, hang };

// What was asked, for the request log.
struct SimulatedFacts {
  std::string model;  // without faults; "" where none was asked
  std::string fault;  // those in force, "" if none
  bool stream = false;
  bool prefilled = false;  // the last message is the assistant's
  std::size_t messages = 0;
};

struct Script {
  int status = 200;                                          // 0: no head is sent at all, `end` happens at once
  std::vector<std::pair<std::string, std::string>> headers;  // a content-length here replaces the true one
  bool streamed = false;  // chunked, text/event-stream; else one body with Content-Length
  Duration wait_before_head{0};
  std::vector<ScriptStep> steps;
  ScriptEnd end = ScriptEnd::complete;
  SimulatedFacts asked;
};

// Unknown paths give 404, bad JSON 400, in OpenAI's error shape.
Script simulate(const config::Simulation& options, const SimulatedCall& call);

}  // namespace triaged::provider
