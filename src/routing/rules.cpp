#include "routing/rules.hpp"

#include "triaged/chat/paths.hpp"

#include <algorithm>

namespace triaged::routing {

namespace {

using Texts = std::vector<std::string>;
using Wanted = std::vector<std::pair<std::string, std::string>>;
using Given = std::vector<std::pair<std::string_view, std::string_view>>;

bool one_of(const Texts& texts, std::string_view text) {
  return texts.empty() || std::find(texts.begin(), texts.end(), text) != texts.end();
}

bool is_path(const Texts& paths, std::string_view path) {
  return paths.empty() || std::any_of(paths.begin(), paths.end(), [path](const std::string& each) {
           return chat::without_version(each) == chat::without_version(path);
         });
}

bool has_all(const Wanted& wanted, const Given& given) {
  return std::all_of(wanted.begin(), wanted.end(), [&given](const auto& pair) {
    return std::any_of(given.begin(), given.end(), [&pair](const auto& field) {
      return field.first == pair.first && (pair.second == "*" || field.second == pair.second);
    });
  });
}

}  // namespace

bool matches(const config::Rule& rule, const RuleFacts& facts) {
  if (!one_of(rule.tasks, name(facts.task))) return false;
  if (facts.complexity < rule.complexity_min) return false;
  const bool simple_enough =
      rule.complexity_max >= 1.0 ? facts.complexity <= rule.complexity_max : facts.complexity < rule.complexity_max;
  if (!simple_enough) return false;
  const std::int64_t tokens = facts.features.input_tokens;
  if (tokens < rule.tokens_min || tokens >= rule.tokens_max) return false;
  return one_of(rule.languages, name(facts.features.language)) && is_path(rule.paths, facts.origin.path) &&
         one_of(rule.keys, facts.origin.key) && has_all(rule.headers, facts.origin.headers) &&
         has_all(rule.metadata, facts.request.metadata);
}

std::string own_conditions(const config::Rule& rule) {
  std::string all;
  const auto add = [&all](std::string_view kind, std::string_view of = {}) {
    if (!all.empty()) all += ", ";
    all += kind;
    if (!of.empty()) all.append(" ").append(of);
  };
  for (const auto& [name, value] : rule.headers) add("header", name);
  for (const auto& [name, value] : rule.metadata) add("metadata", name);
  if (!rule.keys.empty()) add("key");
  if (!rule.paths.empty()) add("path");
  if (!rule.languages.empty()) add("language");
  static const config::Rule any;
  if (rule.tokens_min != any.tokens_min || rule.tokens_max != any.tokens_max) add("tokens");
  return all;
}

bool depends_on_task(const config::Rule& rule) {
  return !rule.tasks.empty() || rule.complexity_min > 0.0 || rule.complexity_max < 1.0;
}

}  // namespace triaged::routing
