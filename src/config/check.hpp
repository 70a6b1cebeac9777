// What the definition table cannot say: references, URLs, rules that never match, unsafe addresses. On the file as
// written, before anything is left out.
#pragma once

#include "triaged/config/load.hpp"

#include "config/entries.hpp"
#include "config/reader.hpp"
#include "config/report.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::config {

void check(const Document& document, const MissingSecrets& missing, const Sources& sources,
           const std::string& directory, Report& report);

// The parts: check_server.cpp, check_providers.cpp, check_tiers.cpp, check_routing.cpp, check_semantic.cpp,
// check_embeddings.cpp, check_quality.cpp, passthrough.cpp.
void check_server(const Document& document, const Sources& sources, const std::string& directory, Report& report);
void check_providers(const Document& document, const MissingSecrets& missing, const Sources& sources,
                     const std::string& directory, Report& report);
void check_tiers(const Document& document, Report& report);
void check_embeddings(const Document& document, Report& report);
// A "provider/model" under `key` that is to make vectors.
void check_embedding_model(const std::string& model, const std::string& key, const Document& document, Report& report);
void check_routing(const Document& document, Report& report);
void check_semantic(const Document& document, Report& report);
void check_quality(const Document& document, Report& report);
void check_passthrough(const Document& document, Report& report);
// Some endpoint is passed to this provider.
bool passes_to(const PassthroughEntry& entry, std::string_view provider);

// "openai/gpt-4o" -> {"openai", "gpt-4o"}; the model may hold slashes. Empty parts where there is no slash.
std::pair<std::string_view, std::string_view> split_target(std::string_view target);

// What thresholds of this embedder name: "openai/text-embedding-3-small@512".
std::string embedder_name(const UpstreamEmbedderEntry& embedder);

// For suggestions: the nearest of the candidates, or all of them where they are few.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);
std::vector<std::string_view> provider_names(const Document& document);
std::vector<std::string_view> tier_names(const Document& document);
// Names that a suggestion may hold: those that stand in the file as they are.
std::vector<std::string_view> plain_tier_names(const Document& document, const Report& report);

// A provider that stays out for want of its key.
bool lacks_key(const Provider& provider, const MissingSecrets& missing);

}  // namespace triaged::config
