// The definition table as a JSON schema, for editors that complete and check while one types.
#include "triaged/config/load.hpp"

#include "config/convert.hpp"
#include "config/schema.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <utility>

namespace triaged::config {

namespace {

using json = nlohmann::ordered_json;

json variable() { return {{"$ref", "#/$defs/variable"}}; }

json any_of(json first) { return {{"anyOf", json::array({std::move(first), variable()})}}; }

json ranged(const char* type, const Key& key) {
  json out = {{"type", type}};
  const auto limit = [](double value) -> json {
    return value == std::floor(value) ? json(static_cast<std::int64_t>(value)) : json(value);
  };
  out["minimum"] = limit(key.min);
  out["maximum"] = limit(key.max);
  return out;
}

json with_unit(json number, const char* pattern) {
  json text = {{"type", "string"}, {"pattern", pattern}};
  return {{"anyOf", json::array({std::move(number), std::move(text), variable()})}};
}

json enumeration(const Key& key) {
  json out;
  for (const std::string_view choice : key.choices) out["enum"].push_back(choice);
  return out;
}

json one_or_many(json item) {
  json list = {{"type", "array"}, {"items", item}};
  return {{"anyOf", json::array({std::move(item), std::move(list)})}};
}

json section_schema(const Section& section);

json value_schema(const Key& key) {
  switch (key.type) {
    case Type::boolean: return any_of({{"type", "boolean"}});
    case Type::integer: return any_of(ranged("integer", key));
    case Type::number: return any_of(ranged("number", key));
    case Type::bytes: return with_unit(ranged("integer", key), "^[0-9]+(\\.[0-9]+)? ?([kKMGmg][iI]?)?[Bb]$");
    case Type::tokens: return with_unit(ranged("integer", key), "^[0-9]+(\\.[0-9]+)? ?[kKMm]$");
    case Type::duration: return with_unit({{"const", 0}}, "^[0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h|d)$");
    case Type::choice: return any_of(enumeration(key));
    case Type::address:
      return any_of({{"type", "string"}, {"pattern", "^(\\[[0-9A-Fa-f:.]+\\]|[0-9.]+|localhost|\\*)?:[0-9]+$"}});
    case Type::texts: return one_or_many(key.choices.empty() ? json{{"type", "string"}} : any_of(enumeration(key)));
    case Type::secrets: return one_or_many({{"type", "string"}});
    case Type::pairs:
      return {{"type", json::array({"object", "null"})},
              {"additionalProperties", {{"type", json::array({"string", "number", "boolean"})}}}};
    case Type::section: return section_schema(key.section());
    case Type::sections:
      return {{"type", "array"},
              {"minItems", static_cast<std::int64_t>(key.min)},
              {"maxItems", static_cast<std::int64_t>(key.max)},
              {"items", section_schema(key.section())}};
    case Type::named:
      return {{"type", "object"},
              {"minProperties", static_cast<std::int64_t>(key.min)},
              {"maxProperties", static_cast<std::int64_t>(key.max)},
              {"propertyNames", {{"pattern", "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}}},
              {"additionalProperties", section_schema(key.section())}};
    default: break;
  }
  if (key.pattern.empty()) return {{"type", "string"}};
  return any_of({{"type", "string"}, {"pattern", key.pattern}});
}

// Only defaults that stand as such in a file: those in words are told in the description.
void add_default(json& schema, const Key& key, const void* blank_object) {
  if (key.required || key.read == nullptr || !key.default_note.empty()) return;
  const Value value = key.read(blank_object);
  if (const auto* flag = std::get_if<bool>(&value)) {
    schema["default"] = *flag;
  } else if (const auto* number = std::get_if<double>(&value)) {
    schema["default"] = *number;
  } else if (key.type == Type::integer) {
    schema["default"] = std::get<std::int64_t>(value);
  } else if (key.type != Type::texts && key.type != Type::secrets && key.type != Type::pairs &&
             key.type != Type::secret) {
    const std::string text = written(value, key.type, key);
    if (!text.empty()) schema["default"] = text;
  }
}

json section_schema(const Section& section) {
  json out;
  out["type"] = json::array({"object", "null"});
  out["additionalProperties"] = false;
  json required = json::array();
  for (const Key& key : section.keys) {
    json description = std::string(key.meaning);
    if (!key.default_note.empty())
      description = std::string(key.meaning) + " Default: " + std::string(key.default_note);
    json property = {{"description", std::move(description)}};
    property.update(value_schema(key));
    add_default(property, key, section.blank());
    out["properties"][std::string(key.name)] = std::move(property);
    if (key.required) required.push_back(key.name);
  }
  if (!required.empty()) {
    out["type"] = "object";
    out["required"] = std::move(required);
  }
  if (section.shorthand.empty()) return out;
  json scalar = value_schema(*section.find(section.shorthand));
  return {{"anyOf", json::array({std::move(scalar), std::move(out)})}};
}

}  // namespace

std::string json_schema() {
  json out;
  out["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  out["title"] = "triaged configuration";
  out["description"] = document_section().meaning;
  out.update(section_schema(document_section()));
  out["$defs"]["variable"] = {{"description", "A value from the environment: ${NAME} or ${NAME:-default}."},
                              {"type", "string"},
                              {"pattern", "\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}"}};
  return out.dump(2) + "\n";
}

}  // namespace triaged::config
