#include "triaged/learn/semantic_evaluation.hpp"

#include "learn/json_lines.hpp"

#include <nlohmann/json.hpp>

#include <map>

namespace triaged::learn {

Result<LabelledTexts> read_labelled_texts(const std::string& path, const std::string& field) {
  LabelledTexts data;
  data.path = path;
  std::map<std::string, std::size_t> classes;
  Result<std::string> sum = for_each_json_line(path, [&](const nlohmann::json& row, std::size_t) -> Result<void> {
    const auto text = row.is_object() ? row.find("text") : row.end();
    const auto label = row.is_object() ? row.find(field) : row.end();
    if (!row.is_object() || text == row.end() || !text->is_string() || label == row.end() || !label->is_string()) {
      return client_error(ErrorKind::invalid_request, 400, R"(needs "text" and ")" + field + R"(", both strings)");
    }
    const auto [found, fresh] = classes.try_emplace(label->get<std::string>(), classes.size());
    if (fresh) data.classes.push_back(found->first);
    data.texts.push_back(text->get<std::string>());
    data.labels.push_back(found->second);
    return {};
  });
  if (!sum) return sum.error();
  data.sha256 = *sum;
  return data;
}

}  // namespace triaged::learn
