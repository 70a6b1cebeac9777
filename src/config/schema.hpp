// The definition table: every key of the file once, with type, limits, meaning and the member it fills. Reading,
// checking, the JSON schema, the reference and the hash all walk this table; defaults are those of the structs
// themselves.
#pragma once

#include "config/entries.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace triaged::config {

enum class Type : std::uint8_t {
  boolean,
  integer,
  bytes,
  tokens,
  number,
  duration,
  text,
  choice,
  secret,
  address,
  texts,     // a list, or a single one
  secrets,   // a list, or a single one
  pairs,     // a mapping of free names to text
  section,   // a mapping of known keys
  sections,  // a list of such mappings
  named,     // a mapping of free names to such mappings
};

using Pairs = std::vector<std::pair<std::string, std::string>>;
using Texts = std::vector<std::string>;
using Secrets = std::vector<Secret>;
// std::monostate: not given, and no default.
using Value = std::variant<std::monostate, bool, std::int64_t, double, Duration, std::string, Secret, Address, Texts,
                           Secrets, Pairs>;

struct Section;

struct Key {
  std::string_view name;
  Type type = Type::text;
  std::string_view meaning;
  std::string_view default_note;  // in words, where the struct's own default does not say it
  double min = 0;                 // integers, bytes, tokens, numbers; seconds for durations; elements of lists
  double max = 0;
  std::string_view pattern;  // of a text, for the JSON schema
  std::string_view example;  // how a value is written, for messages and the reference
  std::vector<std::string_view> choices;
  bool required = false;
  bool may_be_missing = false;  // a secret whose variable may be unset: the checks decide

  // Values: how they get into an object and out of it.
  void (*store)(void* object, Value&& value) = nullptr;
  Value (*read)(const void* object) = nullptr;

  // Sections: what they describe. `open` is the place to read into; of a list, a new element at its end.
  const Section& (*section)() = nullptr;
  void* (*open)(void* object, std::string_view name) = nullptr;
  std::size_t (*count)(const void* object) = nullptr;
  const void* (*at)(const void* object, std::size_t index) = nullptr;
  std::string_view (*name_at)(const void* object, std::size_t index) = nullptr;

  Key between(double low, double high) const {
    Key key = *this;
    key.min = low;
    key.max = high;
    return key;
  }
  Key by_default(std::string_view words) const {
    Key key = *this;
    key.default_note = words;
    return key;
  }
  Key needed() const {
    Key key = *this;
    key.required = true;
    return key;
  }
  Key optional_secret() const {
    Key key = *this;
    key.may_be_missing = true;
    return key;
  }
  Key one_of(std::vector<std::string_view> words) const {
    Key key = *this;
    key.choices = std::move(words);
    return key;
  }
  Key like(std::string_view written) const {
    Key key = *this;
    key.example = written;
    return key;
  }
  Key matching(std::string_view regex) const {
    Key key = *this;
    key.pattern = regex;
    return key;
  }
};

struct Section {
  std::string_view title;  // of its table in the reference
  std::string_view meaning;
  std::vector<Key> keys;
  const void* (*blank)() = nullptr;  // an object with every default
  std::string_view shorthand = {};   // the key that a plain scalar stands for; "" none

  const Key* find(std::string_view name) const;
};

const Section& document_section();
const Section& server_section();
const Section& provider_section();
const Section& provider_clocks_section();
const Section& simulation_section();
const Section& tier_section();
const Section& target_section();
const Section& routing_section();
const Section& rule_section();
const Section& task_classifier_section();
const Section& cost_aware_section();
const Section& conversations_section();
const Section& semantic_section();
const Section& past_section();
const Section& semantic_route_section();
const Section& upstream_embedder_section();
const Section& llm_classifier_section();
const Section& retry_section();
const Section& breaker_section();
const Section& balance_section();
const Section& hedge_section();
const Section& streams_section();
const Section& passthrough_section();
const Section& quality_section();
const Section& ledger_section();
const Section& log_section();

// The names of the task types, as the routing table spells them.
const std::vector<std::string_view>& task_names();

namespace detail {

template <class M>
struct Member;
template <class O, class T>
struct Member<T O::*> {
  using Object = O;
  using Field = T;
};

template <auto First, auto... Rest>
struct Path {
  using Object = typename Member<decltype(First)>::Object;
  static auto& in(Object& object) {
    if constexpr (sizeof...(Rest) == 0) {
      return object.*First;
    } else {
      return Path<Rest...>::in(object.*First);
    }
  }
};

template <class T>
void assign(T& field, Value&& value) {
  if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, double> || std::is_same_v<T, std::int64_t>) {
    field = std::get<T>(value);
  } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
    field = static_cast<T>(std::get<std::int64_t>(value));
  } else if constexpr (std::is_same_v<T, std::optional<Duration>> || std::is_same_v<T, std::optional<double>>) {
    field = std::get<typename T::value_type>(value);
  } else {
    field = std::get<T>(std::move(value));
  }
}

template <class T>
Value value_of(const T& field) {
  if constexpr (std::is_same_v<T, bool>) {
    return Value(std::in_place_type<bool>, field);
  } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
    return Value(static_cast<std::int64_t>(field));
  } else if constexpr (std::is_same_v<T, std::optional<Duration>> || std::is_same_v<T, std::optional<double>>) {
    return field ? Value(*field) : Value();
  } else {
    return Value(field);
  }
}

template <class P>
void store(void* object, Value&& value) {
  assign(P::in(*static_cast<typename P::Object*>(object)), std::move(value));
}

template <class P>
Value read(const void* object) {
  // The path is written once, for mutable objects; nothing is changed here.
  return value_of(P::in(*static_cast<typename P::Object*>(const_cast<void*>(object))));
}

template <class P>
void* open(void* object, std::string_view /*name*/) {
  return &P::in(*static_cast<typename P::Object*>(object));
}

template <class P>
const void* same(const void* object, std::size_t /*index*/) {
  return &P::in(*static_cast<typename P::Object*>(const_cast<void*>(object)));
}

template <class P>
void* append(void* object, std::string_view name) {
  auto& list = P::in(*static_cast<typename P::Object*>(object));
  auto& element = list.emplace_back();
  if constexpr (requires { element.name; }) element.name = name;
  return &element;
}

template <class P>
std::size_t count(const void* object) {
  return P::in(*static_cast<typename P::Object*>(const_cast<void*>(object))).size();
}

template <class P>
const void* element(const void* object, std::size_t index) {
  return &P::in(*static_cast<typename P::Object*>(const_cast<void*>(object)))[index];
}

template <class P>
std::string_view name_of(const void* object, std::size_t index) {
  return P::in(*static_cast<typename P::Object*>(const_cast<void*>(object)))[index].name;
}

}  // namespace detail

// The rows of the table. `Members` is the way from the section's object to the field.
template <auto... Members>
Key key(std::string_view name, Type type, std::string_view meaning) {
  Key out;
  out.name = name;
  out.type = type;
  out.meaning = meaning;
  out.store = &detail::store<detail::Path<Members...>>;
  out.read = &detail::read<detail::Path<Members...>>;
  return out;
}

template <auto... Members>
Key subsection(std::string_view name, const Section& (*section)(), std::string_view meaning) {
  Key out;
  out.name = name;
  out.type = Type::section;
  out.meaning = meaning;
  out.section = section;
  if constexpr (sizeof...(Members) == 0) {  // keys of the same object, grouped
    out.open = [](void* object, std::string_view) { return object; };
    out.at = [](const void* object, std::size_t) { return object; };
  } else {
    out.open = &detail::open<detail::Path<Members...>>;
    out.at = &detail::same<detail::Path<Members...>>;
  }
  out.count = [](const void*) { return std::size_t{1}; };
  return out;
}

template <auto... Members>
Key list_of(std::string_view name, Type type, const Section& (*section)(), std::string_view meaning) {
  Key out;
  out.name = name;
  out.type = type;
  out.meaning = meaning;
  out.section = section;
  out.open = &detail::append<detail::Path<Members...>>;
  out.count = &detail::count<detail::Path<Members...>>;
  out.at = &detail::element<detail::Path<Members...>>;
  if (type == Type::named) {
    if constexpr (requires(typename detail::Path<Members...>::Object & object) {
                    detail::Path<Members...>::in(object)[0].name;
                  }) {
      out.name_at = &detail::name_of<detail::Path<Members...>>;
    }
  }
  return out;
}

template <class T>
const void* blank() {
  static const T object{};
  return &object;
}

}  // namespace triaged::config
