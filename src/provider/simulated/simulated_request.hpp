// What the simulated provider reads out of a chat request.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/provider/simulated.hpp"

#include "provider/simulated/simulated_faults.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {

enum class SimulatedTier : std::uint8_t { light, standard, premium };
enum class SimulatedFormat : std::uint8_t { text, json_object, json_schema };

struct SimulatedTool {
  std::string name;
  nlohmann::json parameters;
};

struct SimulatedRequest {
  std::string model;  // without faults
  SimulatedTier tier = SimulatedTier::standard;
  Faults faults;
  std::string fault_words;    // as they were said
  std::string prompt;         // all text of all messages
  std::string question;       // the text of the last user message
  bool answers_tool = false;  // the last message is a tool's result
  bool prefilled = false;     // the last message is the assistant's
  std::size_t messages = 0;
  std::uint64_t images = 0;
  std::uint64_t audios = 0;
  bool stream = false;
  bool include_usage = false;
  std::uint64_t answers = 1;
  std::optional<std::uint64_t> max_tokens;
  std::vector<std::string> stop;
  std::vector<SimulatedTool> tools;
  bool legacy_functions = false;  // tools came as `functions`
  bool call_forced = false;
  bool call_forbidden = false;
  std::string named_tool;
  SimulatedFormat format = SimulatedFormat::text;
  nlohmann::json schema;
};

// Its faults are those of the model name, those of the x-simulate-fault header, and what stands for the model.
Result<SimulatedRequest> read_simulated_request(const SimulatedCall& call);

SimulatedTier simulated_tier(std::string_view model);

}  // namespace triaged::provider
