// The definition table as Markdown: one table for each section, in the order of the file.
#include "triaged/base/text.hpp"
#include "triaged/config/load.hpp"

#include "config/convert.hpp"
#include "config/schema.hpp"

#include <algorithm>
#include <vector>

namespace triaged::config {

namespace {

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

// As GitHub makes them from headings: letters, digits, '-' and '_' stay.
std::string anchor(std::string_view title) {
  std::string out;
  for (const char c : to_lower(title)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_') out += c;
    if (c == ' ') out += '-';
  }
  return out;
}

std::string link(const Section& section) { return "[" + code(section.title) + "](#" + anchor(section.title) + ")"; }

std::string range(const Key& key) {
  if (key.min == key.max) return code(written_limit(key.min, key.type));
  return code(written_limit(key.min, key.type)) + " to " + code(written_limit(key.max, key.type));
}

std::string choices(const Key& key) {
  std::string out;
  for (const std::string_view choice : key.choices) out += (out.empty() ? "" : ", ") + code(choice);
  return out;
}

std::string type_text(const Key& key) {
  switch (key.type) {
    case Type::boolean: return "`true` or `false`";
    case Type::integer: return "whole number, " + range(key);
    case Type::number: return "number, " + range(key);
    case Type::bytes: return "size, " + range(key);
    case Type::tokens: return "tokens, up to " + code(written_limit(key.max, key.type));
    case Type::duration: return "duration, " + range(key);
    case Type::choice: return choices(key);
    case Type::secret: return "secret";
    case Type::address: return "address";
    case Type::texts: return key.choices.empty() ? "text or list" : "one or a list of " + choices(key);
    case Type::secrets: return "secret or list";
    case Type::pairs: return "mapping of names to text";
    case Type::section: return link(key.section());
    case Type::sections: return "list of " + link(key.section());
    case Type::named: return "mapping of names to " + link(key.section());
    case Type::text: return "text";
  }
  return {};
}

std::string default_text(const Key& key, const void* blank_object) {
  if (key.required) return "*needed*";
  if (!key.default_note.empty()) return std::string(key.default_note);
  if (key.read == nullptr) return "";
  const std::string text = written(key.read(blank_object), key.type, key);
  return text.empty() ? "none" : code(text);
}

std::string meaning(const Key& key) {
  std::string out(key.meaning);
  if (key.example.empty()) return out;
  // The example of a range is a list of quoted ones already.
  return out + " For example " + (key.example.front() == '"' ? std::string(key.example) : code(key.example)) + ".";
}

void append_section(const Section& section, std::vector<const Section*>& done, std::string& out) {
  if (std::find(done.begin(), done.end(), &section) != done.end()) return;
  done.push_back(&section);
  const bool whole = &section == &document_section();
  out += "### " + (whole ? std::string(section.title) : code(section.title)) + "\n\n" + std::string(section.meaning);
  out += "\n\n| Key | Type | Default | Meaning |\n| --- | --- | --- | --- |\n";
  for (const Key& key : section.keys) {
    out += "| " + code(key.name) + " | " + type_text(key) + " | " + default_text(key, section.blank()) + " | " +
           meaning(key) + " |\n";
  }
  out += "\n";
  for (const Key& key : section.keys) {
    if (key.section != nullptr) append_section(key.section(), done, out);
  }
}

}  // namespace

std::string reference_markdown() {
  std::string out;
  std::vector<const Section*> done;
  append_section(document_section(), done, out);
  return out;
}

}  // namespace triaged::config
