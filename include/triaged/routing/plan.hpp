// The decision: an ordered list of candidates with reasons. A pure function of the request, the settings and nothing
// else; health and load are the dispatcher's business.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/chat/request.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/routing/classifier.hpp"
#include "triaged/routing/complexity.hpp"
#include "triaged/routing/features.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::routing {

// What the client's `model` means under the current settings.
enum class WantedKind : std::uint8_t {
  automatic,    // "auto": routed freely
  tier,         // "tier:NAME": that tier, then (as fallback only) stronger ones
  target,       // "provider/model": that target and nothing else
  list,         // body `models: [..]`: these in that order and nothing else
  intercepted,  // a name under routing.intercept: routed, with that model as ceiling and baseline
};
std::string_view name(WantedKind kind);

struct Wanted {
  WantedKind kind = WantedKind::automatic;
  std::size_t tier = 0;              // for tier; for intercepted: the ceiling tier
  std::vector<std::size_t> targets;  // for target and list
  std::string model;                 // as requested
};

// Error 404 model_not_found (OpenAI's wording and code, param "model") with the nearest names as a suggestion.
Result<Wanted> resolve_wanted(const chat::Request& request, const config::Settings& settings);

struct Candidate {
  std::size_t tier = 0;    // index into Settings::tiers
  std::size_t target = 0;  // index into Settings::targets
};

// Why a target cannot serve this request at all.
struct Removed {
  std::size_t target = 0;
  std::string_view constraint;  // "context_window", "images", "audio", "tools", "json_schema", "max_output"
  std::string detail;           // "needs about 210000 tokens, window is 128000"
};

// Its views (features.task_text, baseline_model) point into the request.
struct Plan {
  Wanted wanted;
  Features features;
  TaskScores task;
  Complexity complexity;
  std::size_t tier = 0;               // where it starts
  std::optional<std::size_t> rule;    // row of the routing table that chose the tier
  bool raised_for_doubt = false;      // confidence below the threshold: one tier up
  std::vector<Candidate> candidates;  // in order: the targets of the start tier, then of the stronger tiers
  std::vector<Removed> removed;
  std::string reason;  // one sentence, ASCII, <= 200 characters: fits a header

  // What the request would have cost without routing: the requested model if it has a target, else the configured one.
  std::size_t baseline_target = 0;
  std::string_view baseline_model;  // intercepted names that are no target: the requested name itself, else ""
};

// Where a request came in: what rows of the routing table may look at besides the request itself.
struct Origin {
  std::string_view path;  // without query
  std::string_view key;   // fingerprint of the client's key, "" if none is asked for
  std::vector<std::pair<std::string_view, std::string_view>> headers;  // those of Routing::rule_headers that are there
};

// Error 400/404 when nothing can serve the request: it names each target's constraint.
Result<Plan> make_plan(const chat::Request& request, const config::Settings& settings, const Classifier& classifier,
                       const Origin& origin = {});

// The decision as JSON for POST /v1/route, the `triaged` body object and `triaged explain --json`.
std::string plan_json(const Plan& plan, const config::Settings& settings);
// The same for people, several lines.
std::string plan_text(const Plan& plan, const config::Settings& settings);

}  // namespace triaged::routing
