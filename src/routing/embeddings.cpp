#include "triaged/routing/embeddings.hpp"

#include "triaged/base/text.hpp"

#include <string>
#include <utility>

namespace triaged::routing {
namespace {

Error unknown_model(const chat::Request& request, const config::Settings& settings) {
  std::string sentence =
      "No target of `embeddings` has the model `" + std::string(request.model.substr(0, 100)) + "`. ";
  std::vector<std::string_view> names;
  for (const std::size_t target : settings.embeddings) names.emplace_back(settings.targets[target].name);
  if (names.empty()) {
    sentence += "None is configured.";
  } else {
    const std::string_view near = nearest(request.model.substr(0, 200), names);
    sentence +=
        near.empty() ? "There is " + std::string(names.front()) + "." : "Did you mean `" + std::string(near) + "`?";
  }
  return client_error(ErrorKind::not_found, 404, std::move(sentence), "model_not_found", "model");
}

}  // namespace

Result<Plan> plan_embeddings(const chat::Request& request, const config::Settings& settings) {
  Plan plan;
  plan.wanted.kind = WantedKind::target;
  plan.wanted.model = request.model;
  plan.tier = settings.tiers.size();
  for (const std::size_t index : settings.embeddings) {
    const config::Target& target = settings.targets[index];
    if (target.name != request.model && target.model != request.model) continue;
    plan.wanted.targets.push_back(index);
    plan.candidates.push_back({settings.tiers.size(), index});
  }
  if (plan.candidates.empty()) return unknown_model(request, settings);
  plan.baseline_target = plan.candidates.front().target;
  for (const chat::Message& message : request.messages) {
    plan.features.texts += count_text(message.text);
  }
  plan.features.input_tokens = input_tokens_of(plan.features, Tokenizer::o200k);
  plan.reason = "embeddings of the model that was asked for";
  return plan;
}

}  // namespace triaged::routing
