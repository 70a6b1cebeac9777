#include "provider/simulated/simulated_answer.hpp"

#include "triaged/base/ids.hpp"
#include "triaged/base/text.hpp"

#include "provider/simulated/simulated_schema.hpp"
#include "provider/simulated/simulated_text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace triaged::provider {
namespace {

using nlohmann::json;

// FNV-1a; any hash that is the same on every machine would do.
std::uint64_t hash(std::string_view text, std::uint64_t state) {
  for (const char c : text) state = (state ^ static_cast<unsigned char>(c)) * 1'099'511'628'211ULL;
  return state;
}

std::string hexadecimal(std::uint64_t number) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; number >>= 4U) text[i] = digits[number & 15U];
  return text;
}

// A tool is called when the client forces it, or offers it and the question asks for it: by name or by the word "tool".
const SimulatedTool* tool_to_call(const SimulatedRequest& request) {
  if (request.tools.empty() || request.call_forbidden) return nullptr;
  for (const SimulatedTool& tool : request.tools) {
    if (tool.name == request.named_tool) return &tool;
  }
  if (request.call_forced) return &request.tools.front();
  if (request.answers_tool) return nullptr;
  const std::string question = to_lower(request.question);
  for (const SimulatedTool& tool : request.tools) {
    std::string name = to_lower(tool.name);
    if (question.find(name) != std::string::npos) return &tool;
    std::replace(name.begin(), name.end(), '_', ' ');
    if (question.find(name) != std::string::npos) return &tool;
  }
  const bool asked = question.find("tool") != std::string::npos || question.find("function") != std::string::npos;
  return asked ? &request.tools.front() : nullptr;
}

std::string json_text(const SimulatedRequest& request, Random& random) {
  if (request.format == SimulatedFormat::json_schema) return instance_of(request.schema).dump();
  json object{{"simulated", true}, {"answer", simulated_text(request, random)}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

SimulatedChoice make_choice(const SimulatedRequest& request, Random& random) {
  SimulatedChoice choice;
  if (request.faults.empty) return choice;
  if (request.faults.refusal) {
    choice.text = simulated_refusal();
    choice.is_refusal = request.format == SimulatedFormat::json_schema;
    return choice;
  }
  if (const SimulatedTool* const tool = tool_to_call(request)) {
    choice.is_call = true;
    choice.tool = tool->name;
    choice.call_id = "call_" + hexadecimal(random.next());
    choice.text = instance_of(tool->parameters.is_object() ? tool->parameters : json{{"type", "object"}}).dump();
    choice.finish = request.legacy_functions ? "function_call" : "tool_calls";
  } else if (request.format != SimulatedFormat::text) {
    choice.text = json_text(request, random);
  } else {
    choice.text = simulated_text(request, random);
  }
  if (request.faults.bad_json) {
    if (!choice.is_call && request.format == SimulatedFormat::text) choice.text = json_text(request, random);
    choice.text.resize(choice.text.size() - 1);  // always one ASCII bracket or quote
  }
  return choice;
}

void apply_stop(SimulatedChoice& choice, const std::vector<std::string>& stop) {
  if (choice.is_call) return;
  for (const std::string& text : stop) {
    if (!text.empty()) choice.text.resize(std::min(choice.text.find(text), choice.text.size()));
  }
}

void limit_tokens(SimulatedChoice& choice, std::uint64_t most, const char* finish) {
  const std::vector<std::string_view> tokens = simulated_tokens(choice.text);
  if (tokens.size() <= most) return;
  std::size_t size = 0;
  for (std::size_t i = 0; i < most; ++i) size += tokens[i].size();
  choice.text.resize(size);
  choice.finish = finish;
}

// Premium models think first; at most half of what they may say.
std::uint64_t reasoning_tokens(const SimulatedRequest& request, Random& random) {
  if (request.tier != SimulatedTier::premium || request.faults.empty) return 0;
  const std::uint64_t wanted = 64 + random.next() % 256 + std::min<std::uint64_t>(request.question.size() / 8, 512);
  return request.max_tokens ? std::min(wanted, *request.max_tokens / 2) : wanted;
}

}  // namespace

SimulatedAnswer simulated_answer(const config::Simulation& options, const SimulatedRequest& request) {
  std::uint64_t seed = hash(request.model, 14'695'981'039'346'656'037ULL ^ options.seed);
  seed = hash(request.prompt, seed);
  Random random(seed);

  SimulatedAnswer answer;
  answer.id = hexadecimal(random.next());
  answer.reasoning_tokens = reasoning_tokens(request, random);
  answer.completion_tokens = answer.reasoning_tokens;
  for (std::uint64_t i = 0; i < request.answers; ++i) {
    SimulatedChoice choice = make_choice(request, random);
    apply_stop(choice, request.stop);
    if (request.max_tokens) limit_tokens(choice, *request.max_tokens - answer.reasoning_tokens, "length");
    if (request.faults.filtered) limit_tokens(choice, *request.faults.filtered, "content_filter");
    answer.completion_tokens += simulated_token_count(choice.text) + simulated_token_count(choice.tool);
    answer.choices.push_back(std::move(choice));
  }

  constexpr std::uint64_t tokens_per_message = 4;
  constexpr std::uint64_t tokens_per_image = 85;
  constexpr std::uint64_t tokens_per_recording = 50;
  answer.prompt_tokens = simulated_token_count(request.prompt) + tokens_per_message * request.messages +
                         tokens_per_image * request.images + tokens_per_recording * request.audios;
  for (const SimulatedTool& tool : request.tools) {
    answer.prompt_tokens += simulated_token_count(tool.name) + simulated_token_count(tool.parameters.dump());
  }
  return answer;
}

}  // namespace triaged::provider
