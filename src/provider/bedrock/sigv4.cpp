#include "provider/bedrock/sigv4.hpp"

#include "triaged/base/text.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <utility>

namespace triaged::provider {
namespace {

constexpr std::size_t hash_size = 32;
constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view last_scope = "aws4_request";

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back(digits[byte >> 4U]);
    out.push_back(digits[byte & 0xFU]);
  }
  return out;
}

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string hmac(std::string_view key, std::string_view text) {
  std::string out(hash_size, '\0');
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), octets(text), text.size(),
       reinterpret_cast<unsigned char*>(out.data()), &size);
  return out;
}

// Segments "." and ".." are resolved and empty ones left out, as the receiver does.
std::string normal_path(std::string_view path) {
  std::vector<std::string_view> kept;
  for (const std::string_view segment : split(path, '/')) {
    if (segment.empty() || segment == ".") continue;
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else {
      kept.push_back(segment);
    }
  }
  std::string out;
  for (const std::string_view segment : kept) out.append("/").append(segment);
  if (out.empty() || (path.size() > 1 && path.ends_with('/'))) out.push_back('/');
  return out;
}

// The path as sent, encoded once more: what is encoded already is encoded twice then, which is the rule for every
// service but S3.
std::string canonical_path(std::string_view path) {
  std::string out;
  bool first = true;
  const std::string normal = normal_path(path);
  for (const std::string_view segment : split(normal, '/')) {
    if (!std::exchange(first, false)) out.push_back('/');
    append_percent_encoded(out, segment);
  }
  return out;
}

// By name, then by value, both encoded.
std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const std::string_view parameter : split(query, '&')) {
    if (parameter.empty()) continue;
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    auto& [name, value] = parameters.emplace_back();
    append_percent_encoded(name, percent_decoded(parameter.substr(0, equals)));
    append_percent_encoded(value, percent_decoded(parameter.substr(std::min(equals + 1, parameter.size()))));
  }
  std::sort(parameters.begin(), parameters.end());
  std::string out;
  for (const auto& [name, value] : parameters) {
    out.append(out.empty() ? "" : "&").append(name).append("=").append(value);
  }
  return out;
}

// Without white space at either end, and with one space for any within.
std::string canonical_value(std::string_view value) {
  std::string out;
  for (const char c : trim(value)) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!space) {
      out.push_back(c);
    } else if (out.back() != ' ') {
      out.push_back(' ');
    }
  }
  return out;
}

std::string_view date_of(std::string_view time) { return time.substr(0, 8); }

std::string scope_of(const AwsCredentials& credentials, std::string_view time) {
  std::string scope(date_of(time));
  for (const std::string_view part : {credentials.region, credentials.service, last_scope}) {
    scope.append("/").append(part);
  }
  return scope;
}

// The day's key for a region and a service.
std::string signing_key(const AwsCredentials& credentials, std::string_view time) {
  std::string key = "AWS4" + std::string(credentials.secret_access_key);
  for (const std::string_view part : {date_of(time), credentials.region, credentials.service, last_scope}) {
    key = hmac(key, part);
  }
  return key;
}

}  // namespace

std::string sha256_hex(const std::vector<std::string_view>& pieces) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::string hash(hash_size, '\0');
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  for (const std::string_view piece : pieces) EVP_DigestUpdate(context.get(), piece.data(), piece.size());
  EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(hash.data()), nullptr);
  return hex(hash);
}

std::string aws_time(WallTime now) {
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(now - day));
  std::array<char, 32> text{};
  const int size = std::snprintf(text.data(), text.size(), "%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                                 static_cast<int>(time.seconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string aws_authorization(const AwsCredentials& credentials, const AwsRequest& request, std::string_view time) {
  std::map<std::string, std::string> fields;  // by name; values of one name in their order
  for (const auto& [name, value] : request.fields) {
    std::string& all = fields[to_lower(name)];
    all.append(all.empty() ? "" : ",").append(canonical_value(value));
  }
  const std::size_t question = std::min(request.target.find('?'), request.target.size());
  std::string canonical(request.method);
  canonical.append("\n").append(canonical_path(request.target.substr(0, question))).append("\n");
  canonical.append(canonical_query(request.target.substr(std::min(question + 1, request.target.size())))).append("\n");
  std::string names;
  for (const auto& [name, value] : fields) {
    canonical.append(name).append(":").append(value).append("\n");
    names.append(names.empty() ? "" : ";").append(name);
  }
  canonical.append("\n").append(names).append("\n").append(request.body_hash);

  const std::string scope = scope_of(credentials, time);
  std::string text(algorithm);
  text.append("\n").append(time).append("\n").append(scope).append("\n").append(sha256_hex({canonical}));
  std::string out(algorithm);
  out.append(" Credential=").append(credentials.access_key_id).append("/").append(scope);
  out.append(", SignedHeaders=").append(names);
  out.append(", Signature=").append(hex(hmac(signing_key(credentials, time), text)));
  return out;
}

}  // namespace triaged::provider
