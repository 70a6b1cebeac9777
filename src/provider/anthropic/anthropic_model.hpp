// What Anthropic's models differ in, by their names: which members of a request they refuse. The names follow rules
// ("claude-opus-4-7", "claude-3-7-sonnet-20250219"), so models to come are taken for the newest generation.
#pragma once

#include <cstdint>
#include <string_view>

namespace triaged::provider {

struct AnthropicModel {
  enum class Thinking : std::uint8_t {
    none,
    budget,    // only with a number of tokens
    adaptive,  // as much as the model finds right, guided by an effort
  };
  // How a model is kept from thinking.
  enum class Off : std::uint8_t {
    unset,          // it does not think unless asked
    disabled,       // {"type":"disabled"}
    between_tools,  // {"type":"between_tools"}, the least it can do
    never,          // it always thinks
  };

  Thinking thinking = Thinking::adaptive;
  Off off = Off::disabled;
  bool budget = false;  // takes a number of tokens to think
  bool xhigh_effort = true;
  bool max_effort = true;
  bool sampling = false;               // temperature, top_p, top_k
  bool temperature_and_top_p = false;  // both at once
  bool prefill = false;                // goes on with an assistant's turn that ends the conversation
  bool forced_tools = true;            // tool_choice any, tool
  bool structured = true;              // output_config.format, strict tools
  std::int64_t max_tokens = 32000;     // asked for where neither the client nor the configuration says how many
};

// Other makers' models behind the same API are taken to be as lenient as the API was at first.
AnthropicModel anthropic_model(std::string_view name);

}  // namespace triaged::provider
