#include "triaged/api/codec.hpp"
#include "triaged/base/text.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace triaged::api {
namespace {

struct ModelName {
  std::string id;
  std::string_view owner;
};

constexpr std::string_view own_name = "triaged";

// What `model` may say, in the order of the list, each once.
std::vector<ModelName> all_models(const config::Settings& settings) {
  std::vector<ModelName> models;
  const auto add = [&models](std::string id, std::string_view owner) {
    const bool known =
        std::any_of(models.begin(), models.end(), [&id](const ModelName& model) { return model.id == id; });
    if (!known) models.push_back({std::move(id), owner});
  };
  add("auto", own_name);
  for (const config::Tier& tier : settings.tiers) add("tier:" + tier.name, own_name);
  for (const std::string& name : settings.routing.intercept) {
    if (name != "*") add(name, own_name);
  }
  for (const config::Target& target : settings.targets) {
    const bool owned = target.provider < settings.providers.size();
    add(target.name, owned ? std::string_view(settings.providers[target.provider].name) : own_name);
  }
  return models;
}

// `created` is a date that clients only display; a constant keeps the list the same from start to start.
void append_model(std::string& out, std::string_view id, std::string_view owner) {
  out.append(R"({"id":)");
  append_json_string(out, id);
  out.append(R"(,"object":"model","created":1767225600,"owned_by":)");
  append_json_string(out, owner);
  out.push_back('}');
}

}  // namespace

std::string openai_models_body(const config::Settings& settings) {
  std::string body = R"({"object":"list","data":[)";
  bool first = true;
  for (const ModelName& model : all_models(settings)) {
    if (!first) body.push_back(',');
    first = false;
    append_model(body, model.id, model.owner);
  }
  body.append("]}");
  return body;
}

Result<std::string> openai_model_body(const config::Settings& settings, std::string_view id) {
  std::string body;
  for (const ModelName& model : all_models(settings)) {
    if (model.id != id) continue;
    append_model(body, model.id, model.owner);
    return body;
  }
  const std::vector<std::string>& intercept = settings.routing.intercept;
  if (!id.empty() && std::find(intercept.begin(), intercept.end(), "*") != intercept.end()) {
    append_model(body, id, own_name);
    return body;
  }
  return client_error(ErrorKind::not_found, 404,
                      "The model '" + std::string(id) + "' does not exist here. GET /v1/models lists those that do.",
                      "model_not_found", "model");
}

}  // namespace triaged::api
