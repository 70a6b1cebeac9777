#include "provider/anthropic/anthropic_schema.hpp"

#include "triaged/base/json.hpp"
#include "triaged/base/text.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

namespace triaged::provider {
namespace {

constexpr std::array<std::string_view, 15> refused{
    "minimum",     "maximum",       "exclusiveMinimum", "exclusiveMaximum",  "multipleOf",
    "minLength",   "maxLength",     "maxItems",         "uniqueItems",       "contains",
    "minContains", "minProperties", "maxProperties",    "patternProperties", "propertyNames"};

enum class Holds : std::uint8_t { value, schema, schemas_by_name };

Holds holds(const JsonString& keyword) {
  for (const std::string_view name : {"items", "anyOf", "oneOf", "allOf", "not", "if", "then", "else"}) {
    if (keyword.equals(name)) return Holds::schema;
  }
  for (const std::string_view name : {"properties", "$defs", "definitions"}) {
    if (keyword.equals(name)) return Holds::schemas_by_name;
  }
  return Holds::value;
}

class Writer {
 public:
  Writer(std::string& out, std::vector<std::string>& cut) : out_(out), cut_(cut) {}

  // A schema, or an array of schemas; the reader bounds the depth.
  // NOLINTNEXTLINE(misc-no-recursion)
  void schema(JsonReader& reader) {
    if (reader.peek() == JsonType::array) {
      reader.enter_array();
      out_.push_back('[');
      for (std::size_t i = 0; reader.next_element(); ++i) {
        if (i != 0) out_.push_back(',');
        const std::size_t above = go_into("[" + std::to_string(i) + "]");
        schema(reader);
        path_.resize(above);
      }
      out_.push_back(']');
    } else if (reader.peek() == JsonType::object) {
      object(reader);
    } else {
      out_.append(reader.skip());
    }
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion)
  void object(JsonReader& reader) {
    reader.enter_object();
    out_.push_back('{');
    bool first = true;
    bool closed = false;
    bool is_object = false;
    JsonString key;
    while (reader.next_member(key)) {
      if (key.equals("additionalProperties")) {
        closed = true;
        if (reader.skip() != "false") note("additionalProperties");
        name(first, "additionalProperties");
        out_.append("false");
      } else if (refuses(key, reader)) {
        note(key.resolved());
      } else {
        if (key.equals("properties")) is_object = true;
        member(key, first, reader, is_object);
      }
    }
    if (is_object && !closed) {
      name(first, "additionalProperties");
      out_.append("false");
    }
    out_.push_back('}');
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  void member(const JsonString& key, bool& first, JsonReader& reader, bool& is_object) {
    // One of several forms: to say that there is exactly one would be refused.
    name(first, key.equals("oneOf") ? "anyOf" : key.raw);
    const Holds what = holds(key);
    const std::size_t above = go_into("." + key.resolved());
    if (what == Holds::schema) {
      schema(reader);
    } else if (what == Holds::schemas_by_name && reader.peek() == JsonType::object) {
      by_name(reader);
    } else {
      const std::string_view value = reader.skip();
      if (key.equals("type") && value.find("\"object\"") != std::string_view::npos) is_object = true;
      out_.append(value);
    }
    path_.resize(above);
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  void by_name(JsonReader& reader) {
    reader.enter_object();
    out_.push_back('{');
    bool first = true;
    JsonString key;
    while (reader.next_member(key)) {
      name(first, key.raw);
      const std::size_t above = go_into("." + key.resolved());
      schema(reader);
      path_.resize(above);
    }
    out_.push_back('}');
  }

  // True after skipping the value of a keyword that is refused.
  static bool refuses(const JsonString& key, JsonReader& reader) {
    if (key.equals("minItems")) {
      JsonReader ahead = reader;
      const std::string_view value = ahead.skip();
      if (value == "0" || value == "1") return false;
    } else if (std::none_of(refused.begin(), refused.end(),
                            [&key](std::string_view name) { return key.equals(name); })) {
      return false;
    }
    reader.skip();
    return true;
  }

  void name(bool& first, std::string_view raw) {
    if (!std::exchange(first, false)) out_.push_back(',');
    out_.push_back('"');
    out_.append(raw).append("\":");
  }

  // Gives what the path is to be cut to again.
  std::size_t go_into(const std::string& below) {
    const std::size_t above = path_.size();
    path_.append(below);
    return above;
  }

  // The first place of each keyword: lists of all of them may be long.
  void note(const std::string& keyword) {
    if (!noted_.insert(keyword).second) return;
    const std::string path = path_ + "." + keyword;
    cut_.push_back(path.substr(1));
  }

  std::string& out_;
  std::vector<std::string>& cut_;
  std::string path_;  // ".properties.city"
  std::set<std::string> noted_;
};

}  // namespace

std::string anthropic_schema(chat::JsonText schema, std::vector<std::string>& cut) {
  std::string out;
  out.reserve(schema.size() + 128);
  JsonReader reader(schema, 256);
  Writer(out, cut).schema(reader);
  return out;
}

}  // namespace triaged::provider
