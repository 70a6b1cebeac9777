#include "triaged/learn/task_data.hpp"

#include "learn/json_lines.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>

namespace triaged::learn {

namespace {

using nlohmann::json;
using routing::TaskType;

constexpr float own_weight = 3.0F;
constexpr double full_size = 1000;  // rows of a bulk file that count 1 each; those of a larger one count less
constexpr double least_weight = 0.3;

std::optional<chat::Role> role_of(const std::string& name) {
  if (name == "system" || name == "developer") return chat::Role::system;
  if (name == "user") return chat::Role::user;
  if (name == "assistant") return chat::Role::assistant;
  if (name == "tool") return chat::Role::tool;
  return std::nullopt;
}

std::string text_member(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

// What a request needs besides its own fields: its texts in one block that it keeps alive.
class RequestBuilder {
 public:
  void say(chat::Role role, const std::string& text) {
    parts_.push_back({role, block_.size(), text.size()});
    block_ += text;
  }
  bool empty() const { return parts_.empty(); }

  chat::Request build(const json& row) {
    chat::Request request;
    auto block = std::make_shared<const std::string>(std::move(block_));
    for (const Part& part : parts_) {
      chat::Message message;
      message.role = part.role;
      message.text = std::string_view(*block).substr(part.begin, part.size);
      request.messages.push_back(message);
    }
    request.body_bytes = block->size();
    request.text_ = std::move(block);
    if (const auto tools = row.find("tools"); tools != row.end() && tools->is_array()) {
      request.tools = static_cast<std::uint32_t>(tools->size());
    }
    const std::string format = text_member(row, "response_format");
    if (format == "json_object") request.format = chat::OutputFormat::json_object;
    if (format == "json_schema") request.format = chat::OutputFormat::json_schema;
    return request;
  }

 private:
  struct Part {
    chat::Role role;
    std::size_t begin;
    std::size_t size;
  };
  std::string block_;
  std::vector<Part> parts_;
};

Result<TaskType> label_of(const std::string& name) {
  if (const auto task = routing::find_task_type(name)) return *task;
  return client_error(ErrorKind::invalid_request, 400, "\"" + name + "\" is no task type");
}

Result<TaskExample> read_example(const json& row) {
  const auto bad = [](std::string sentence) {
    return client_error(ErrorKind::invalid_request, 400, std::move(sentence));
  };
  if (!row.is_object()) return bad("is no JSON object");
  TaskExample example;
  const Result<TaskType> label = label_of(text_member(row, "label"));
  if (!label) return label.error();
  example.label = *label;
  if (const auto alt = row.find("alt"); alt != row.end() && alt->is_array()) {
    for (const json& name : *alt) {
      const Result<TaskType> other = label_of(name.is_string() ? name.get<std::string>() : name.dump());
      if (!other) return other.error();
      if (*other != example.label) example.alternatives.push_back(*other);
    }
  }
  example.language = text_member(row, "lang");
  if (example.language.empty()) example.language = "en";

  RequestBuilder builder;
  if (const auto messages = row.find("messages"); messages != row.end() && messages->is_array()) {
    for (const json& message : *messages) {
      if (!message.is_object()) return bad("has a message that is no object");
      const auto role = role_of(text_member(message, "role"));
      if (!role) return bad("has a message without a known role");
      builder.say(*role, text_member(message, "content"));
    }
  } else {
    builder.say(chat::Role::user, text_member(row, "text"));
  }
  if (builder.empty()) return bad("has neither \"text\" nor \"messages\"");
  example.request = builder.build(row);
  return example;
}

struct Row {
  TaskExample example;
  std::string stratum;  // label and sub-label
};

Result<std::vector<Row>> read_rows(const std::string& path, std::uint64_t seed, TaskFile& file) {
  std::vector<Row> rows;
  Result<std::string> sum = for_each_json_line(path, [&](const json& line, std::size_t) -> Result<void> {
    Result<TaskExample> example = read_example(line);
    if (!example) return example.error();
    example->hash = stable_hash(*example->request.text_, seed);
    std::string stratum(routing::name(example->label));
    stratum += '/' + text_member(line, "sub");
    rows.push_back({std::move(*example), std::move(stratum)});
    return {};
  });
  if (!sum) return sum.error();
  file.path = path;
  file.rows = rows.size();
  file.sha256 = *sum;
  return rows;
}

// Keeps of each stratum those with the smallest hashes; sub-labels share what their label may keep.
void sample(std::vector<Row>& rows, std::size_t most_per_label) {
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.example.hash < b.example.hash; });
  if (most_per_label == 0) return;
  std::map<TaskType, std::unordered_set<std::string>> strata;
  for (const Row& row : rows) strata[row.example.label].insert(row.stratum);
  std::map<std::string, std::size_t> kept;
  std::erase_if(rows, [&](const Row& row) {
    const std::size_t share = std::max<std::size_t>(3, most_per_label / strata[row.example.label].size());
    return ++kept[row.stratum] > share;
  });
}

}  // namespace

bool TaskExample::accepts(TaskType task) const {
  return task == label || std::find(alternatives.begin(), alternatives.end(), task) != alternatives.end();
}

Result<TaskData> read_task_data(const TaskSources& sources) {
  TaskData data;
  std::unordered_set<std::uint64_t> seen;
  const auto add = [&](const std::string& path, bool own) -> Result<void> {
    TaskFile file;
    Result<std::vector<Row>> rows = read_rows(path, sources.seed, file);
    if (!rows) return rows.error();
    sample(*rows, own || rows->size() <= sources.small ? 0 : sources.most_per_label);
    const double size = static_cast<double>(std::max<std::size_t>(rows->size(), 1));
    const double weight = std::clamp(std::sqrt(full_size / size), least_weight, 1.0);
    for (Row& row : *rows) {
      TaskExample& example = row.example;
      if (!seen.insert(example.hash).second) continue;
      example.file = data.files.size();
      example.own = own;
      example.weight = own ? own_weight : static_cast<float>(weight);
      if (!own && example.label == TaskType::agent && example.hash % 2 == 0) {
        example.request.tools = std::max(example.request.tools, static_cast<std::uint32_t>(1 + example.hash / 2 % 6));
      }
      data.examples.push_back(std::move(example));
      ++file.used;
    }
    data.files.push_back(std::move(file));
    return {};
  };
  for (const std::string& path : sources.own) {
    if (const Result<void> added = add(path, true); !added) return added.error();
  }
  for (const std::string& path : sources.bulk) {
    if (const Result<void> added = add(path, false); !added) return added.error();
  }
  if (data.examples.empty()) return client_error(ErrorKind::invalid_request, 400, "the files hold no labelled prompts");
  return data;
}

}  // namespace triaged::learn
