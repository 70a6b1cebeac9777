// JSON text appended to a string, with the commas between members and elements. An object or array ends with its scope:
// the string is not to be returned before that.
#pragma once

#include "triaged/base/json.hpp"
#include "triaged/base/text.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace triaged::provider {

class JsonArray {
 public:
  explicit JsonArray(std::string& out) : out_(out) { out_.push_back('['); }
  ~JsonArray() { out_.push_back(']'); }
  JsonArray(const JsonArray&) = delete;
  JsonArray& operator=(const JsonArray&) = delete;

  // Where the next element is to be appended.
  std::string& element() {
    if (!first_) out_.push_back(',');
    first_ = false;
    return out_;
  }
  bool empty() const { return first_; }

 private:
  std::string& out_;
  bool first_ = true;
};

class JsonObject {
 public:
  explicit JsonObject(std::string& out) : out_(out) { out_.push_back('{'); }
  ~JsonObject() { out_.push_back('}'); }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;

  // Where the member's value is to be appended. Names are our own and need no escapes.
  std::string& member(std::string_view name) {
    out_.append(first_ ? "\"" : ",\"").append(name).append("\":");
    first_ = false;
    return out_;
  }
  void json(std::string_view name, std::string_view value) { member(name).append(value); }
  void json_if(std::string_view name, std::string_view value) {
    if (!value.empty()) json(name, value);
  }
  void number(std::string_view name, std::int64_t value) { member(name).append(std::to_string(value)); }
  void string(std::string_view name, const JsonString& value) {
    member(name).append("\"").append(value.raw).append("\"");
  }
  void string_if(std::string_view name, const JsonString& value) {
    if (!value.empty()) string(name, value);
  }
  void plain(std::string_view name, std::string_view value) { append_json_string(member(name), value); }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace triaged::provider
