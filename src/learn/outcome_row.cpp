#include "learn/outcome_row.hpp"

#include "triaged/base/text.hpp"

#include <nlohmann/json.hpp>

namespace triaged::learn {

namespace {

constexpr std::size_t longest_shown = 64;

Error bad(std::string sentence) { return client_error(ErrorKind::invalid_request, 400, std::move(sentence)); }

}  // namespace

Result<std::string_view> prompt_of(const nlohmann::json& row) {
  if (!row.is_object()) return bad("is no JSON object");
  const auto prompt = row.find("prompt");
  if (prompt == row.end() || !prompt->is_string()) return bad("has no \"prompt\" that is a string");
  return std::string_view(prompt->get_ref<const std::string&>());
}

const nlohmann::json& scores_of(const nlohmann::json& row) {
  static const nlohmann::json none;
  const auto scores = row.find("scores");
  return scores == row.end() ? none : *scores;
}

Result<NumbersByModel> numbers_by_model(const nlohmann::json& object, const std::string& what, double most) {
  if (!object.is_object()) return bad("has no \"" + what + "\" by model");
  NumbersByModel numbers;
  for (const auto& [model, value] : object.items()) {
    if (value.is_null()) continue;
    const double number = value.is_boolean()  ? static_cast<double>(value.get<bool>())
                          : value.is_number() ? value.get<double>()
                                              : -1.0;
    if (!(number >= 0 && number <= most)) {
      std::string sentence = "has in \"";
      sentence.append(what).append("\" for ");
      append_json_string(sentence, std::string_view(model).substr(0, longest_shown));
      sentence += " no number from 0 ";
      return bad(sentence.append(most == 1 ? "to 1" : "on"));
    }
    numbers.emplace_back(model, static_cast<float>(number));
  }
  return numbers;
}

}  // namespace triaged::learn
