#include "app/past.hpp"

#include "triaged/base/counted.hpp"
#include "triaged/learn/past_outcomes.hpp"
#include "triaged/routing/model_tiers.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::app {
namespace {

// The models that most rows know and no tier has, as a half sentence.
std::string unknown_models(const learn::PastOutcomes& past) {
  constexpr std::size_t most_named = 5;
  std::vector<std::pair<std::size_t, std::string_view>> models;
  for (const auto& [model, rows] : past.unknown) models.emplace_back(rows, model);
  std::stable_sort(models.begin(), models.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string words;
  for (std::size_t i = 0; i < models.size() && i < most_named; ++i) {
    words.append(i == 0 ? "" : ", ").append(models[i].second);
  }
  if (models.size() > most_named) words += " and " + std::to_string(models.size() - most_named) + " more";
  return words;
}

std::string note_of(const learn::PastOutcomes& read, std::size_t indexed) {
  std::string note =
      std::to_string(indexed) + " of " + counted(read.rows.size(), "past prompt") + " tell how a tier did";
  if (read.scored < read.rows.size()) {
    note += "; " + counted(read.rows.size() - read.scored, "row") + " without a score of a tier's model";
  }
  if (read.scored > indexed) {
    note += "; " + counted(read.scored - indexed, "row") + " left out: no word is known, or before the last " +
            std::to_string(routing::PastPrompts::usual_limits.rows);
  }
  if (!read.unknown.empty()) note += "; no tier has " + unknown_models(read);
  return note;
}

}  // namespace

Result<Past> load_past(const config::Past& past, const config::Settings& settings) {
  const auto tiers_of = [&settings](std::string_view model) { return routing::tiers_of_model(model, settings); };
  const std::size_t tiers = settings.tiers.size();
  const Result<learn::PastOutcomes> read = learn::read_past_outcomes(past.files, tiers, tiers_of);
  if (!read) {
    return gateway_error(ErrorKind::storage, 500, std::string(past_key) + ": " + read.error().detail);
  }
  auto embedder = routing::built_in_embedder();
  if (!embedder) return embedder.error();
  Past loaded;
  loaded.prompts = std::make_shared<const routing::PastPrompts>(read->rows, tiers, past, std::move(*embedder));
  loaded.note = note_of(*read, loaded.prompts->size());
  if (loaded.prompts->size() == 0) {
    loaded.warning = "past prompts decide nothing: " +
                     (read->rows.empty() ? std::string("the files hold no rows")
                                         : "no row has a score of a tier's model; they know " + unknown_models(*read));
  }
  return loaded;
}

}  // namespace triaged::app
