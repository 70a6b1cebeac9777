// The simulated provider's paths and errors; what it says is made in simulated_answer.cpp, as bytes in
// simulated_script.cpp.
#include "triaged/provider/simulated.hpp"

#include "provider/simulated/simulated_answer.hpp"
#include "provider/simulated/simulated_embeddings.hpp"
#include "provider/simulated/simulated_script.hpp"

#include <array>
#include <optional>
#include <utility>

namespace triaged::provider {
namespace {

using ordered = nlohmann::ordered_json;

struct ErrorShape {
  int status = 500;
  std::string message;
  std::string type = "invalid_request_error";
  std::string code;
  std::string param;
};

Script error_script(const ErrorShape& error) {
  const auto or_null = [](const std::string& text) { return text.empty() ? ordered(nullptr) : ordered(text); };
  const ordered body{{"error",
                      {{"message", "[simulated] " + error.message},
                       {"type", error.type},
                       {"param", or_null(error.param)},
                       {"code", or_null(error.code)}}}};
  return simulated_json(error.status, body.dump(-1, ' ', false, ordered::error_handler_t::replace));
}

// What OpenAI answers with such a status.
ErrorShape shape_of(int status, const std::string& model) {
  switch (status) {
    case 401: return {status, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key", ""};
    case 402: return {status, "This account has no credit left.", "insufficient_quota", "insufficient_quota", ""};
    case 403: return {status, "This key may not do that.", "invalid_request_error", "", ""};
    case 404:
      return {status, "The model '" + model + "' does not exist.", "invalid_request_error", "model_not_found", "model"};
    case 429: return {status, "Rate limit reached for requests.", "requests", "rate_limit_exceeded", ""};
    case 503: return {status, "The engine is overloaded, please try again later.", "server_error", "overloaded", ""};
    default: break;
  }
  if (status >= 500) return {status, "The server had an error while processing the request.", "server_error", "", ""};
  return {status, "The request was not accepted.", "invalid_request_error", "", ""};
}

Script failing(const SimulatedRequest& request, int status) {
  Script script = error_script(shape_of(status, request.model));
  if (request.faults.retry_after)
    script.headers.emplace_back("retry-after", std::to_string(*request.faults.retry_after));
  return script;
}

// An error in place of an answer, for a request that could be read.
std::optional<Script> refused(const SimulatedRequest& request) {
  const Faults& faults = request.faults;
  if (faults.reset || faults.silence) {
    Script script;
    script.status = 0;
    script.end = faults.reset ? ScriptEnd::reset : ScriptEnd::hang;
    return script;
  }
  if (faults.status) return failing(request, *faults.status);
  if (faults.context_length) {
    return error_script(
        {400, "This model's maximum context length is 8192 tokens. Please reduce the length of the messages.",
         "invalid_request_error", "context_length_exceeded", "messages"});
  }
  if (faults.content_filter) {
    return error_script(
        {400, "The prompt was refused by the content filter.", "invalid_request_error", "content_filter", "messages"});
  }
  if (faults.prefill_refused && request.prefilled) {
    return error_script(
        {400, "This model does not support assistant message prefill.", "invalid_request_error", "", "messages"});
  }
  return std::nullopt;
}

Script chat(const config::Simulation& options, const SimulatedCall& call) {
  const Result<SimulatedRequest> read = read_simulated_request(call);
  if (!read) {
    const Error error = read.error();
    return error_script({error.status, error.detail, "invalid_request_error", error.code, error.param});
  }
  const SimulatedRequest& request = *read;
  std::optional<Script> script = refused(request);
  if (!script) {
    const SimulatedAnswer answer = simulated_answer(options, request);
    script = request.stream ? simulated_stream(options, request, answer) : simulated_body(options, request, answer);
  }
  script->asked = {request.model, request.fault_words, request.stream, request.prefilled, request.messages};
  return std::move(*script);
}

Script embeddings(const config::Simulation& options, const SimulatedCall& call) {
  std::string model;
  const Result<std::string> body = simulated_embeddings(options, call.body, model);
  if (!body) {
    const Error error = body.error();
    return error_script({error.status, error.detail, "invalid_request_error", error.code, error.param});
  }
  Script script = simulated_json(200, *body);
  script.asked.model = std::move(model);
  return script;
}

ordered model_object(std::string_view id) {
  return {{"id", id}, {"object", "model"}, {"created", 1'767'225'600}, {"owned_by", "simulated"}};
}

// Those that the price file has. Any other name is answered too.
constexpr std::array<std::string_view, 4> models{"simulated-light", "simulated-standard", "simulated-premium",
                                                 "simulated-embedding"};

Script list_models() {
  ordered data = ordered::array();
  for (const std::string_view id : models) data.push_back(model_object(id));
  return simulated_json(200, ordered{{"object", "list"}, {"data", std::move(data)}}.dump());
}

Script one_model(std::string_view id) {
  for (const std::string_view known : models) {
    if (known == id) return simulated_json(200, model_object(id).dump());
  }
  return error_script(shape_of(404, std::string(id)));
}

}  // namespace

Script simulate(const config::Simulation& options, const SimulatedCall& call) {
  std::string_view path = call.path.substr(0, call.path.find('?'));
  const bool is_chat = path.ends_with("/chat/completions");
  if (path.starts_with("/v1/")) path.remove_prefix(3);
  const bool is_embeddings = path == "/embeddings";
  const bool is_models = path == "/models";
  const bool is_model = path.starts_with("/models/");
  if (!is_chat && !is_embeddings && !is_models && !is_model) {
    return error_script({404, "There is no such path: use /v1/chat/completions, /v1/embeddings or /v1/models.",
                         "invalid_request_error", "unknown_url", ""});
  }
  const std::string method = is_chat || is_embeddings ? "POST" : "GET";
  if (call.method != method) {
    return error_script(
        {405, "This path takes " + method + " only.", "invalid_request_error", "method_not_supported", ""});
  }
  if (is_chat) return chat(options, call);
  if (is_embeddings) return embeddings(options, call);
  return is_models ? list_models() : one_model(path.substr(8));
}

}  // namespace triaged::provider
