#include "server/decision_fields.hpp"

#include "triaged/base/decimals.hpp"
#include "triaged/base/text.hpp"
#include "triaged/wire/head_writer.hpp"

namespace triaged::server {
namespace {

void append_dollars(std::string& out, const std::optional<NanoDollars>& amount) {
  out += amount ? format_dollars(*amount) : std::string("null");
}

// Names of members; a client's own may hold anything.
std::string joined(const std::vector<std::string>& names) {
  constexpr std::size_t most = 1024;
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += ", ";
    for (const char c : name) out += c > ' ' && c < 0x7f ? c : '?';
    if (out.size() <= most) continue;
    out.resize(most);
    return out.append(" ...");
  }
  return out;
}

}  // namespace

void append_decision_fields(const dispatch::AnswerInfo& info, std::string& out) {
  const config::Settings& settings = *info.settings;
  const routing::Plan& plan = *info.plan;
  wire::append_field(out, "x-triaged-id", info.id.text());
  wire::append_field(out, "x-triaged-tier", settings.tier_name(info.tier));
  wire::append_field(out, "x-triaged-model", settings.targets[info.target].name);
  wire::append_field(out, "x-triaged-task", routing::name(plan.task.best));
  std::string complexity;
  append_two_decimals(complexity, plan.complexity.value);
  wire::append_field(out, "x-triaged-complexity", complexity);
  if (info.raised.empty())
    wire::append_field(out, "x-triaged-reason", plan.reason);
  else
    wire::append_field(out, "x-triaged-reason", plan.reason + "; raised: " + std::string(info.raised));
  const std::size_t attempts = info.attempts->size() + info.running;
  wire::append_field(out, "x-triaged-attempts", std::to_string(attempts));
  wire::append_field(out, "x-triaged-config", settings.hash);
  if (info.dropped != nullptr) wire::append_field(out, "x-triaged-dropped", joined(*info.dropped));
  if (info.cost) wire::append_field(out, "x-triaged-cost-usd", format_dollars(*info.cost));
  if (info.saved) wire::append_field(out, "x-triaged-saved-usd", format_dollars(*info.saved));
}

void append_upstream_fields(const dispatch::AnswerInfo& info, std::string& out) {
  if (info.provider == nullptr || info.upstream_headers == nullptr) return;
  const wire::Headers& headers = *info.upstream_headers;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (info.provider->passes_response_header(headers[i].name))
      wire::append_field(out, headers[i].name, headers[i].value);
  }
}

std::string decision_json(const dispatch::AnswerInfo& info, bool final) {
  const config::Settings& settings = *info.settings;
  std::string out = "{\"id\":\"" + info.id.text() + "\",\"answered_by\":{\"tier\":";
  append_json_string(out, settings.tier_name(info.tier));
  out += ",\"model\":";
  append_json_string(out, settings.targets[info.target].name);
  out += "},\"config\":\"" + settings.hash + "\"";
  if (!info.raised.empty()) {
    out += ",\"raised\":";
    append_json_string(out, info.raised);
  }
  if (info.dropped != nullptr) {
    out += ",\"dropped\":[";
    for (std::size_t i = 0; i < info.dropped->size(); ++i) {
      if (i > 0) out += ',';
      append_json_string(out, (*info.dropped)[i]);
    }
    out += ']';
  }
  if (info.continued) out += R"(,"continued":true)";
  if (final) {
    out += ",\"cost_usd\":";
    append_dollars(out, info.cost);
    out += ",\"saved_usd\":";
    append_dollars(out, info.saved);
    out += ",\"side_cost_usd\":";
    append_dollars(out, info.side_cost);
    out += ",\"attempts\":[";
    bool first = true;
    for (const dispatch::AttemptNote& note : *info.attempts) {
      if (!first) out += ',';
      first = false;
      out += "{\"tier\":";
      append_json_string(out, settings.tier_name(note.tier));
      out += ",\"model\":";
      append_json_string(out, settings.targets[note.target].name);
      out += ",\"outcome\":\"";
      out += note.outcome;
      out += "\",\"error\":";
      append_json_string(out, note.error);
      out += ",\"upstream_status\":" + std::to_string(note.upstream_status) + ",\"cost_usd\":";
      append_dollars(out, note.cost);
      out += '}';
    }
    out += ']';
  }
  out += ",\"decision\":";
  out += routing::plan_json(*info.plan, settings);
  out += '}';
  return out;
}

}  // namespace triaged::server
