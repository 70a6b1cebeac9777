// The decision: an ordered list of candidates with reasons. A pure function of the request, the settings, the models
// and what was learned; health and load are the dispatcher's business.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/chat/request.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/routing/brain.hpp"
#include "triaged/routing/complexity.hpp"
#include "triaged/routing/features.hpp"
#include "triaged/routing/past_prompts.hpp"
#include "triaged/routing/upstream_routes.hpp"

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
  std::vector<std::size_t> targets;  // for target and list; for intercepted: the model itself, where it is a target
  std::string model;                 // as requested
};

// Error 404 model_not_found (OpenAI's wording and code, param "model") with the nearest names as a suggestion.
Result<Wanted> resolve_wanted(const chat::Request& request, const config::Settings& settings);

struct Candidate {
  std::size_t tier = 0;    // index into Settings::tiers
  std::size_t target = 0;  // index into Settings::targets
  // It costs more than the model that the request names: for when the others fail, not for a better or a faster answer.
  bool above_price = false;
};

// Why a target cannot serve this request at all.
struct Removed {
  std::size_t target = 0;
  std::string_view constraint;  // "context_window", "images", "audio", "tools", "json_schema", "max_output"
  std::string detail;           // "needs about 210000 tokens, window is 128000"
};

// What a tier would make of the request.
struct TierOutlook {
  std::size_t tier = 0;
  std::optional<std::size_t> target;  // the first that can take the request; none: the tier is ruled out
  bool above_price = false;           // it costs more than the model that was asked for
  TierEstimate quality;               // with what past prompts like the request showed
  TierEstimate without_past;
  double output_tokens = 0;         // expected, with the reasoning
  std::optional<NanoDollars> cost;  // expected, of the whole request; none: the target has no price
};

// What past prompts have to say of a request.
struct PastView {
  std::vector<PastNeighbour> neighbours;  // nearest first; none: none is near enough
  std::optional<PastChoice> choice;       // the tier that they chose, where the strategy `semantic` left it to them
  bool moved = false;                     // without them `cost_aware` would have chosen another tier
};

// Its views (features.task_text, baseline_model) point into the request, `embedder` and those of `past` into settings
// and models.
struct Plan {
  Wanted wanted;
  Features features;
  TaskScores task;
  Complexity complexity;
  std::size_t tier = 0;                      // where it starts
  std::optional<config::Strategy> strategy;  // that chose the tier; none: the client did, or the default tier
  std::optional<std::size_t> rule;           // row of the routing table that chose the tier
  std::optional<SemanticMatch> route;        // nearest of the routes by example, where they were asked
  std::vector<SemanticMatch> routes;         // the nearest ones, if Hints::detail asked for them
  std::string_view embedder;                 // whose vectors they were compared by; "" where they were not asked
  std::string_view embedding;                // EmbeddingHint::result; "": no model at a provider was asked
  std::string_view llm;                      // Hints::llm
  std::optional<PastView> past;              // where past prompts were looked at
  bool raised_for_doubt = false;             // confidence below the threshold: one tier up
  std::optional<NanoDollars> stay_cost;      // with the target that has the conversation in its prompt cache ...
  std::optional<NanoDollars> move_cost;      // ... or away from it, further turns included; none: not compared
  bool kept_warm = false;                    // stays with the target that has the conversation in its prompt cache
  std::vector<TierOutlook> outlooks;         // by tier; empty unless a strategy or Hints::detail asked for them
  std::optional<std::size_t> gate;           // of Quality::gates: what answers are held against
  std::vector<Candidate> candidates;         // the start tier's, then the stronger ones'; those above the price last
  std::vector<Removed> removed;
  std::string reason;  // one sentence, ASCII, <= 200 characters: fits a header

  // What the request would have cost without routing: the requested model if it has a target, else the configured one.
  std::size_t baseline_target = 0;
  std::string_view baseline_model;  // intercepted names that are no target: the requested name itself, else ""
};

bool chosen_by_route(const Plan& plan);  // the tier, by plan.route

// The ways that lead into a tier, for statistics: the rows of the table, the routes by example, and all else.
std::size_t way_count(const config::Settings& settings);
std::size_t way_of(const Plan& plan, const config::Settings& settings);
std::string way_name(std::size_t way, const config::Settings& settings);  // "row 2", "route orders", "other"

// Where a request came in: what rows of the routing table may look at besides the request itself.
struct Origin {
  std::string_view path;  // without query
  std::string_view key;   // fingerprint of the client's key, "" if none is asked for
  std::vector<std::pair<std::string_view, std::string_view>> headers;  // those of Routing::rule_headers that are there
};

// The target whose prompt cache still holds a conversation's earlier turns.
struct WarmTarget {
  std::size_t target = 0;
  std::int64_t tokens = 0;  // that its cache holds
  bool cold = false;        // it answered a turn that its cache could have held, and said that nothing came from there
};

// What was found out about a request before it is planned.
struct Hints {
  std::optional<TaskScores> task;  // of another classifier: takes the place of the built-in one's
  // What became of asking a model for the task: "used" or "cached" (it replied, and without `task` was too unsure to be
  // heeded), "late", "failed", "invalid", "paused"; "": it was not asked.
  std::string_view llm;
  std::optional<WarmTarget> warm;
  std::optional<EmbeddingHint> embedding;  // of the model at a provider, where it was asked
  bool detail = false;                     // outlooks even if no strategy needs them
};

// Error 400/404 when nothing can serve the request: it names each target's constraint.
Result<Plan> make_plan(const chat::Request& request, const config::Settings& settings, const Brain& brain,
                       const Origin& origin = {}, const Hints& hints = {});

// Whether another view of how near the routes are could have led `plan` elsewhere: not where the client named the model
// or the tier, nor where a strategy decided that is asked before them, nor without a text to compare.
bool routes_matter(const Plan& plan, const config::Settings& settings);

// The decision as JSON for POST /v1/route, the `triaged` body object and `triaged explain --json`.
std::string plan_json(const Plan& plan, const config::Settings& settings);
// The same for people, several lines.
std::string plan_text(const Plan& plan, const config::Settings& settings);

}  // namespace triaged::routing
