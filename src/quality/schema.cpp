#include "quality/schema.hpp"

#include "triaged/base/json.hpp"
#include "triaged/base/text.hpp"

#include "quality/json_prefix.hpp"
#include "quality/words.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <re2/re2.h>
#include <unordered_map>
#include <utility>
#include <vector>

namespace triaged::quality {

namespace {

using nlohmann::json;

constexpr std::size_t most_schema_bytes = 256 * 1024;
constexpr std::size_t most_value_bytes = 1024 * 1024;
// A step is about one look at one node. What asks for more is not checked to its end.
constexpr std::size_t most_steps = 300'000;
constexpr std::size_t most_depth = 150;
constexpr std::size_t most_pattern_bytes = 1000;
constexpr std::size_t most_patterns = 64;

// `unknown`: depends on something that is not checked here, so that neither it nor its opposite can be held against an
// answer.
enum class Verdict : std::uint8_t { holds, fails, unknown };

Verdict both(Verdict a, Verdict b) {
  if (a == Verdict::fails || b == Verdict::fails) return Verdict::fails;
  return a == Verdict::unknown ? a : b;
}

bool is_whole_number(const json& value) {
  if (value.is_number_integer()) return true;
  return value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>();
}

bool is_of_type(const json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "number") return value.is_number();
  if (type == "integer") return is_whole_number(value);
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  return true;  // no type that JSON has: nothing is known of it
}

bool is_true(const json& schema, const char* key) {
  const auto found = schema.find(key);
  return found != schema.end() && found->is_boolean() && found->get<bool>();
}

const json* member(const json& schema, const char* key) {
  const auto found = schema.find(key);
  return found == schema.end() ? nullptr : &*found;
}

std::size_t array_size(const json* list) { return list != nullptr && list->is_array() ? list->size() : 0; }

class Validator {
 public:
  explicit Validator(const json& root) : root_(root) {}

  Verdict check(const json& schema, const json& value);
  const std::string& problem() const { return problem_; }

 private:
  using Rule = Verdict (Validator::*)(const json& rule, const json& schema, const json& value);
  static const std::unordered_map<std::string, Rule>& rules();

  // For values of every type.
  Verdict ref(const json& rule, const json& schema, const json& value);
  Verdict type(const json& rule, const json& schema, const json& value);
  Verdict one_value(const json& rule, const json& schema, const json& value);
  Verdict one_of_values(const json& rule, const json& schema, const json& value);
  Verdict all_of(const json& rule, const json& schema, const json& value);
  Verdict any_of(const json& rule, const json& schema, const json& value);
  Verdict one_of(const json& rule, const json& schema, const json& value);
  Verdict is_not(const json& rule, const json& schema, const json& value);
  Verdict condition(const json& rule, const json& schema, const json& value);
  Verdict unchecked(const json& rule, const json& schema, const json& value);
  // For numbers, strings, arrays, objects: they hold for values of other types.
  Verdict minimum(const json& rule, const json& schema, const json& value);
  Verdict maximum(const json& rule, const json& schema, const json& value);
  Verdict more_than(const json& rule, const json& schema, const json& value);
  Verdict less_than(const json& rule, const json& schema, const json& value);
  Verdict multiple_of(const json& rule, const json& schema, const json& value);
  Verdict min_length(const json& rule, const json& schema, const json& value);
  Verdict max_length(const json& rule, const json& schema, const json& value);
  Verdict pattern(const json& rule, const json& schema, const json& value);
  Verdict min_items(const json& rule, const json& schema, const json& value);
  Verdict max_items(const json& rule, const json& schema, const json& value);
  Verdict unique_items(const json& rule, const json& schema, const json& value);
  Verdict items(const json& rule, const json& schema, const json& value);
  Verdict prefix_items(const json& rule, const json& schema, const json& value);
  Verdict min_properties(const json& rule, const json& schema, const json& value);
  Verdict max_properties(const json& rule, const json& schema, const json& value);
  Verdict required(const json& rule, const json& schema, const json& value);
  Verdict properties(const json& rule, const json& schema, const json& value);
  Verdict pattern_properties(const json& rule, const json& schema, const json& value);
  Verdict additional_properties(const json& rule, const json& schema, const json& value);

  Verdict require(bool holds, const char* otherwise, const std::string& what = {});
  Verdict check_at(std::string_view place, const json& schema, const json& value);
  Verdict quietly(const json& schema, const json& value);
  bool equal(const json& a, const json& b);
  bool spend(std::size_t steps = 1) {
    steps_ -= std::min(steps_, steps);
    return steps_ > 0;
  }
  const json* resolve(const std::string& reference) const;
  Verdict matches(const std::string& text, const std::string& expression);

  const json& root_;
  std::size_t steps_ = most_steps;
  std::size_t depth_ = 0;
  std::size_t quiet_ = 0;  // inside of what may fail without being a problem
  std::vector<std::string> path_;
  std::string problem_;
  std::unordered_map<std::string, std::unique_ptr<RE2>> patterns_;
};

const std::unordered_map<std::string, Validator::Rule>& Validator::rules() {
  static const std::unordered_map<std::string, Rule> table{
      {"$ref", &Validator::ref},
      {"type", &Validator::type},
      {"const", &Validator::one_value},
      {"enum", &Validator::one_of_values},
      {"allOf", &Validator::all_of},
      {"anyOf", &Validator::any_of},
      {"oneOf", &Validator::one_of},
      {"not", &Validator::is_not},
      {"if", &Validator::condition},
      {"minimum", &Validator::minimum},
      {"maximum", &Validator::maximum},
      {"exclusiveMinimum", &Validator::more_than},
      {"exclusiveMaximum", &Validator::less_than},
      {"multipleOf", &Validator::multiple_of},
      {"minLength", &Validator::min_length},
      {"maxLength", &Validator::max_length},
      {"pattern", &Validator::pattern},
      {"minItems", &Validator::min_items},
      {"maxItems", &Validator::max_items},
      {"uniqueItems", &Validator::unique_items},
      {"items", &Validator::items},
      {"prefixItems", &Validator::prefix_items},
      {"minProperties", &Validator::min_properties},
      {"maxProperties", &Validator::max_properties},
      {"required", &Validator::required},
      {"properties", &Validator::properties},
      {"patternProperties", &Validator::pattern_properties},
      {"additionalProperties", &Validator::additional_properties},
      // These decide and are not looked at; every other keyword decides nothing.
      {"format", &Validator::unchecked},
      {"contains", &Validator::unchecked},
      {"propertyNames", &Validator::unchecked},
      {"dependencies", &Validator::unchecked},
      {"dependentRequired", &Validator::unchecked},
      {"dependentSchemas", &Validator::unchecked},
      {"unevaluatedItems", &Validator::unchecked},
      {"unevaluatedProperties", &Validator::unchecked},
      {"$dynamicRef", &Validator::unchecked},
      {"$recursiveRef", &Validator::unchecked},
  };
  return table;
}

// Bounded by depth_ and steps_: a schema can refer to itself.
Verdict Validator::check(const json& schema, const json& value) {  // NOLINT(misc-no-recursion)
  if (schema.is_boolean()) return require(schema.get<bool>(), "is not allowed");
  if (!schema.is_object() || !spend() || depth_ >= most_depth) return Verdict::unknown;
  if (value.is_null() && is_true(schema, "nullable")) return Verdict::holds;  // as OpenAPI has it
  ++depth_;
  Verdict all = Verdict::holds;
  for (const auto& [key, rule] : schema.items()) {
    if (!spend()) {
      all = both(all, Verdict::unknown);
      break;
    }
    const auto found = rules().find(key);
    if (found == rules().end()) continue;
    all = both(all, (this->*found->second)(rule, schema, value));
    if (all == Verdict::fails) break;
  }
  --depth_;
  return all;
}

Verdict Validator::require(bool holds, const char* otherwise, const std::string& what) {
  if (holds) return Verdict::holds;
  if (quiet_ == 0 && problem_.empty()) {
    problem_ = otherwise;
    if (!what.empty()) problem_ += " " + in_quotes(what);
    std::string place;
    for (const std::string& step : path_) place += "/" + step;
    if (!place.empty()) problem_ += " at " + in_quotes(place);
  }
  return Verdict::fails;
}

Verdict Validator::check_at(std::string_view place, const json& schema,
                            const json& value) {  // NOLINT(misc-no-recursion)
  path_.emplace_back(place);
  const Verdict verdict = check(schema, value);
  path_.pop_back();
  return verdict;
}

Verdict Validator::quietly(const json& schema, const json& value) {  // NOLINT(misc-no-recursion)
  ++quiet_;
  const Verdict verdict = check(schema, value);
  --quiet_;
  return verdict;
}

// Only of what one reader made, so its depth is bounded.
bool Validator::equal(const json& a, const json& b) {  // NOLINT(misc-no-recursion)
  if (!spend()) return false;
  if (a.is_array() && b.is_array()) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [this](const json& x, const json& y) {  // NOLINT(misc-no-recursion)
                                                return equal(x, y);
                                              });
  }
  if (a.is_object() && b.is_object()) {
    if (a.size() != b.size()) return false;
    for (const auto& [key, value] : a.items()) {
      const json* const other = member(b, key.c_str());
      if (other == nullptr || !equal(value, *other)) return false;
    }
    return true;
  }
  if (a.is_string() && b.is_string()) spend(a.get_ref<const std::string&>().size() / 64);
  return a == b;
}

// "#" and "#/path/to/it"; null for what is elsewhere or nowhere.
const json* Validator::resolve(const std::string& reference) const {
  if (!reference.starts_with('#')) return nullptr;
  const json* at = &root_;
  if (reference.size() == 1) return at;
  if (reference[1] != '/') return nullptr;
  for (const std::string_view step : split(std::string_view(reference).substr(2), '/')) {
    std::string name = percent_decoded(step);
    for (const auto& [escape, meaning] : {std::pair("~1", "/"), std::pair("~0", "~")}) {
      for (std::size_t i = name.find(escape); i != std::string::npos; i = name.find(escape, i + 1)) {
        name.replace(i, 2, meaning);
      }
    }
    if (at->is_object()) {
      at = member(*at, name.c_str());
    } else if (at->is_array()) {
      const auto index = parse_uint(name);
      at = index && *index < at->size() ? &(*at)[static_cast<std::size_t>(*index)] : nullptr;
    } else {
      at = nullptr;
    }
    if (at == nullptr) return nullptr;
  }
  return at;
}

Verdict Validator::matches(const std::string& text, const std::string& expression) {
  if (!spend(1 + text.size() / 16) || expression.size() > most_pattern_bytes) return Verdict::unknown;
  auto found = patterns_.find(expression);
  if (found == patterns_.end()) {
    if (patterns_.size() >= most_patterns || !spend(1000 + 20 * expression.size())) return Verdict::unknown;
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    found = patterns_.emplace(expression, std::make_unique<RE2>(expression, options)).first;
  }
  if (!found->second->ok()) return Verdict::unknown;  // look-around, back-references
  return RE2::PartialMatch(text, *found->second) ? Verdict::holds : Verdict::fails;
}

Verdict Validator::ref(const json& rule, const json& /*schema*/, const json& value) {  // NOLINT(misc-no-recursion)
  if (!rule.is_string()) return Verdict::unknown;
  const auto& reference = rule.get_ref<const std::string&>();
  if (!spend(1 + reference.size() / 16)) return Verdict::unknown;
  const json* const target = resolve(reference);
  return target == nullptr ? Verdict::unknown : check(*target, value);
}

Verdict Validator::type(const json& rule, const json& /*schema*/, const json& value) {
  if (rule.is_string())
    return require(is_of_type(value, rule.get_ref<const std::string&>()), "is no", rule.get<std::string>());
  if (!rule.is_array()) return Verdict::unknown;
  spend(rule.size());
  const bool any = std::any_of(rule.begin(), rule.end(), [&value](const json& one) {
    return !one.is_string() || is_of_type(value, one.get_ref<const std::string&>());
  });
  return require(any, "is of none of the types");
}

Verdict Validator::one_value(const json& rule, const json& /*schema*/, const json& value) {
  const bool same = equal(rule, value);
  return spend(0) ? require(same, "is another value than the one allowed") : Verdict::unknown;
}

Verdict Validator::one_of_values(const json& rule, const json& /*schema*/, const json& value) {
  if (!rule.is_array()) return Verdict::unknown;
  const bool any = std::any_of(rule.begin(), rule.end(), [&](const json& one) { return equal(one, value); });
  return any || spend(0) ? require(any, "is none of the values allowed") : Verdict::unknown;
}

Verdict Validator::all_of(const json& rule, const json& /*schema*/, const json& value) {  // NOLINT(misc-no-recursion)
  if (!rule.is_array()) return Verdict::unknown;
  Verdict all = Verdict::holds;
  for (const json& one : rule) {
    all = both(all, check(one, value));
    if (all == Verdict::fails || !spend(0)) break;
  }
  return all;
}

Verdict Validator::any_of(const json& rule, const json& /*schema*/, const json& value) {  // NOLINT(misc-no-recursion)
  if (!rule.is_array() || rule.empty()) return Verdict::unknown;
  bool unknown = false;
  for (const json& one : rule) {
    const Verdict verdict = spend() ? quietly(one, value) : Verdict::unknown;
    if (verdict == Verdict::holds) return verdict;
    unknown = unknown || verdict == Verdict::unknown;
  }
  return unknown ? Verdict::unknown : require(false, "is none of the alternatives");
}

Verdict Validator::one_of(const json& rule, const json& /*schema*/, const json& value) {  // NOLINT(misc-no-recursion)
  if (!rule.is_array() || rule.empty()) return Verdict::unknown;
  std::size_t holding = 0;
  std::size_t unknown = 0;
  for (const json& one : rule) {
    const Verdict verdict = spend() ? quietly(one, value) : Verdict::unknown;
    holding += verdict == Verdict::holds ? 1U : 0U;
    unknown += verdict == Verdict::unknown ? 1U : 0U;
  }
  if (holding > 1) return require(false, "is several of the alternatives");
  if (unknown > 0) return Verdict::unknown;
  return require(holding == 1, "is none of the alternatives");
}

Verdict Validator::is_not(const json& rule, const json& /*schema*/, const json& value) {  // NOLINT(misc-no-recursion)
  const Verdict verdict = quietly(rule, value);
  return verdict == Verdict::unknown ? verdict : require(verdict == Verdict::fails, "is what it must not be");
}

Verdict Validator::condition(const json& rule, const json& schema, const json& value) {  // NOLINT(misc-no-recursion)
  const Verdict met = quietly(rule, value);
  if (met == Verdict::unknown) return met;
  const json* const branch = member(schema, met == Verdict::holds ? "then" : "else");
  return branch == nullptr ? Verdict::holds : check(*branch, value);
}

Verdict Validator::unchecked(const json& /*rule*/, const json& /*schema*/, const json& /*value*/) {
  return Verdict::unknown;
}

Verdict Validator::minimum(const json& rule, const json& schema, const json& value) {
  if (!value.is_number()) return Verdict::holds;
  if (!rule.is_number()) return Verdict::unknown;
  if (is_true(schema, "exclusiveMinimum")) return require(value > rule, "is too small");  // as draft 4 has it
  return require(value >= rule, "is too small");
}

Verdict Validator::maximum(const json& rule, const json& schema, const json& value) {
  if (!value.is_number()) return Verdict::holds;
  if (!rule.is_number()) return Verdict::unknown;
  if (is_true(schema, "exclusiveMaximum")) return require(value < rule, "is too large");
  return require(value <= rule, "is too large");
}

Verdict Validator::more_than(const json& rule, const json& /*schema*/, const json& value) {
  return value.is_number() && rule.is_number() ? require(value > rule, "is too small") : Verdict::holds;
}

Verdict Validator::less_than(const json& rule, const json& /*schema*/, const json& value) {
  return value.is_number() && rule.is_number() ? require(value < rule, "is too large") : Verdict::holds;
}

Verdict Validator::multiple_of(const json& rule, const json& /*schema*/, const json& value) {
  if (!value.is_number()) return Verdict::holds;
  // Of fractions it depends on rounding.
  if (!value.is_number_integer() || !rule.is_number_unsigned() || rule == 0) return Verdict::unknown;
  const auto divisor = rule.get<std::uint64_t>();
  const bool negative = !value.is_number_unsigned() && value.get<std::int64_t>() < 0;
  const auto size = negative ? ~value.get<std::uint64_t>() + 1 : value.get<std::uint64_t>();
  return require(size % divisor == 0, "is no multiple of what it must be");
}

// Whether `count` is at least (at most) what the rule says.
bool at_least(std::size_t count, const json& rule) { return !rule.is_number() || json(count) >= rule; }
bool at_most(std::size_t count, const json& rule) { return !rule.is_number() || json(count) <= rule; }

Verdict Validator::min_length(const json& rule, const json& /*schema*/, const json& value) {
  return require(!value.is_string() || at_least(utf8_length(value.get_ref<const std::string&>()), rule),
                 "is too short");
}

Verdict Validator::max_length(const json& rule, const json& /*schema*/, const json& value) {
  return require(!value.is_string() || at_most(utf8_length(value.get_ref<const std::string&>()), rule), "is too long");
}

Verdict Validator::pattern(const json& rule, const json& /*schema*/, const json& value) {
  if (!value.is_string()) return Verdict::holds;
  if (!rule.is_string()) return Verdict::unknown;
  const Verdict verdict = matches(value.get_ref<const std::string&>(), rule.get_ref<const std::string&>());
  return verdict == Verdict::unknown ? verdict : require(verdict == Verdict::holds, "does not match the pattern");
}

Verdict Validator::min_items(const json& rule, const json& /*schema*/, const json& value) {
  return require(!value.is_array() || at_least(value.size(), rule), "has too few items");
}

Verdict Validator::max_items(const json& rule, const json& /*schema*/, const json& value) {
  return require(!value.is_array() || at_most(value.size(), rule), "has too many items");
}

Verdict Validator::unique_items(const json& rule, const json& /*schema*/, const json& value) {
  if (!value.is_array() || !rule.is_boolean() || !rule.get<bool>()) return Verdict::holds;
  for (std::size_t i = 0; i < value.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (equal(value[i], value[k])) return require(false, "has an item twice");
      if (!spend(0)) return Verdict::unknown;
    }
  }
  return Verdict::holds;
}

// `items` is for those behind `prefixItems`; as a list it is what `prefixItems` was called before.
Verdict Validator::items(const json& rule, const json& schema, const json& value) {  // NOLINT(misc-no-recursion)
  if (!value.is_array()) return Verdict::holds;
  if (rule.is_array())
    return both(prefix_items(rule, schema, value),
                member(schema, "additionalItems") == nullptr ? Verdict::holds : Verdict::unknown);
  Verdict all = Verdict::holds;
  for (std::size_t i = array_size(member(schema, "prefixItems")); i < value.size(); ++i) {
    if (!spend(0)) return both(all, Verdict::unknown);
    all = both(all, check_at(std::to_string(i), rule, value[i]));
    if (all == Verdict::fails) break;
  }
  return all;
}

Verdict Validator::prefix_items(const json& rule, const json& /*schema*/,
                                const json& value) {  // NOLINT(misc-no-recursion)
  if (!value.is_array()) return Verdict::holds;
  if (!rule.is_array()) return Verdict::unknown;
  Verdict all = Verdict::holds;
  for (std::size_t i = 0; i < std::min(rule.size(), value.size()) && all != Verdict::fails; ++i) {
    all = both(all, check_at(std::to_string(i), rule[i], value[i]));
  }
  return all;
}

Verdict Validator::min_properties(const json& rule, const json& /*schema*/, const json& value) {
  return require(!value.is_object() || at_least(value.size(), rule), "has too few members");
}

Verdict Validator::max_properties(const json& rule, const json& /*schema*/, const json& value) {
  return require(!value.is_object() || at_most(value.size(), rule), "has too many members");
}

Verdict Validator::required(const json& rule, const json& /*schema*/, const json& value) {
  if (!value.is_object() || !rule.is_array()) return Verdict::holds;
  for (const json& name : rule) {
    if (!spend()) return Verdict::unknown;
    if (!name.is_string()) continue;
    const auto& key = name.get_ref<const std::string&>();
    if (!value.contains(key)) return require(false, "lacks", key);
  }
  return Verdict::holds;
}

Verdict Validator::properties(const json& rule, const json& /*schema*/,
                              const json& value) {  // NOLINT(misc-no-recursion)
  if (!value.is_object()) return Verdict::holds;
  if (!rule.is_object()) return Verdict::unknown;
  Verdict all = Verdict::holds;
  for (const auto& [name, schema] : rule.items()) {
    if (!spend()) return both(all, Verdict::unknown);
    const auto found = value.find(name);
    if (found == value.end()) continue;
    all = both(all, check_at(name, schema, *found));
    if (all == Verdict::fails) break;
  }
  return all;
}

Verdict Validator::pattern_properties(const json& rule, const json& /*schema*/,
                                      const json& value) {  // NOLINT(misc-no-recursion)
  if (!value.is_object()) return Verdict::holds;
  if (!rule.is_object()) return Verdict::unknown;
  Verdict all = Verdict::holds;
  for (const auto& [expression, schema] : rule.items()) {
    for (const auto& [name, one] : value.items()) {
      if (!spend()) return both(all, Verdict::unknown);
      const Verdict is_meant = matches(name, expression);
      if (is_meant == Verdict::fails) continue;
      all = both(all, is_meant == Verdict::unknown ? is_meant : check_at(name, schema, one));
      if (all == Verdict::fails) return all;
    }
  }
  return all;
}

// For members that neither `properties` nor `patternProperties` speak of.
Verdict Validator::additional_properties(const json& rule, const json& schema,
                                         const json& value) {  // NOLINT(misc-no-recursion)
  if (!value.is_object()) return Verdict::holds;
  const json* const named = member(schema, "properties");
  const json* const patterns = member(schema, "patternProperties");
  Verdict all = Verdict::holds;
  for (const auto& [name, one] : value.items()) {
    if (!spend()) return both(all, Verdict::unknown);
    if (named != nullptr && named->is_object() && named->contains(name)) continue;
    Verdict spoken_of = Verdict::fails;
    if (patterns != nullptr && patterns->is_object()) {
      for (const auto& [expression, unused] : patterns->items()) {
        const Verdict verdict = matches(name, expression);
        if (verdict != Verdict::fails) spoken_of = verdict;
        if (verdict == Verdict::holds) break;
      }
    }
    if (spoken_of == Verdict::holds) continue;
    all = both(all, spoken_of == Verdict::unknown ? spoken_of : check_at(name, rule, one));
    if (all == Verdict::fails) return all;
  }
  return all;
}

}  // namespace

std::string schema_problem(std::string_view schema, std::string_view value) {
  if (schema.size() > most_schema_bytes || value.size() > most_value_bytes) return {};
  // Bounds the depth of what is parsed.
  for (const std::string_view text : {schema, value}) {
    JsonPrefix prefix;
    if (!prefix.put(text) || !prefix.complete()) return {};
  }
  const json rules = json::parse(schema, nullptr, false);
  const json instance = json::parse(value, nullptr, false);
  if (rules.is_discarded() || instance.is_discarded()) return {};
  Validator validator(rules);
  if (validator.check(rules, instance) != Verdict::fails) return {};
  return validator.problem().empty() ? "does not follow the schema" : validator.problem();
}

}  // namespace triaged::quality
