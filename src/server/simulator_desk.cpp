#include "triaged/server/simulator_desk.hpp"

#include "triaged/base/text.hpp"

#include "server/access_line.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace triaged::server {
namespace {

using ordered = nlohmann::ordered_json;

constexpr std::size_t remembered = 1000;

std::string dump(const ordered& value) { return value.dump(-1, ' ', false, ordered::error_handler_t::replace); }

// Names of header fields whose values are nobody's business.
bool is_secret(std::string_view name) {
  const std::string lowered = to_lower(name);
  constexpr std::array<std::string_view, 5> words{"auth", "key", "token", "cookie", "secret"};
  return std::any_of(words.begin(), words.end(),
                     [&lowered](std::string_view word) { return lowered.find(word) != std::string::npos; });
}

ordered fields_of(const wire::Headers& headers) {
  ordered fields = ordered::object();
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const wire::Headers::Field field = headers[i];
    fields[to_lower(field.name)] = is_secret(field.name) ? std::string_view("(hidden)") : field.value;
  }
  return fields;
}

std::string id_of(const provider::Script& script) {
  for (const auto& [name, value] : script.headers) {
    if (name == "x-request-id") return value;
  }
  return {};
}

SimulatorDesk::Answer error(int status, std::string_view message, std::string_view code) {
  return {status, dump({{"error", {{"message", message}, {"type", "invalid_request_error"}, {"code", code}}}})};
}

ordered fault_json(const provider::StandingFaults::Held& held) {
  return {{"model", held.model},
          {"faults", held.faults},
          {"met", held.met},
          {"left", held.left ? ordered(*held.left) : ordered(nullptr)}};
}

}  // namespace

SimulatorDesk::SimulatorDesk(const Clock& clock) : clock_(clock), started_(clock.now()) {}

Result<void> SimulatorDesk::log_to(const std::string& file) {
  errno = 0;
  file_.open(file, std::ios::app | std::ios::binary);
  if (file_) return {};
  return gateway_error(ErrorKind::storage, 500, file + ": cannot be opened: " + std::generic_category().message(errno));
}

void SimulatorDesk::note(const SimulatedRequestEnd& end) {
  if (!open_) return;
  const provider::SimulatedFacts& asked = end.script.asked;
  const double milliseconds = std::chrono::duration<double, std::milli>(end.took).count();
  ordered entry{{"number", 0},
                {"time", timestamp(clock_.wall())},
                {"id", id_of(end.script)},
                {"method", end.method},
                {"path", end.path},
                {"model", asked.model},
                {"fault", asked.fault},
                {"stream", asked.stream},
                {"messages", asked.messages},
                {"prefilled", asked.prefilled},
                {"headers", fields_of(end.headers)},
                {"status", end.script.status},
                {"stayed", end.stayed},
                {"bytes", end.bytes},
                {"milliseconds", milliseconds}};
  const std::scoped_lock lock(mutex_);
  entry["number"] = ++total_;
  std::string line = dump(entry);
  if (file_.is_open()) file_ << line << '\n' << std::flush;
  last_.push_back(std::move(line));
  if (last_.size() > remembered) last_.pop_front();
}

std::optional<SimulatorDesk::Answer> SimulatorDesk::answer(std::string_view method, std::string_view path,
                                                           const std::string& body) {
  constexpr std::string_view requests = "/simulate/requests";
  constexpr std::string_view faults = "/simulate/faults";
  path = path.substr(0, path.find('?'));
  if (!open_) return std::nullopt;
  if (path == requests) return answer_requests(method);
  if (path == faults) return answer_faults(method, {}, body);
  if (!path.starts_with(faults) || path[faults.size()] != '/') return std::nullopt;
  return answer_faults(method, path.substr(faults.size() + 1), body);
}

SimulatorDesk::Answer SimulatorDesk::answer_requests(std::string_view method) {
  if (method == "DELETE") {
    const std::scoped_lock lock(mutex_);
    total_ = 0;
    last_.clear();
  } else if (method != "GET") {
    return error(405, "This path takes GET and DELETE only.", "method_not_supported");
  }
  return {200, list_requests()};
}

SimulatorDesk::Answer SimulatorDesk::answer_faults(std::string_view method, std::string_view model,
                                                   const std::string& body) {
  const std::string name = percent_decoded(model);
  if (method == "PUT" && !name.empty()) {
    if (const Result<void> held = standing_.hold(name, body, uptime()); !held) {
      return error(400, held.error().detail, held.error().code);
    }
  } else if (method == "DELETE" && !name.empty()) {
    if (!standing_.end(name)) return error(404, "No fault stands for the model '" + name + "'.", "no_fault");
  } else if (method == "DELETE") {
    standing_.end_all();
  } else if (method != "GET" || !name.empty()) {
    return error(405, "GET and DELETE /simulate/faults, PUT and DELETE /simulate/faults/MODEL.",
                 "method_not_supported");
  }
  return {200, list_faults()};
}

std::string SimulatorDesk::list_faults() const {
  ordered data = ordered::array();
  for (const provider::StandingFaults::Held& held : standing_.all()) data.push_back(fault_json(held));
  return dump({{"object", "list"}, {"data", std::move(data)}});
}

std::string SimulatorDesk::list_requests() const {
  const std::scoped_lock lock(mutex_);
  std::string json = R"({"object":"list","total":)" + std::to_string(total_) + R"(,"data":[)";
  for (const std::string& line : last_) json.append(line).append(",");
  if (!last_.empty()) json.pop_back();
  return json + "]}";
}

}  // namespace triaged::server
