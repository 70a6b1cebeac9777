#include "config/resolve.hpp"

#include "triaged/base/text.hpp"

#include "config/check.hpp"
#include "config/reader.hpp"
#include "config/resolve_provider.hpp"
#include "config/values.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace triaged::config {

namespace {

Clocks override_clocks(Clocks clocks, const ClocksEntry& entry) {
  clocks.connect = entry.connect.value_or(clocks.connect);
  clocks.head = entry.head.value_or(clocks.head);
  clocks.first_content = entry.first_content.value_or(clocks.first_content);
  clocks.idle = entry.idle.value_or(clocks.idle);
  clocks.total = entry.total.value_or(clocks.total);
  clocks.min_rate = entry.min_rate.value_or(clocks.min_rate);
  clocks.rate_window = entry.rate_window.value_or(clocks.rate_window);
  return clocks;
}

// Whose tokenizer the models of a provider most likely have that say nothing by their names.
Tokenizer usual_tokenizer(const Provider& provider) {
  if (provider.dialect == ProviderDialect::anthropic) return Tokenizer::claude_4_7;
  if (provider.dialect == ProviderDialect::gemini) return Tokenizer::gemini;
  if (provider.profile == Profile::mistral) return Tokenizer::mistral;
  return provider.profile == Profile::deepseek ? Tokenizer::deepseek : Tokenizer::o200k;
}

Tokenizer resolve_tokenizer(const TargetEntry& entry, std::string_view model, const Provider& provider) {
  if (entry.tokenizer == TokenizerEntry::automatic) return tokenizer_of(model).value_or(usual_tokenizer(provider));
  return static_cast<Tokenizer>(static_cast<std::uint8_t>(entry.tokenizer) - 1);
}

Target resolve_target(const TargetEntry& entry, const Settings& settings) {
  const auto [provider, model] = split_target(entry.target);
  Target target = entry.settings;
  target.name = entry.target;
  target.provider = settings.find_provider(provider).value();  // checked before
  target.model = model;
  target.tokenizer = resolve_tokenizer(entry, target.model, settings.providers[target.provider]);
  target.clocks = override_clocks(settings.providers[target.provider].clocks, entry.clocks);
  return target;
}

// A target that only repeats a name elsewhere has every default.
bool is_bare(const TargetEntry& entry) {
  const TargetEntry blank_entry;
  const auto& keys = target_section().keys;
  const auto& clocks = entry.clocks;
  const bool no_clock = !clocks.connect && !clocks.head && !clocks.first_content && !clocks.idle && !clocks.total &&
                        !clocks.min_rate && !clocks.rate_window;
  return no_clock && std::all_of(keys.begin(), keys.end(), [&](const Key& key) {
           if (key.name == "target" || key.read == nullptr) return true;
           const Value here = key.read(&entry);
           const Value usual = key.read(&blank_entry);
           if (const auto* flag = std::get_if<bool>(&here)) return *flag == std::get<bool>(usual);
           if (const auto* number = std::get_if<std::int64_t>(&here)) return *number == std::get<std::int64_t>(usual);
           return true;
         });
}

void resolve_tiers(const Document& document, Settings& settings) {
  for (const TierEntry& entry : document.tiers) {
    Tier tier;
    tier.name = entry.name;
    tier.policy = policy_of(entry, document.balance);
    for (const TargetEntry& target : entry.targets) {
      const std::optional<std::size_t> known = settings.find_target(target.target);
      tier.targets.push_back(known.value_or(settings.targets.size()));
      if (!known) {
        settings.targets.push_back(resolve_target(target, settings));
      } else if (!is_bare(target)) {
        settings.targets[*known] = resolve_target(target, settings);
      }
    }
    settings.tiers.push_back(std::move(tier));
  }
}

void add_embedding_target(const std::string& name, Settings& settings) {
  TargetEntry entry;
  entry.target = name;
  settings.targets.push_back(resolve_target(entry, settings));
  settings.targets.back().embeds = true;
}

// The one that routing asks need not be among those that clients may ask.
void resolve_embeddings(const Document& document, Settings& settings) {
  for (const std::string& name : document.embeddings) {
    settings.embeddings.push_back(settings.targets.size());
    add_embedding_target(name, settings);
  }
  const std::string& own = document.routing.semantic.upstream.model;
  if (!own.empty() && !settings.find_target(own)) add_embedding_target(own, settings);
}

Semantic resolve_semantic(const SemanticEntry& entry, const Settings& settings, std::optional<std::size_t> otherwise) {
  Semantic semantic;
  semantic.threshold = entry.threshold;
  semantic.embedder = entry.embedder;
  if (const auto target = settings.find_target(entry.upstream.model)) {
    semantic.upstream = entry.upstream.settings;
    semantic.upstream->target = *target;
    semantic.upstream->name = embedder_name(entry.upstream);
  }
  if (!entry.past.settings.files.empty()) semantic.past = entry.past.settings;
  for (const SemanticRouteEntry& from : entry.routes) {
    SemanticRoute route;
    route.name = from.name;
    route.examples = from.examples;
    route.tier = settings.find_tier(from.tier).value_or(settings.tiers.size() - 1);
    route.threshold = from.threshold;
    route.gate = resolve_gate_name(from.gate, settings, otherwise);
    semantic.routes.push_back(std::move(route));
  }
  return semantic;
}

Strategy strategy_of(std::string_view name) {
  if (name == config::name(Strategy::cost_aware)) return Strategy::cost_aware;
  return name == config::name(Strategy::semantic) ? Strategy::semantic : Strategy::intent;
}

TaskClassifier resolve_classifier(const TaskClassifierEntry& entry, const Settings& settings) {
  TaskClassifier classifier;
  classifier.model_file = entry.model_file;
  if (const auto tier = settings.find_tier(entry.llm.tier)) {
    classifier.llm = entry.llm.settings;
    classifier.llm->tier = *tier;
  }
  return classifier;
}

Routing resolve_routing(const RoutingEntry& entry, const Settings& settings) {
  Routing routing;
  routing.strategies.clear();
  for (const std::string& name : entry.strategies) {
    routing.strategies.push_back(strategy_of(name));
  }
  routing.cost_aware = entry.cost_aware;
  routing.conversations = entry.conversations;
  routing.confidence = entry.confidence;
  routing.classifier = resolve_classifier(entry.classifier, settings);
  routing.intercept = entry.intercept;
  routing.gate = resolve_gate_name(entry.gate, settings, std::nullopt);
  routing.default_tier = settings.find_tier(entry.default_tier).value_or(settings.tiers.size() - 1);
  routing.baseline_target = settings.find_target(entry.baseline).value_or(settings.tiers.back().targets.front());
  for (const RuleEntry& row : entry.table) {
    Rule rule;
    rule.tasks = row.tasks;
    const ComplexityRange range = parse_complexity(row.complexity).value_or(ComplexityRange{});
    rule.complexity_min = range.min;
    rule.complexity_max = range.max;
    rule.languages = row.languages;
    rule.paths = row.paths;
    rule.keys = row.keys;
    rule.metadata = row.metadata;
    for (const auto& [name, value] : row.headers) {
      rule.headers.emplace_back(to_lower(name), value);
      const auto& known = routing.rule_headers;
      if (std::find(known.begin(), known.end(), rule.headers.back().first) == known.end()) {
        routing.rule_headers.push_back(rule.headers.back().first);
      }
    }
    const TokenRange tokens = parse_token_range(row.tokens).value_or(TokenRange{});
    rule.tokens_min = tokens.min;
    rule.tokens_max = tokens.max;
    rule.tier = settings.find_tier(row.tier).value_or(routing.default_tier);
    rule.gate = resolve_gate_name(row.gate, settings, routing.gate);
    routing.table.push_back(std::move(rule));
  }
  routing.semantic = resolve_semantic(entry.semantic, settings, routing.gate);
  return routing;
}

}  // namespace

Settings resolve(Document document, const std::string& directory) {
  Settings settings;
  settings.server = std::move(document.server);
  settings.server.tls.certificate_file = resolve_path(directory, settings.server.tls.certificate_file);
  settings.server.tls.key_file = resolve_path(directory, settings.server.tls.key_file);
  for (Provider& provider : document.providers) {
    settings.providers.push_back(resolve_provider(std::move(provider), directory));
  }
  resolve_tiers(document, settings);
  resolve_embeddings(document, settings);
  settings.passthrough = resolve_passthrough(document.passthrough, settings);
  settings.quality = resolve_quality(document.quality, settings);
  settings.routing = resolve_routing(document.routing, settings);
  settings.retry = document.retry;
  settings.breaker = document.breaker;
  settings.balance = document.balance;
  settings.hedge = document.hedge;
  settings.streams = document.streams;
  settings.ledger = std::move(document.ledger);
  settings.ledger.prices_file = resolve_path(directory, settings.ledger.prices_file);
  settings.routing.classifier.model_file = resolve_path(directory, settings.routing.classifier.model_file);
  settings.routing.cost_aware.model_file = resolve_path(directory, settings.routing.cost_aware.model_file);
  settings.routing.cost_aware.thresholds_file = resolve_path(directory, settings.routing.cost_aware.thresholds_file);
  if (settings.routing.semantic.past) {
    for (std::string& file : settings.routing.semantic.past->files) file = resolve_path(directory, file);
  }
  settings.log = std::move(document.log);
  return settings;
}

}  // namespace triaged::config
