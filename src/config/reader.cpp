#include "config/reader.hpp"

#include "triaged/base/text.hpp"

#include "config/convert.hpp"
#include "config/expand.hpp"
#include "config/values.hpp"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

namespace triaged::config {

namespace {

std::string join(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + "." + std::string(name);
}

std::string_view describe(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::null: return "nothing";
    case Node::Kind::scalar: return "a single value";
    case Node::Kind::sequence: return "a list";
    case Node::Kind::mapping: return "a mapping";
  }
  return "";
}

std::string expected(std::string_view what, Node::Kind found) {
  return "expected " + std::string(what) + ", found " + std::string(describe(found));
}

constexpr std::string_view file_scheme = "file:";

}  // namespace

std::string resolve_path(const std::string& directory, const std::string& path) {
  if (path.empty() || path.front() == '/' || directory.empty()) return path;
  return directory + (directory.back() == '/' ? "" : "/") + path;
}

void Reader::read(const Node& root, Document& document) {
  report_.place("", root.mark);
  if (root.kind != Node::Kind::mapping) {
    const bool empty = root.kind == Node::Kind::null;
    report_.error("",
                  empty ? "the file is empty" : "the file is " + std::string(describe(root.kind)) + ", not a mapping",
                  "start from `triaged.yaml`: it needs at least `providers` and `tiers`");
    return;
  }
  read_section(root, document_section(), &document, "");
}

void Reader::read_section(const Node& node, const Section& section, void* object, const std::string& path) {
  if (node.kind == Node::Kind::scalar && !section.shorthand.empty()) {
    const Key& key = *section.find(section.shorthand);
    report_.place(join(path, key.name), node.mark);
    read_key(node, key, object, join(path, key.name));
    return;
  }
  if (node.kind != Node::Kind::mapping && node.kind != Node::Kind::null) {
    report_.error(path, expected("a mapping", node.kind));
    return;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const KeyText& name = node.keys[i];
    const Key* key = section.find(name.text);
    if (key == nullptr) {
      report_unknown(name, section, path);
      continue;
    }
    const std::string key_path = join(path, key->name);
    report_.place(key_path, name.mark);
    read_key(node.items[i], *key, object, key_path);
  }
  for (const Key& key : section.keys) {
    if (!key.required || node.find(key.name) != nullptr) continue;
    report_.error(join(path, key.name), "is needed",
                  key.example.empty() ? std::string() : "for example " + std::string(key.example));
  }
}

void Reader::report_unknown(const KeyText& key, const Section& section, const std::string& path) {
  std::vector<std::string_view> names;
  std::string all;
  for (const Key& known : section.keys) {
    names.push_back(known.name);
    all += (all.empty() ? "" : ", ") + std::string(known.name);
  }
  const std::string_view near = nearest(key.text, names);
  report_.error_at(key.mark, join(path, printable(key.text)), "unknown key",
                   near.empty() ? "known here: " + all : "did you mean '" + std::string(near) + "'?");
}

void Reader::read_key(const Node& node, const Key& key, void* object, const std::string& path) {
  switch (key.type) {
    case Type::section: return read_section(node, key.section(), key.open(object, {}), path);
    case Type::sections: return read_elements(node, key, object, path);
    case Type::named: return read_named(node, key, object, path);
    default: break;
  }
  std::optional<Value> value = convert(node, key, path);
  if (value) key.store(object, std::move(*value));
}

bool Reader::too_many(const Node& node, const Key& key, const std::string& path) {
  if (static_cast<double>(node.items.size()) <= key.max) return false;
  report_.error(path, "has more than " + written_limit(key.max, Type::integer) + " elements");
  return true;
}

void Reader::read_elements(const Node& node, const Key& key, void* object, const std::string& path) {
  if (node.kind == Node::Kind::null) return;
  if (node.kind != Node::Kind::sequence) {
    report_.error(path, expected("a list", node.kind), "begin each element with '- '");
    return;
  }
  if (too_many(node, key, path)) return;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string item = element(path, i);
    report_.place(item, node.items[i].mark);
    void* place = key.open(object, {});  // even for a bad element, so that indices stay those of the file
    if (node.items[i].kind == Node::Kind::null) {
      report_.error(item, "this element of the list is empty");
      continue;
    }
    read_section(node.items[i], key.section(), place, item);
  }
}

void Reader::read_named(const Node& node, const Key& key, void* object, const std::string& path) {
  if (node.kind == Node::Kind::null) return;
  if (node.kind != Node::Kind::mapping) {
    report_.error(path, expected("a mapping from names to settings", node.kind));
    return;
  }
  if (too_many(node, key, path)) return;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const KeyText& name = node.keys[i];
    const std::string element = join(path, printable(name.text));
    report_.place(element, name.mark);
    if (!is_name(name.text)) {
      report_.error(element, "is no name", "use letters, digits, '-', '_' and '.', at most 64, no '/'");
    }
    read_section(node.items[i], key.section(), key.open(object, name.text), element);
  }
}

// A scalar with its variables filled in.
std::optional<Reader::Text> Reader::read_text(const Node& node, const std::string& path, bool may_be_missing) {
  if (node.kind == Node::Kind::null) {
    report_.error(path, "has no value", "give it one, or remove the key");
    return std::nullopt;
  }
  if (node.kind != Node::Kind::scalar) {
    report_.error(path, expected("a single value", node.kind));
    return std::nullopt;
  }
  Expanded expanded = expand(node.text, sources_.environment);
  if (expanded.substituted) report_.mark_expanded(path);
  if (!expanded.fault.empty()) {
    report_.error(path, std::move(expanded.fault));
    return std::nullopt;
  }
  if (expanded.missing.empty()) return Text{std::move(expanded.text)};
  std::string why = "the environment variable " + expanded.missing + " is not set";
  if (may_be_missing) {
    missing_[path] = std::move(why);
    return Text{{}, true};
  }
  report_.error(path, std::move(why), "set it, or give a default: ${" + expanded.missing + ":-default}");
  return std::nullopt;
}

std::optional<Reader::Text> Reader::read_secret(const Node& node, const Key& key, const std::string& path) {
  std::optional<Text> text = read_text(node, path, key.may_be_missing);
  if (!text || text->absent) return text;
  if (text->value.compare(0, file_scheme.size(), file_scheme) == 0) {
    const std::string file = resolve_path(directory_, text->value.substr(file_scheme.size()));
    std::optional<std::string> content = sources_.file ? sources_.file(file) : std::nullopt;
    if (!content && key.may_be_missing) {
      missing_[path] = "its file cannot be read";
      return Text{{}, true};
    }
    if (!content) {
      report_.error(path, "the file with this secret cannot be read", "check that it exists and may be read");
      return std::nullopt;
    }
    text->value = trim(*content);
    report_.mark_expanded(path);
  }
  if (has_control(text->value)) {
    report_.error(path, "holds a control character or a line break", "a key is one line of plain text");
    return std::nullopt;
  }
  if (text->value.empty() && key.may_be_missing) missing_[path] = "it is empty";
  return text;
}

std::optional<Value> Reader::convert(const Node& node, const Key& key, const std::string& path) {
  if (key.type == Type::texts || key.type == Type::secrets) return convert_list(node, key, path);
  if (key.type == Type::pairs) return convert_pairs(node, path);
  if (key.type == Type::secret) {
    std::optional<Text> secret = read_secret(node, key, path);
    if (!secret) return std::nullopt;
    return Value(Secret{std::move(secret->value)});
  }
  const std::optional<Text> text = read_text(node, path);
  if (!text) return std::nullopt;
  std::variant<Value, Fault> converted = convert_scalar(text->value, key);
  if (auto* fault = std::get_if<Fault>(&converted)) {
    if (report_.expanded(path)) fault->suggestion.clear();  // it may repeat the value
    report_.error(path, report_.quoted(path, text->value) + " " + fault->message, std::move(fault->suggestion));
    return std::nullopt;
  }
  return std::get<Value>(std::move(converted));
}

// A list of texts or secrets, or a single one. Elements that come out empty are dropped, so that a variable may be
// unset.
std::optional<Value> Reader::convert_list(const Node& node, const Key& key, const std::string& path) {
  if (node.kind == Node::Kind::mapping) {
    report_.error(path, expected("a list", node.kind));
    return std::nullopt;
  }
  Texts texts;
  Secrets secrets;
  const auto add = [&](const Node& item, const std::string& item_path) {
    std::optional<Text> text =
        key.type == Type::secrets ? read_secret(item, key, item_path) : read_text(item, item_path);
    if (!text) return;
    if (text->value.empty()) {
      if (!report_.expanded(item_path)) report_.error(item_path, "is empty");
      return;
    }
    if (!key.choices.empty() && std::find(key.choices.begin(), key.choices.end(), text->value) == key.choices.end()) {
      Key choice = key;
      choice.type = Type::choice;
      Fault fault = std::get<Fault>(convert_scalar(text->value, choice));
      if (report_.expanded(item_path)) fault.suggestion.clear();
      report_.error(item_path, report_.quoted(item_path, text->value) + " " + fault.message, fault.suggestion);
      return;
    }
    if (key.type == Type::secrets) secrets.push_back(Secret{std::move(text->value)});
    if (key.type == Type::texts) texts.push_back(std::move(text->value));
  };
  if (node.kind == Node::Kind::scalar) add(node, path);
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    report_.place(element(path, i), node.items[i].mark);
    add(node.items[i], element(path, i));
  }
  if (key.type == Type::secrets) return Value(std::move(secrets));
  return Value(std::move(texts));
}

std::optional<Value> Reader::convert_pairs(const Node& node, const std::string& path) {
  if (node.kind == Node::Kind::null) return Value(Pairs{});
  if (node.kind != Node::Kind::mapping) {
    report_.error(path, expected("a mapping", node.kind));
    return std::nullopt;
  }
  Pairs pairs;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string item_path = join(path, printable(node.keys[i].text));
    report_.place(item_path, node.keys[i].mark);
    std::optional<Text> text = read_text(node.items[i], item_path);
    if (text) pairs.emplace_back(node.keys[i].text, std::move(text->value));
  }
  return Value(std::move(pairs));
}

}  // namespace triaged::config
