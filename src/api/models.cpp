#include "triaged/api/codec.hpp"
#include "triaged/base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::api {
namespace {

struct ModelName {
  std::string id;
  std::string_view owner;
  const config::Target* target = nullptr;  // none where it is a name of ours
};

constexpr std::string_view own_name = "triaged";

// What `model` may say, in the order of the list, each once.
std::vector<ModelName> all_models(const config::Settings& settings) {
  std::vector<ModelName> models;
  const auto add = [&models](std::string id, std::string_view owner, const config::Target* target = nullptr) {
    const bool known =
        std::any_of(models.begin(), models.end(), [&id](const ModelName& model) { return model.id == id; });
    if (!known) models.push_back({std::move(id), owner, target});
  };
  add("auto", own_name);
  for (const config::Tier& tier : settings.tiers) add("tier:" + tier.name, own_name);
  for (const std::string& name : settings.routing.intercept) {
    if (name != "*") add(name, own_name);
  }
  for (std::size_t i = 0; i < settings.targets.size(); ++i) {
    const config::Target& target = settings.targets[i];
    const auto& asked = settings.embeddings;
    if (target.embeds && std::find(asked.begin(), asked.end(), i) == asked.end()) continue;  // routing's own
    const bool owned = target.provider < settings.providers.size();
    add(target.name, owned ? std::string_view(settings.providers[target.provider].name) : own_name, &target);
  }
  return models;
}

// `created` is a date that clients only display; a constant keeps the list the same from start to start.
void append_openai(std::string& out, const ModelName& model) {
  out.append(R"({"id":)");
  append_json_string(out, model.id);
  out.append(R"(,"object":"model","created":1767225600,"owned_by":)");
  append_json_string(out, model.owner);
  out.push_back('}');
}

void append_limit(std::string& out, std::string_view name, std::int64_t tokens) {
  out.append(name).append(tokens > 0 ? std::to_string(tokens) : "null");
}

// With every member that Anthropic's own clients expect of a model.
void append_anthropic(std::string& out, const ModelName& model) {
  out.append(R"({"type":"model","id":)");
  append_json_string(out, model.id);
  out.append(R"(,"display_name":)");
  append_json_string(out, model.id);
  out.append(R"(,"created_at":"2026-01-01T00:00:00Z","lifecycle":"active","deprecated_at":null,"retires_at":null)");
  out.append(R"(,"line":null,"capabilities":null)");
  append_limit(out, R"(,"max_input_tokens":)", model.target == nullptr ? 0 : model.target->context_window);
  append_limit(out, R"(,"max_tokens":)", model.target == nullptr ? 0 : model.target->max_output);
  out.push_back('}');
}

void append_model(std::string& out, const ModelName& model, chat::Dialect dialect) {
  if (dialect == chat::Dialect::anthropic) {
    append_anthropic(out, model);
  } else {
    append_openai(out, model);
  }
}

}  // namespace

std::string models_body(const config::Settings& settings, chat::Dialect dialect) {
  const bool anthropic = dialect == chat::Dialect::anthropic;
  const std::vector<ModelName> models = all_models(settings);
  std::string body = anthropic ? R"({"data":[)" : R"({"object":"list","data":[)";
  for (const ModelName& model : models) {
    if (&model != &models.front()) body.push_back(',');
    append_model(body, model, dialect);
  }
  body.push_back(']');
  if (anthropic) {
    // "auto" is always there: the list has a first and a last.
    body.append(R"(,"has_more":false,"first_id":)");
    append_json_string(body, models.front().id);
    body.append(R"(,"last_id":)");
    append_json_string(body, models.back().id);
  }
  body.push_back('}');
  return body;
}

Result<std::string> model_body(const config::Settings& settings, std::string_view id, chat::Dialect dialect) {
  std::string body;
  for (const ModelName& model : all_models(settings)) {
    if (model.id != id) continue;
    append_model(body, model, dialect);
    return body;
  }
  const std::vector<std::string>& intercept = settings.routing.intercept;
  if (!id.empty() && std::find(intercept.begin(), intercept.end(), "*") != intercept.end()) {
    append_model(body, {std::string(id), own_name}, dialect);
    return body;
  }
  return client_error(ErrorKind::not_found, 404,
                      "The model '" + std::string(id) + "' does not exist here. GET /v1/models lists those that do.",
                      "model_not_found", "model");
}

}  // namespace triaged::api
