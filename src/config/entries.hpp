// The file as it is written, before references are resolved: what the definition table reads into. Parts that hold no
// reference are the structs of settings.hpp themselves.
#pragma once

#include "triaged/config/settings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace triaged::config {

// Clocks of a target: what is not given is the provider's.
struct ClocksEntry {
  std::optional<Duration> connect;
  std::optional<Duration> head;
  std::optional<Duration> first_content;
  std::optional<Duration> idle;
  std::optional<Duration> total;
  std::optional<double> min_rate;
  std::optional<Duration> rate_window;
};

// `automatic`: by the model's name. The others are those of Tokenizer, in its order.
enum class TokenizerEntry : std::uint8_t {
  automatic,
  o200k,
  cl100k,
  claude,
  claude_4_7,
  gemini,
  llama,
  qwen,
  mistral,
  deepseek
};

struct TargetEntry {
  std::string target;  // "provider/model"
  Target settings;     // its limits and weight; name, provider, model, tokenizer and clocks are filled when resolved
  TokenizerEntry tokenizer = TokenizerEntry::automatic;
  ClocksEntry clocks;
};

// Of a tier: `inherit` is that of `balance`. The others are those of Policy, in its order.
enum class PolicyEntry : std::uint8_t { inherit, order, weighted, least_busy, latency, usage, cheapest };

struct TierEntry {
  std::string name;
  PolicyEntry policy = PolicyEntry::inherit;
  std::vector<TargetEntry> targets;
};

inline Policy policy_of(const TierEntry& tier, const Balance& balance) {
  if (tier.policy == PolicyEntry::inherit) return balance.policy;
  return static_cast<Policy>(static_cast<std::uint8_t>(tier.policy) - 1);
}

struct RuleEntry {
  std::vector<std::string> tasks;
  std::string complexity;
  std::vector<std::string> languages;
  std::vector<std::string> paths;
  std::vector<std::string> keys;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::string tokens;
  std::string tier;
  std::string gate;
};

struct SemanticRouteEntry {
  std::string name;
  std::string tier;
  std::vector<std::string> examples;
  std::optional<double> threshold;
  std::string gate;
};

// Where a gate may be named: that there is none.
constexpr std::string_view no_gate = "none";

struct JudgeEntry {
  std::string tier;  // empty: the section is not there
  Judge settings;
};

struct GateEntry {
  std::string name;
  std::vector<std::string> checks{"empty", "refusal", "repetition", "cut_off", "json", "tools"};
  Gate settings;  // all but name, checks and judge
  JudgeEntry judge;
};

struct QualityEntry {
  std::vector<GateEntry> gates;
  Escalation escalation;
  Cascade cascade;
};

struct UpstreamEmbedderEntry {
  std::string model;  // "provider/model"; empty: the section is not there
  UpstreamEmbedder settings;
};

struct PastEntry {
  std::string embedder;
  Past settings;
};

struct SemanticEntry {
  std::vector<SemanticRouteEntry> routes;
  std::optional<double> threshold;
  std::string embedder;
  UpstreamEmbedderEntry upstream;
  PastEntry past;
};

struct LlmClassifierEntry {
  std::string tier;  // empty: the section is not there
  LlmClassifier settings;
};

struct TaskClassifierEntry {
  std::string model_file;
  LlmClassifierEntry llm;
};

struct RoutingEntry {
  std::vector<std::string> strategies{"intent"};
  double confidence = Routing{}.confidence;
  CostAware cost_aware;
  Conversations conversations;
  TaskClassifierEntry classifier;
  std::string default_tier;
  std::string baseline;
  std::vector<std::string> intercept;
  std::vector<RuleEntry> table;
  SemanticEntry semantic;
  std::string gate;
};

// Each text is a provider's name, "none" or empty.
struct PassthroughEntry {
  std::string provider;
  std::string audio;
  std::string images;
  std::string files;
  std::string uploads;
  std::string batches;
  std::string moderations;
  bool by_request = Passthrough{}.by_request;  // clients of one account could read each other's files
  std::size_t body = Passthrough{}.body;
};

struct Document {
  std::int64_t version = 1;
  Server server;
  std::vector<Provider> providers;  // scheme, host, port and base_path are filled when resolved
  std::vector<TierEntry> tiers;
  std::vector<std::string> embeddings;  // "provider/model"
  PassthroughEntry passthrough;
  RoutingEntry routing;
  Retry retry;
  Breaker breaker;
  Balance balance;
  Hedge hedge;
  Streams streams;
  QualityEntry quality;
  Ledger ledger;
  Log log;
};

}  // namespace triaged::config
