// Checks of `routing.semantic`.
#include "triaged/base/text.hpp"

#include "config/check.hpp"
#include "config/values.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace triaged::config {

namespace {

constexpr std::string_view here = "routing.semantic";

std::string route_path(const SemanticRouteEntry& route) { return std::string(here) + ".routes." + route.name; }

void check_examples(const SemanticRouteEntry& route, Report& report) {
  const std::string path = route_path(route) + ".examples";
  if (route.examples.empty() && report.placed(path) && !report.failed(path)) {
    report.error(path, "the route has no example", "write at least one, better five");
  }
  std::set<std::string_view> seen;
  for (const std::string& example : route.examples) {
    if (trim(example).empty()) {
      report.error(path, "an example is empty", "remove it, or write what a user would say");
    } else if (!seen.insert(example).second) {
      report.error(path, report.quoted(path, example) + " stands twice", "remove one of them");
    }
  }
}

void check_route(const SemanticRouteEntry& route, const Document& document, Report& report) {
  const std::string path = route_path(route);
  const std::string key = path + ".tier";
  const std::vector<std::string_view> tiers = tier_names(document);
  const bool known = std::find(tiers.begin(), tiers.end(), route.tier) != tiers.end();
  if (!known && report.placed(key) && !report.failed(key)) {
    report.error(key, "there is no tier " + report.quoted(key, route.tier),
                 did_you_mean(route.tier, plain_tier_names(document, report)));
  }
  check_examples(route, report);
}

// Two routes with the same example cannot be told apart there.
void warn_of_shared_examples(const SemanticEntry& semantic, Report& report) {
  std::set<std::string> seen;
  for (const SemanticRouteEntry& route : semantic.routes) {
    std::set<std::string> own;
    for (const std::string& example : route.examples) own.insert(to_lower(trim(example)));
    for (const std::string& example : own) {
      if (seen.insert(example).second) continue;
      const std::string path = route_path(route) + ".examples";
      report.warning(path, report.quoted(path, example) + " is an example of a route above, too",
                     "keep it in one of them");
    }
  }
}

void check_upstream(const Document& document, Report& report) {
  const SemanticEntry& semantic = document.routing.semantic;
  const std::string path = std::string(here) + ".upstream";
  const std::string key = path + ".model";
  if (!report.placed(key) || report.failed(key)) return;
  check_embedding_model(semantic.upstream.model, key, document, report);
  const std::string threshold = std::string(here) + ".threshold";
  if (!semantic.threshold && !report.failed(threshold)) {
    const std::string name = embedder_name(semantic.upstream);
    report.error(path, "nothing says how near is near for " + report.quoted(key, name),
                 "add `embedder: " + name + "` and a `threshold` to `routing.semantic`: begin with 0.5, then measure " +
                     "it with `triaged eval semantic FILE --config THIS_FILE`");
  }
  if (semantic.routes.empty()) {
    report.warning(path, "it compares nothing: there are no routes", "describe them under `routing.semantic.routes`");
  }
}

// Similarities of one embedder mean nothing to another.
void check_thresholds(const SemanticEntry& semantic, Report& report) {
  const bool upstream = !semantic.upstream.model.empty();
  const std::string used = upstream ? embedder_name(semantic.upstream) : std::string(built_in_embedder);
  std::vector<std::string> given;
  if (semantic.threshold) given.push_back(std::string(here) + ".threshold");
  for (const SemanticRouteEntry& route : semantic.routes) {
    if (route.threshold) given.push_back(route_path(route) + ".threshold");
  }
  const std::string key = std::string(here) + ".embedder";
  if (report.failed(key)) return;
  if (semantic.embedder.empty() && !given.empty()) {
    report.error(given.front(), "a threshold belongs to the embedder it was measured with, and none is named",
                 "if it was measured with " + std::string(upstream ? "this model" : "this version of triaged") +
                     ", add `embedder: " + used + "` to `routing.semantic`");
  }
  if (!semantic.embedder.empty() && semantic.embedder != used) {
    report.error(
        key,
        "the thresholds were measured with " + report.quoted(key, semantic.embedder) +
            std::string(upstream ? ", but `upstream` embeds with '" : ", but this version of triaged embeds with '") +
            used + "'",
        "measure them again with `triaged eval semantic`, or remove them");
  }
}

void check_past(const SemanticEntry& semantic, Report& report) {
  const std::string path = std::string(here) + ".past";
  if (!report.placed(path)) return;
  const PastEntry& past = semantic.past;
  const std::string files = path + ".files";
  const bool named = std::all_of(past.settings.files.begin(), past.settings.files.end(),
                                 [](const std::string& file) { return !trim(file).empty(); });
  if (report.placed(files) && !report.failed(files) && (past.settings.files.empty() || !named)) {
    report.error(files, "names no file", "write one with outcomes, or remove `past`");
  }
  std::set<std::string_view> seen;
  for (const std::string& file : past.settings.files) {
    if (seen.insert(file).second) continue;
    report.error(files, report.quoted(files, file) + " stands there twice", "name each file once, or it counts twice");
    break;
  }
  const std::string key = path + ".embedder";
  const std::string used(built_in_embedder);
  if (report.failed(key)) return;
  if (past.embedder.empty() && past.settings.threshold) {
    report.error(path + ".threshold", "a threshold belongs to the embedder it was measured with, and none is named",
                 "if it was measured with this version of triaged, add `embedder: " + used + "` beside it");
  } else if (!past.embedder.empty() && past.embedder != used) {
    report.error(key,
                 "the threshold was measured with " + report.quoted(key, past.embedder) +
                     ", but past prompts are compared with '" + used + "'",
                 "measure it again with `triaged eval router FILE --past FILES`, or remove both");
  }
}

}  // namespace

void check_semantic(const Document& document, Report& report) {
  const SemanticEntry& semantic = document.routing.semantic;
  for (const SemanticRouteEntry& route : semantic.routes) check_route(route, document, report);
  check_upstream(document, report);
  check_thresholds(semantic, report);
  check_past(semantic, report);
  if (!report.fatal()) warn_of_shared_examples(semantic, report);
}

}  // namespace triaged::config
