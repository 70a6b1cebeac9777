#include "provider/simulated/simulated_request.hpp"

#include "triaged/base/json.hpp"
#include "triaged/base/text.hpp"

#include <algorithm>
#include <initializer_list>

namespace triaged::provider {
namespace {

using nlohmann::json;

// The member, or null where there is none.
const json& member(const json& object, const char* name) {
  static const json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

std::string text_of(const json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

bool flag_of(const json& value) { return value.is_boolean() && value.get<bool>(); }

std::optional<std::uint64_t> count_of(const json& value) {
  if (!value.is_number_integer() || value < 0) return {};
  return value.get<std::uint64_t>();
}

Error invalid(std::string sentence, std::string param) {
  return client_error(ErrorKind::invalid_request, 400, std::move(sentence), {}, std::move(param));
}

// Adds the text of a message's content; counts what is not text.
void read_content(const json& content, std::string& text, SimulatedRequest& request) {
  if (content.is_string()) text += content.get_ref<const std::string&>();
  if (!content.is_array()) return;
  for (const json& part : content) {
    const std::string type = text_of(member(part, "type"));
    if (type == "text") text.append(text.empty() ? "" : "\n").append(text_of(member(part, "text")));
    if (type == "image_url") ++request.images;
    if (type == "input_audio") ++request.audios;
  }
}

Result<void> read_messages(const json& messages, SimulatedRequest& request) {
  if (!messages.is_array() || messages.empty()) {
    return invalid("'messages' must be an array with at least one message.", "messages");
  }
  request.messages = messages.size();
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const json& role = member(messages[i], "role");
    if (!role.is_string()) {
      const std::string param = "messages[" + std::to_string(i) + "].role";
      return invalid("'" + param + "' must be a string.", param);
    }
    std::string text;
    read_content(member(messages[i], "content"), text, request);
    request.prompt.append(text).append("\n");
    request.answers_tool = role == "tool" || role == "function";
    request.prefilled = role == "assistant";
    if (role == "user") request.question = std::move(text);
  }
  return {};
}

void read_tools(const json& body, SimulatedRequest& request) {
  const auto add = [&request](const json& function) {
    const std::string name = text_of(member(function, "name"));
    if (!name.empty()) request.tools.push_back({name, member(function, "parameters")});
  };
  if (member(body, "tools").is_array()) {
    for (const json& tool : body["tools"]) add(member(tool, "function"));
  }
  if (request.tools.empty() && member(body, "functions").is_array()) {
    request.legacy_functions = true;
    for (const json& function : body["functions"]) add(function);
  }
  const json& choice = member(body, request.legacy_functions ? "function_call" : "tool_choice");
  request.call_forced = choice == "required" || choice.is_object();
  request.call_forbidden = choice == "none";
  request.named_tool =
      text_of(request.legacy_functions ? member(choice, "name") : member(member(choice, "function"), "name"));
}

void read_format(const json& format, SimulatedRequest& request) {
  const std::string type = text_of(member(format, "type"));
  if (type == "json_object") request.format = SimulatedFormat::json_object;
  if (type != "json_schema") return;
  request.format = SimulatedFormat::json_schema;
  request.schema = member(member(format, "json_schema"), "schema");
}

void read_limits(const json& body, SimulatedRequest& request) {
  request.max_tokens = count_of(member(body, "max_completion_tokens"));
  if (!request.max_tokens) request.max_tokens = count_of(member(body, "max_tokens"));
  request.answers = std::clamp<std::uint64_t>(count_of(member(body, "n")).value_or(1), 1, 16);
  const json& stop = member(body, "stop");
  if (stop.is_string()) request.stop.push_back(stop.get<std::string>());
  if (!stop.is_array()) return;
  for (const json& text : stop) request.stop.push_back(text_of(text));
}

// What the request says itself, and what stands for its model.
Result<void> read_faults(const SimulatedCall& call, std::string_view suffix, SimulatedRequest& request) {
  Faults own;
  if (auto parsed = parse_faults(suffix, own); !parsed) return parsed;
  if (auto parsed = parse_faults(call.fault, own); !parsed) return parsed;
  if (own.times) return invalid("'times' is for faults that are set by PUT /simulate/faults/MODEL.", "model");
  request.faults = at(own, call.uptime);
  if (request.faults != Faults()) {
    request.fault_words = momentary_words(std::string(suffix).append(";").append(call.fault));
  }
  if (call.standing == nullptr) return {};
  const std::string standing = call.standing->meet(request.model, call.uptime);
  if (standing.empty()) return {};
  request.fault_words.append(request.fault_words.empty() ? "" : ";").append(standing);
  return parse_faults(standing, request.faults);
}

}  // namespace

SimulatedTier simulated_tier(std::string_view model) {
  const std::string lowered = to_lower(model);
  const auto has = [&lowered](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&lowered](std::string_view word) { return lowered.find(word) != std::string::npos; });
  };
  if (has({"light", "mini", "nano", "small", "flash", "haiku"})) return SimulatedTier::light;
  if (has({"premium", "large", "opus", "pro"})) return SimulatedTier::premium;
  return SimulatedTier::standard;
}

Result<SimulatedRequest> read_simulated_request(const SimulatedCall& call) {
  const std::string& text = call.body;
  JsonReader reader(text);  // bounds the depth, which the tree below does not
  reader.skip();
  const json body = reader.at_end() ? json::parse(text, nullptr, false) : json(json::value_t::discarded);
  if (body.is_discarded()) return invalid("The request body is not valid JSON.", "");
  if (!body.is_object()) return invalid("The request body must be a JSON object.", "");
  const json& model = member(body, "model");
  if (!model.is_string() || model == "") return invalid("You must provide a model parameter.", "model");

  SimulatedRequest request;
  const std::string name = model.get<std::string>();
  const std::size_t plus = std::min(name.find('+'), name.size());
  request.model = name.substr(0, plus);
  request.tier = simulated_tier(request.model);
  if (auto read = read_faults(call, std::string_view(name).substr(plus), request); !read) return read.error();
  if (auto read = read_messages(member(body, "messages"), request); !read) return read.error();
  request.stream = flag_of(member(body, "stream"));
  request.include_usage = flag_of(member(member(body, "stream_options"), "include_usage"));
  read_limits(body, request);
  read_tools(body, request);
  read_format(member(body, "response_format"), request);
  return request;
}

}  // namespace triaged::provider
