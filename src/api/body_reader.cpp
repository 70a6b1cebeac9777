#include "api/body_reader.hpp"

#include <algorithm>
#include <utility>

namespace triaged::api {

std::string Path::text() const {
  std::string text = up != nullptr ? up->text() : std::string();
  if (index != no_index) return text + "[" + std::to_string(index) + "]";
  if (!text.empty()) text.push_back('.');
  return text.append(name);
}

BodyReader::BodyReader(std::string_view body, chat::Dialect dialect) : json(body), body_(body) {
  out.dialect = dialect;
}

std::string_view name_of(JsonType type) {
  switch (type) {
    case JsonType::object: return "an object";
    case JsonType::array: return "an array";
    case JsonType::string: return "a string";
    case JsonType::number: return "a number";
    case JsonType::boolean: return "a boolean";
    case JsonType::null: return "null";
    case JsonType::none: break;
  }
  return "nothing";
}

Error json_error(std::string_view body, std::size_t position, std::string_view problem) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return client_error(ErrorKind::invalid_request, 400, "The request body is empty; a JSON object is expected.",
                        "invalid_json");
  }
  std::string sentence = "The request body is not valid JSON: ";
  const std::size_t at = std::min(position, body.size());
  const std::string_view before = body.substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  sentence.append(problem).append(" at byte ").append(std::to_string(at)).append(" (line ");
  sentence.append(std::to_string(line)).append(", column ").append(std::to_string(at - line_begin + 1)).append(").");
  return client_error(ErrorKind::invalid_request, 400, std::move(sentence), "invalid_json");
}

bool BodyReader::null() {
  if (json.peek() != JsonType::null) return false;
  json.skip();
  return true;
}

// True after recording a fault and skipping the value.
bool BodyReader::wrong_type(JsonType wanted, const Path& path, std::string_view expected) {
  const JsonType type = json.peek();
  if (type == wanted) return false;
  const std::string where = path.text();
  std::string sentence = where.empty() ? "The request body: " : "Invalid type for '" + where + "': ";
  sentence.append(expected).append(" is expected, not ");
  sentence.append(name_of(type)).append(".");
  fault(path, std::move(sentence), "invalid_type");
  json.skip();
  return true;
}

std::optional<JsonString> BodyReader::string(const Path& path) {
  if (null() || wrong_type(JsonType::string, path, "a string")) return std::nullopt;
  return json.take_string();
}

std::optional<bool> BodyReader::flag(const Path& path) {
  if (null() || wrong_type(JsonType::boolean, path, "a boolean")) return std::nullopt;
  return json.take_bool();
}

std::optional<std::int64_t> BodyReader::integer(const Path& path) {
  if (null() || wrong_type(JsonType::number, path, "an integer")) return std::nullopt;
  const std::string_view number = json.take_number();
  const std::optional<std::int64_t> value = json_integer(number);
  if (!value && json.ok()) {
    std::string sentence = "Invalid value for '";
    sentence.append(path.text()).append("': an integer is expected, not ").append(number.substr(0, 40)).append(".");
    fault(path, std::move(sentence));
  }
  return value;
}

chat::JsonText BodyReader::number(const Path& path) {
  if (null() || wrong_type(JsonType::number, path, "a number")) return {};
  return json.take_number();
}

chat::JsonText BodyReader::object(const Path& path) {
  if (null() || wrong_type(JsonType::object, path, "an object")) return {};
  return json.skip();
}

chat::JsonText BodyReader::array(const Path& path) {
  if (null() || wrong_type(JsonType::array, path, "an array")) return {};
  return json.skip();
}

bool BodyReader::enter_object(const Path& path) {
  if (null() || wrong_type(JsonType::object, path, "an object")) return false;
  return json.enter_object();
}

bool BodyReader::enter_array(const Path& path) {
  if (null() || wrong_type(JsonType::array, path, "an array")) return false;
  return json.enter_array();
}

void BodyReader::fault(const Path& path, std::string sentence, std::string_view code) {
  if (fault_ || !json.ok()) return;
  fault_ = client_error(ErrorKind::invalid_request, 400, std::move(sentence), std::string(code), path.text());
}

void BodyReader::missing(const Path& path) {
  fault(path, "Missing required parameter: '" + path.text() + "'.", "missing_required_parameter");
}

void BodyReader::lose(const Path& path) {
  const bool nothing = json.peek() == JsonType::null;
  json.skip();
  if (!nothing) out.lost.push_back(path.text());
}

void BodyReader::keep(const JsonString& name) {
  const chat::JsonText value = json.skip();
  if (value != "null") out.others.push_back({name, value});
}

Result<chat::Conversation> BodyReader::finish() {
  if (!json.at_end()) return json_error(body_, json.position(), json.problem());
  if (fault_) return *fault_;
  return std::move(out);
}

}  // namespace triaged::api
