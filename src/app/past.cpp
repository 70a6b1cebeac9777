#include "app/past.hpp"

#include "triaged/base/counted.hpp"
#include "triaged/base/text.hpp"
#include "triaged/learn/past_outcomes.hpp"
#include "triaged/routing/model_targets.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace triaged::app {
namespace {

// The models that most rows know and no tier has, as a half sentence.
std::string unknown_models(const learn::PastOutcomes& past) {
  constexpr std::size_t most_named = 5;
  constexpr std::size_t longest_shown = 64;
  std::vector<std::pair<std::size_t, std::string_view>> models;
  for (const auto& [model, rows] : past.unknown) models.emplace_back(rows, model);
  std::stable_sort(models.begin(), models.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string words;
  for (std::size_t i = 0; i < models.size() && i < most_named; ++i) {
    words += i == 0 ? "" : ", ";
    append_json_string(words, models[i].second.substr(0, longest_shown));
  }
  if (models.size() > most_named) words += " and " + std::to_string(models.size() - most_named) + " more";
  return words;
}

std::string note_of(const learn::PastOutcomes& read, std::size_t indexed) {
  std::string note = "past prompts: " + std::to_string(indexed) + " of " + std::to_string(read.rows.size()) +
                     " tell how a target of a tier did";
  if (read.scored < read.rows.size()) {
    note += "; " + counted(read.rows.size() - read.scored, "row") + " without a score of one";
  }
  if (read.scored > indexed) {
    note += "; " + counted(read.scored - indexed, "row") + " left out: no word is known, or before the last " +
            std::to_string(routing::PastPrompts::usual_limits.rows);
  }
  if (!read.unknown.empty()) note += "; no tier has " + unknown_models(read);
  return note;
}

std::string why_none(const learn::PastOutcomes& read) {
  if (read.rows.empty()) return "the files hold no rows";
  if (read.scored > 0) return "no word of any row is known";
  if (read.unknown.empty()) return "no row has scores";
  return "no row has a score of a tier's target; they know " + unknown_models(read);
}

// What is read without an end would hold up the start, and every reload.
Result<void> refuse_what_is_no_file(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status)) continue;
    return gateway_error(ErrorKind::storage, 500, std::string(past_key) + ": " + path + " is no regular file");
  }
  return {};
}

}  // namespace

Result<Past> load_past(const config::Past& past, const config::Settings& settings) {
  if (Result<void> checked = refuse_what_is_no_file(past.files); !checked) return checked.error();
  const auto targets_of = [&settings](std::string_view model) { return routing::targets_of_model(model, settings); };
  const std::size_t targets = settings.targets.size();
  const Result<learn::PastOutcomes> read = learn::read_past_outcomes(past.files, targets, targets_of);
  if (!read) {
    return gateway_error(ErrorKind::storage, 500, std::string(past_key) + ": " + read.error().detail);
  }
  auto embedder = routing::built_in_embedder();
  if (!embedder) return embedder.error();
  Past loaded;
  loaded.prompts = std::make_shared<const routing::PastPrompts>(read->rows, targets, past, std::move(*embedder));
  loaded.note = note_of(*read, loaded.prompts->size());
  if (loaded.prompts->size() == 0) loaded.warning = "past prompts decide nothing: " + why_none(*read);
  return loaded;
}

}  // namespace triaged::app
