#include "server/paths.hpp"

#include "triaged/chat/paths.hpp"

#include <algorithm>
#include <array>

namespace triaged::server {
namespace {

struct Row {
  std::string_view path;
  Path meaning;
};

constexpr std::array<Row, 4> table{{
    {"/embeddings", {Endpoint::answer, "embeddings", "POST", chat::Dialect::openai_embeddings, {}, {}}},
    {"/messages/count_tokens", {Endpoint::count, "count_tokens", "POST", chat::Dialect::anthropic, {}, {}}},
    {"/models", {Endpoint::models, "models", "GET", chat::Dialect::openai_chat, {}, {}}},
    {"/models/", {Endpoint::models, "models", "GET", chat::Dialect::openai_chat, {}, {}}},
}};

// "/route" decides on a chat completion, "/route/messages" on what would come in at "/messages".
Path find_route(std::string_view target) {
  constexpr std::string_view route = "/route";
  if (!target.starts_with(route)) return {};
  Path path{Endpoint::route, "route", "POST", chat::Dialect::openai_chat, target, {}};
  if (target.size() == route.size()) return path;
  path.rest = target.substr(route.size());
  const chat::RoutedPath* const at = chat::find_routed_path(path.rest);
  if (at == nullptr) return {};
  path.dialect = at->dialect;
  return path;
}

}  // namespace

Path find_path(std::string_view target) {
  if (const chat::RoutedPath* const routed = chat::find_routed_path(target.substr(0, target.find('?')))) {
    return {Endpoint::answer, routed->name, "POST", routed->dialect, {}, {}};
  }
  if (target.starts_with("/v1")) target.remove_prefix(3);
  const std::string_view with_query = target;
  target = target.substr(0, target.find('?'));
  if (const Path route = find_route(target); route.endpoint != Endpoint::none) return route;
  const auto* const row =
      std::find_if(table.begin(), table.end(), [target](const Row& each) { return each.path == target; });
  if (row != table.end()) return row->meaning;
  constexpr std::string_view models = "/models/";
  if (target.starts_with(models)) {
    return {Endpoint::model, "models", "GET", chat::Dialect::openai_chat, target.substr(models.size())};
  }
  const std::optional<PassPath> passed = find_pass_path(target);
  if (!passed) return {};
  return {Endpoint::pass, passed->name, passed->methods, chat::Dialect::openai_chat, with_query, passed->family};
}

bool takes(const Path& path, std::string_view method) {
  constexpr std::string_view between = ", ";
  std::string_view rest = path.methods;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(between), rest.size());
    if (rest.substr(0, end) == method) return true;
    rest.remove_prefix(std::min(end + between.size(), rest.size()));
  }
  return false;
}

}  // namespace triaged::server
