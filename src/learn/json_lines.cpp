#include "learn/json_lines.hpp"

#include "triaged/base/json.hpp"
#include "triaged/learn/task_report.hpp"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>

namespace triaged::learn {

namespace {

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
  void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
      text += digits[digest[i] >> 4U];
      text += digits[digest[i] & 15U];
    }
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

// Read before it is parsed: that bounds how deep it is nested.
nlohmann::json value_of(std::string_view line, std::string& problem) {
  constexpr std::uint32_t most_nested = 64;
  JsonReader reader(line, most_nested);
  reader.skip();
  nlohmann::json value(nlohmann::json::value_t::discarded);
  if (reader.at_end()) value = nlohmann::json::parse(line, nullptr, false);
  if (value.is_discarded()) problem = "is not JSON in UTF-8";
  if (reader.problem() != nullptr) problem.append(": ").append(reader.problem());
  return value;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  Sha256 sum;
  sum.add(bytes);
  return sum.hex();
}

Result<std::string> for_each_json_line(const std::string& path, const TakeLine& each) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return client_error(ErrorKind::invalid_request, 400, path + ": cannot be read");
  Sha256 sum;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    sum.add(line);
    sum.add("\n");
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string where = path + ":" + std::to_string(number) + ": ";
    std::string problem;
    const nlohmann::json value = value_of(line, problem);
    if (!problem.empty()) return client_error(ErrorKind::invalid_request, 400, where + problem);
    const Result<void> taken = each(value, number);
    if (!taken) return client_error(ErrorKind::invalid_request, 400, where + taken.error().detail);
  }
  if (file.bad()) return client_error(ErrorKind::storage, 500, path + ": reading failed");
  return sum.hex();
}

std::uint64_t stable_hash(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = 0xCBF29CE484222325U ^ (seed * 0x9E3779B97F4A7C15U);  // FNV-1a, then a finaliser
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  hash = (hash ^ (hash >> 33U)) * 0xFF51AFD7ED558CCDU;
  hash = (hash ^ (hash >> 33U)) * 0xC4CEB9FE1A85EC53U;
  return hash ^ (hash >> 33U);
}

}  // namespace triaged::learn
