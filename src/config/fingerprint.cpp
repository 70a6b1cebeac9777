#include "config/fingerprint.hpp"

#include "config/schema.hpp"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <string_view>
#include <variant>

namespace triaged::config {

namespace {

using nlohmann::json;

std::string join(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + "." + std::string(name);
}

std::string_view presence(const Secret& secret) { return secret.set() ? "set" : ""; }

// Header fields and query parameters from the environment are taken for secrets.
json dump_pairs(const Pairs& pairs, const std::string& path, const Report& report) {
  json out = json::array();
  for (const auto& [name, value] : pairs) {
    out.push_back({name, report.expanded(join(path, printable(name))) ? "secret" : value});
  }
  return out;
}

json dump_value(const Value& value, const std::string& path, const Report& report) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* duration = std::get_if<Duration>(&value)) return duration->count();
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* secret = std::get_if<Secret>(&value)) return presence(*secret);
  if (const auto* address = std::get_if<Address>(&value)) return {address->host, address->port};
  if (const auto* texts = std::get_if<Texts>(&value)) return *texts;
  if (const auto* secrets = std::get_if<Secrets>(&value)) return secrets->size();
  if (const auto* pairs = std::get_if<Pairs>(&value)) return dump_pairs(*pairs, path, report);
  return nullptr;
}

json dump_section(const Section& section, const void* object, const std::string& path, const Report& report) {
  json out = json::object();
  for (const Key& key : section.keys) {
    const std::string key_path = join(path, key.name);
    json& place = out[std::string(key.name)];
    if (key.read != nullptr) {
      place = dump_value(key.read(object), key_path, report);
      continue;
    }
    for (std::size_t i = 0; i < key.count(object); ++i) {
      std::string name;  // of a single section: none
      if (key.type == Type::named) name = key.name_at(object, i);
      if (key.type == Type::sections) name = "[" + std::to_string(i) + "]";
      json element = dump_section(key.section(), key.at(object, i), join(key_path, printable(name)), report);
      place.push_back(json::array({name, std::move(element)}));
    }
  }
  return out;
}

std::string sha256_prefix(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) return {};
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < 6; ++i) {
    out += digits[digest.at(i) >> 4U];
    out += digits[digest.at(i) & 0xFU];
  }
  return out;
}

}  // namespace

std::string effective_json(const Document& document, const Report& report) {
  const json whole = dump_section(document_section(), &document, "", report);
  return whole.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string fingerprint(const std::string& effective) { return sha256_prefix(effective); }

}  // namespace triaged::config
