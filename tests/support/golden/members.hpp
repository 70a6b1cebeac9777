// How a struct's members become an object's and come back: both directions go through one list of them,
//   void members(auto& visit, Either<chat::Media> auto& media) { visit("url", media.url); ... }
// where a visitor is one of the two classes here.
#pragma once

#include "triaged/chat/conversation.hpp"

#include "support/golden/names.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <concepts>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace triaged::test {

using Json = nlohmann::ordered_json;

template <class Given, class Wanted>
concept Either = std::same_as<std::remove_const_t<Given>, Wanted>;

template <class Value>
concept Plain = std::integral<Value> || std::same_as<Value, std::string>;

// Writes the members that say something: those that have their usual value are left out.
class MembersOut {
 public:
  explicit MembersOut(Json& object) : object_(object) {}

  template <class Value>
  void operator()(const char* name, const Value& value, const Value& usual = Value()) {
    Json written = json_of(value);
    if (written != json_of(usual)) object_[name] = std::move(written);
  }
  void operator()(const char* name, chat::JsonText text) {
    if (!text.empty()) object_[name] = json_of(text);
  }
  template <class Value>
  void always(const char* name, const Value& value) {
    object_[name] = json_of(value);
  }

  template <class Value>
  static Json json_of(const Value& value) {
    if constexpr (std::is_enum_v<Value>) {
      return std::string(name_of(value));
    } else if constexpr (Plain<Value>) {
      return value;
    } else {
      return object_of(value);
    }
  }
  static Json json_of(const JsonString& string) { return string.resolved(); }
  static Json json_of(chat::JsonText text) { return text.empty() ? Json() : Json::parse(text); }
  template <Either<chat::Part> Part>
  static Json json_of(const Part& part) {
    const Json object = object_of(part);
    const bool only_text = part.kind == chat::PartKind::text && object.size() == object.count("text") + 1;
    return only_text ? json_of(part.text) : object;
  }
  template <class Value>
  static Json json_of(const std::optional<Value>& value) {
    return value ? json_of(*value) : Json();
  }
  template <class Value>
  static Json json_of(const std::vector<Value>& list) {
    Json array = Json::array();
    for (const Value& each : list) array.push_back(json_of(each));
    return array;
  }
  static Json json_of(const std::vector<chat::Member>& list) {
    Json object = Json::object();
    for (const chat::Member& each : list) object[each.name.resolved()] = json_of(each.value);
    return object;
  }
  static Json json_of(const std::pair<std::string_view, std::string_view>& pair) {
    return Json::array({std::string(pair.first), std::string(pair.second)});
  }

 private:
  template <class Struct>
  static Json object_of(const Struct& value) {
    Json object = Json::object();
    MembersOut visit(object);
    members(visit, value);
    return object;
  }

  Json& object_;
};

// Sets every member: to what the object says, or else to what is usual. `owner` keeps the strings.
class MembersIn {
 public:
  MembersIn(const Json& object, chat::Conversation& owner) : object_(object), owner_(owner) {}

  template <class Value>
  void operator()(const char* name, Value& value, const Value& usual = Value()) {
    known_.emplace_back(name);
    value = usual;
    if (object_.contains(name)) read(object_.at(name), value);
  }
  template <class Value>
  void always(const char* name, Value& value) {
    (*this)(name, value);
  }

  template <class Value>
  void read(const Json& from, Value& value) {
    if constexpr (std::is_enum_v<Value>) {
      value = value_of<Value>(from.get<std::string>());
    } else if constexpr (Plain<Value>) {
      value = from.get<Value>();
    } else {
      read_members(from, value);
    }
  }
  void read(const Json& from, JsonString& string) { string = owner_.keep(from.get<std::string>()); }
  void read(const Json& from, chat::JsonText& text) { text = owner_.keep_json(from.dump()); }
  template <Either<chat::Part> Part>
  void read(const Json& from, Part& part) {
    if (from.is_string()) return read(from, part.text);
    read_members(from, part);
  }
  template <class Value>
  void read(const Json& from, std::optional<Value>& value) {
    read(from, value.emplace());
  }
  template <class Value>
  void read(const Json& from, std::vector<Value>& list) {
    for (const Json& each : from) read(each, list.emplace_back());
  }
  void read(const Json& from, std::vector<chat::Member>& list) {
    for (const auto& item : from.items()) {
      chat::Member& member = list.emplace_back();
      member.name = owner_.keep(item.key());
      read(item.value(), member.value);
    }
  }
  void read(const Json& from, std::pair<std::string_view, std::string_view>& pair) {
    pair = {owner_.keep_json(from.at(0).get<std::string>()), owner_.keep_json(from.at(1).get<std::string>())};
  }

 private:
  template <class Struct>
  void read_members(const Json& from, Struct& value) {
    MembersIn visit(from, owner_);
    members(visit, value);
    visit.expect_no_more();
  }
  // Throws if the object has a member that nobody asked for: a slip of the pen must not go unnoticed.
  void expect_no_more() const {
    for (const auto& item : object_.items()) {
      if (std::find(known_.begin(), known_.end(), item.key()) != known_.end()) continue;
      throw std::invalid_argument("no such member: " + item.key() + " in " + object_.dump());
    }
  }

  const Json& object_;
  chat::Conversation& owner_;
  std::vector<std::string> known_;
};

}  // namespace triaged::test
