#include "provider/simulated/simulated_schema.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

namespace triaged::provider {
namespace {

using nlohmann::json;

// Deep enough for any real schema; a schema that refers to itself for ever ends here.
constexpr int deepest = 24;
// Values in one instance; a schema that branches into itself ends here.
constexpr int most_values = 10'000;

const json& nothing() {
  static const json value;
  return value;
}

const json& member(const json& object, const char* name) {
  if (!object.is_object()) return nothing();
  const auto found = object.find(name);
  return found == object.end() ? nothing() : *found;
}

double number_or(const json& value, double otherwise) { return value.is_number() ? value.get<double>() : otherwise; }

std::size_t count_or(const json& value, std::size_t otherwise) {
  if (!value.is_number_integer() || value < 0) return otherwise;
  return std::min<std::size_t>(value.get<std::size_t>(), 256);
}

class Instance {
 public:
  explicit Instance(const json& root) : root_(root) {}
  json make(const json& schema, int depth);

 private:
  const json& resolve(const json& schema) const;
  json make_object(const json& schema, int depth);
  json make_array(const json& schema, int depth);
  json make_all(const json& schema, int depth);
  static json make_number(const json& schema, bool integer);
  static json make_string(const json& schema);

  const json& root_;
  int values_left_ = most_values;
};

// Follows local references; one that leads nowhere allows anything.
const json& Instance::resolve(const json& schema) const {
  const json* current = &schema;
  for (int hops = 0; hops < deepest; ++hops) {
    const json& reference = member(*current, "$ref");
    if (!reference.is_string()) return *current;
    const std::string& text = reference.get_ref<const std::string&>();
    if (text.empty() || text.front() != '#') break;
    const std::string pointer = text.substr(1);
    const bool well_formed = pointer.empty() || (pointer.front() == '/' && pointer.find('~') == std::string::npos);
    if (!well_formed) break;
    const json::json_pointer path(pointer);
    if (!root_.contains(path)) break;
    current = &root_.at(path);
  }
  return nothing();
}

json Instance::make_string(const json& schema) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> formats{
      {{"date-time", "2026-01-01T00:00:00Z"},
       {"date", "2026-01-01"},
       {"time", "00:00:00Z"},
       {"email", "simulated@example.com"},
       {"uri", "https://example.com/simulated"},
       {"uuid", "00000000-0000-4000-8000-000000000000"},
       {"ipv4", "192.0.2.1"},
       {"hostname", "simulated.example.com"}}};
  const json& format = member(schema, "format");
  for (const auto& [name, text] : formats) {
    if (format == name) return std::string(text);
  }
  std::string text = "simulated";
  text.resize(std::max(text.size(), count_or(member(schema, "minLength"), 0)), '.');
  text.resize(std::min(text.size(), count_or(member(schema, "maxLength"), text.size())));
  return text;
}

json Instance::make_number(const json& schema, bool integer) {
  const double step = std::max(number_or(member(schema, "multipleOf"), 0), 0.0);
  const double unit = step > 0 ? step : 1.0;
  double value = number_or(member(schema, "minimum"), number_or(member(schema, "maximum"), 1.0) >= 1.0 ? 1.0 : 0.0);
  const json& above = member(schema, "exclusiveMinimum");
  if (above.is_number()) value = std::max(value, above.get<double>() + (integer ? 1.0 : unit / 2));
  const json& below = member(schema, "exclusiveMaximum");
  if (below.is_number() && value >= below.get<double>()) value = below.get<double>() - (integer ? 1.0 : unit / 2);
  value = std::min(value, number_or(member(schema, "maximum"), value));
  if (integer || step > 0) value = std::ceil(value / unit) * unit;
  if (integer && std::fabs(value) < 9e15) return static_cast<std::int64_t>(value);
  return value;
}

json Instance::make_object(const json& schema, int depth) {  // NOLINT(misc-no-recursion): bounded depth
  json object = json::object();
  const json& properties = member(schema, "properties");
  const json& required = member(schema, "required");
  if (!required.is_array()) return object;
  for (const json& name : required) {
    if (!name.is_string()) continue;
    const std::string& key = name.get_ref<const std::string&>();
    object[key] = make(member(properties, key.c_str()), depth);
  }
  return object;
}

json Instance::make_array(const json& schema, int depth) {  // NOLINT(misc-no-recursion): bounded depth
  json array = json::array();
  if (const json& prefix = member(schema, "prefixItems"); prefix.is_array()) {
    for (const json& item : prefix) array.push_back(make(item, depth));
  }
  const std::size_t usual = depth > 4 ? 0 : 1;  // an element to look at, but no towers of them
  const std::size_t size =
      std::min(count_or(member(schema, "minItems"), usual), count_or(member(schema, "maxItems"), 256));
  while (array.size() < size) array.push_back(make(member(schema, "items"), depth));
  return array;
}

// Objects of all branches together; another type wins as it is.
json Instance::make_all(const json& schema, int depth) {  // NOLINT(misc-no-recursion): bounded depth
  json all = make_object(schema, depth);
  for (const json& branch : member(schema, "allOf")) {
    json made = make(branch, depth);
    if (!made.is_object()) return made;
    all.update(made);
  }
  return all;
}

json Instance::make(const json& unresolved, int depth) {  // NOLINT(misc-no-recursion): bounded depth
  if (depth > deepest || --values_left_ < 0) return nullptr;
  const json& schema = resolve(unresolved);
  if (schema.is_object() && schema.contains("const")) return schema["const"];
  if (const json& values = member(schema, "enum"); values.is_array() && !values.empty()) return values.front();
  for (const char* const choice : {"anyOf", "oneOf"}) {
    const json& branches = member(schema, choice);
    if (!branches.is_array() || branches.empty()) continue;
    // Deep down a schema that refers to itself offers its way out as null.
    const auto is_null = [](const json& branch) { return member(branch, "type") == "null"; };
    const auto way_out = depth > 4 ? std::find_if(branches.begin(), branches.end(), is_null) : branches.end();
    return make(way_out == branches.end() ? branches.front() : *way_out, depth + 1);
  }
  if (member(schema, "allOf").is_array()) return make_all(schema, depth + 1);

  json type = member(schema, "type");
  if (type.is_array())
    type = type.empty() ? json() : depth > 4 && type.back() == "null" ? json("null") : json(type.front());
  if (type == "object" || (type.is_null() && member(schema, "properties").is_object()))
    return make_object(schema, depth + 1);
  if (type == "array" || (type.is_null() && schema.is_object() && schema.contains("items"))) {
    return make_array(schema, depth + 1);
  }
  if (type == "integer" || type == "number") return make_number(schema, type == "integer");
  if (type == "boolean") return true;
  if (type == "null") return nullptr;
  return make_string(schema);
}

}  // namespace

json instance_of(const json& schema) { return Instance(schema).make(schema, 0); }

}  // namespace triaged::provider
