#include "provider/simulated/simulated_script.hpp"

#include "provider/simulated/simulated_text.hpp"

#include <algorithm>

namespace triaged::provider {
namespace {

using nlohmann::json;
using ordered = nlohmann::ordered_json;

// A fixed date: the same request gives the same bytes on every day.
constexpr std::int64_t created = 1'767'225'600;

std::string dump(const ordered& value) { return value.dump(-1, ' ', false, ordered::error_handler_t::replace); }

// How fast a tier is, relative to the configured pace.
struct Pace {
  Duration first_token;
  Duration token;
};

Duration scaled(double nanoseconds) {
  constexpr double longest = 3.6e12;  // an hour
  return Duration(static_cast<Duration::rep>(std::clamp(nanoseconds, 0.0, longest)));
}

Pace pace_of(const config::Simulation& options, SimulatedTier tier) {
  const double slowness = tier == SimulatedTier::light ? 0.5 : tier == SimulatedTier::premium ? 1.8 : 1.0;
  const double factor = slowness * options.time_scale;
  const double rate = std::max(options.tokens_per_second, 0.001);
  return {scaled(static_cast<double>(options.first_token.count()) * factor), scaled(1e9 / rate * factor)};
}

ordered usage_of(const SimulatedAnswer& answer) {
  return {{"prompt_tokens", answer.prompt_tokens},
          {"completion_tokens", answer.completion_tokens},
          {"total_tokens", answer.prompt_tokens + answer.completion_tokens},
          {"prompt_tokens_details", {{"cached_tokens", 0}, {"audio_tokens", 0}}},
          {"completion_tokens_details", {{"reasoning_tokens", answer.reasoning_tokens}, {"audio_tokens", 0}}}};
}

ordered function_of(const SimulatedChoice& choice, std::string_view arguments) {
  return {{"name", choice.tool}, {"arguments", arguments}};
}

ordered message_of(const SimulatedRequest& request, const SimulatedChoice& choice) {
  ordered message{{"role", "assistant"}, {"content", nullptr}, {"refusal", nullptr}};
  if (choice.is_refusal) {
    message["refusal"] = choice.text;
  } else if (!choice.is_call) {
    message["content"] = choice.text;
  } else if (request.legacy_functions) {
    message["function_call"] = function_of(choice, choice.text);
  } else {
    message["tool_calls"] = ordered::array(
        {{{"id", choice.call_id}, {"type", "function"}, {"function", function_of(choice, choice.text)}}});
  }
  return message;
}

std::vector<std::pair<std::string, std::string>> common_headers(const SimulatedAnswer& answer) {
  return {{"x-request-id", "req_sim_" + answer.id}, {"x-simulated", "true"}};
}

class StreamWriter {
 public:
  StreamWriter(const config::Simulation& options, const SimulatedRequest& request, const SimulatedAnswer& answer)
      : request_(request), answer_(answer), pace_(pace_of(options, request.tier)) {}

  Script write() {
    script_.streamed = true;
    script_.headers = common_headers(answer_);
    script_.headers.emplace_back("content-type", "text/event-stream; charset=utf-8");
    script_.wait_before_head = pace_.first_token;
    next_wait_ = request_.faults.slow_first_token + pace_.token * answer_.reasoning_tokens;
    for (std::size_t i = 0; i < answer_.choices.size(); ++i) write_role(i);
    const bool whole = write_contents();
    if (whole) write_ending();
    return std::move(script_);
  }

 private:
  ordered chunk(ordered choices) const {
    ordered value{{"id", "chatcmpl-sim-" + answer_.id},
                  {"object", "chat.completion.chunk"},
                  {"created", created},
                  {"model", request_.model},
                  {"system_fingerprint", "simulated"},
                  {"choices", std::move(choices)}};
    if (request_.include_usage) value["usage"] = nullptr;
    return value;
  }
  ordered choice_chunk(std::size_t index, ordered delta, ordered finish) const {
    return chunk(ordered::array({{{"index", index},
                                  {"delta", std::move(delta)},
                                  {"logprobs", nullptr},
                                  {"finish_reason", std::move(finish)}}}));
  }
  void send(Duration wait, std::string_view data) {
    script_.steps.push_back({wait, "data: " + std::string(data) + "\n\n"});
  }

  void write_role(std::size_t index) {
    const SimulatedChoice& choice = answer_.choices[index];
    ordered delta{{"role", "assistant"}, {"content", choice.is_call ? ordered(nullptr) : ordered("")}};
    if (!choice.is_call) delta["refusal"] = nullptr;
    send(Duration(0), dump(choice_chunk(index, std::move(delta), nullptr)));
  }

  ordered delta_of(const SimulatedChoice& choice, std::string_view piece) const {
    if (choice.is_refusal) return {{"refusal", piece}};
    if (!choice.is_call) return {{"content", piece}};
    if (request_.legacy_functions) return {{"function_call", {{"arguments", piece}}}};
    return {{"tool_calls", ordered::array({{{"index", 0}, {"function", {{"arguments", piece}}}}})}};
  }

  // The name of a called tool comes first, its arguments after it.
  void write_call_head(std::size_t index) {
    const SimulatedChoice& choice = answer_.choices[index];
    if (!choice.is_call) return;
    ordered delta;
    if (request_.legacy_functions) {
      delta["function_call"] = function_of(choice, "");
    } else {
      delta["tool_calls"] = ordered::array(
          {{{"index", 0}, {"id", choice.call_id}, {"type", "function"}, {"function", function_of(choice, "")}}});
    }
    send(take_wait(), dump(choice_chunk(index, std::move(delta), nullptr)));
  }

  Duration take_wait() {
    const Duration extra = std::exchange(next_wait_, Duration(0));
    return extra + request_.faults.drip.value_or(pace_.token);
  }

  // False if a fault ended the stream.
  bool before_token(std::uint64_t count) {
    if (request_.faults.cut == count) {
      script_.end = ScriptEnd::cut;
      return false;
    }
    if (request_.faults.stall == count) {
      script_.end = ScriptEnd::hang;
      return false;
    }
    if (request_.faults.malformed == count) {
      send(Duration(0),
           R"({"id":"chatcmpl-sim-)" + answer_.id + R"(","choices":[{"index":0,"delta":{"content":"broken)");
    }
    return true;
  }

  // The choices in turn, a token of each at a time.
  bool write_contents() {
    std::vector<std::vector<std::string_view>> tokens;
    std::size_t longest = 0;
    for (std::size_t i = 0; i < answer_.choices.size(); ++i) {
      write_call_head(i);
      tokens.push_back(simulated_tokens(answer_.choices[i].text));
      longest = std::max(longest, tokens.back().size());
    }
    for (std::size_t at = 0; at < longest; ++at) {
      if (!before_token(at)) return false;
      for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (at >= tokens[i].size()) continue;
        const Duration wait = i == 0 ? take_wait() : Duration(0);
        send(wait, dump(choice_chunk(i, delta_of(answer_.choices[i], tokens[i][at]), nullptr)));
      }
    }
    return before_token(longest);
  }

  void write_ending() {
    for (std::size_t i = 0; i < answer_.choices.size(); ++i) {
      send(next_wait_, dump(choice_chunk(i, ordered::object(), answer_.choices[i].finish)));
      next_wait_ = Duration(0);
    }
    if (request_.include_usage) {
      ordered last = chunk(ordered::array());
      last["usage"] = usage_of(answer_);
      send(Duration(0), dump(last));
    }
    if (!request_.faults.no_done) send(Duration(0), "[DONE]");
    if (request_.faults.wrong_length) script_.end = ScriptEnd::cut;
  }

  const SimulatedRequest& request_;
  const SimulatedAnswer& answer_;
  Pace pace_;
  Duration next_wait_{0};
  Script script_;
};

std::string body_of(const SimulatedRequest& request, const SimulatedAnswer& answer) {
  ordered choices = ordered::array();
  for (std::size_t i = 0; i < answer.choices.size(); ++i) {
    choices.push_back({{"index", i},
                       {"message", message_of(request, answer.choices[i])},
                       {"logprobs", nullptr},
                       {"finish_reason", answer.choices[i].finish}});
  }
  return dump({{"id", "chatcmpl-sim-" + answer.id},
               {"object", "chat.completion"},
               {"created", created},
               {"model", request.model},
               {"choices", std::move(choices)},
               {"usage", usage_of(answer)},
               {"service_tier", "default"},
               {"system_fingerprint", "simulated"}});
}

}  // namespace

Script simulated_stream(const config::Simulation& options, const SimulatedRequest& request,
                        const SimulatedAnswer& answer) {
  return StreamWriter(options, request, answer).write();
}

Script simulated_body(const config::Simulation& options, const SimulatedRequest& request,
                      const SimulatedAnswer& answer) {
  const Faults& faults = request.faults;
  const Pace pace = pace_of(options, request.tier);
  std::string body = body_of(request, answer);
  Script script;
  script.headers = common_headers(answer);
  script.headers.emplace_back("content-type", "application/json");
  const Duration token = faults.drip.value_or(pace.token);
  script.wait_before_head = pace.first_token + faults.slow_first_token + token * answer.completion_tokens;
  const std::size_t whole = body.size();
  if (faults.malformed) body.resize(whole / 2);
  if (faults.wrong_length) {
    script.headers.emplace_back("content-length", std::to_string(body.size() + 100));
    script.end = ScriptEnd::cut;
  }
  if (faults.cut || faults.stall) {
    script.headers.emplace_back("content-length", std::to_string(whole));
    script.end = faults.cut ? ScriptEnd::cut : ScriptEnd::hang;
    body.resize(whole / 2);
  }
  script.steps.push_back({Duration(0), std::move(body)});
  return script;
}

Script simulated_json(int status, const std::string& body) {
  Script script;
  script.status = status;
  script.headers = {{"content-type", "application/json"}, {"x-simulated", "true"}};
  script.steps.push_back({Duration(0), body});
  return script;
}

}  // namespace triaged::provider
