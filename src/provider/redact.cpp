#include "provider/redact.hpp"

#include <algorithm>
#include <array>

namespace triaged::provider {
namespace {

constexpr std::size_t longest = 500;
constexpr std::size_t shortest_key = 8;  // of what follows the prefix
constexpr std::string_view mask = "***";

// How the keys of known providers begin. The fewest characters of a key that anyone prints are masked ones.
constexpr std::array<std::string_view, 10> prefixes{"sk-",  "gsk_",   "xai-", "AIza", "pplx-",
                                                    "csk-", "nvapi-", "hf_",  "r8_",  "Bearer "};

bool in_key(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '*' || c == '.';
}

// Size of the key that begins at `text`, its prefix in `prefix`; 0 if there is none.
std::size_t key_size(std::string_view text, std::string_view& prefix) {
  for (const std::string_view candidate : prefixes) {
    if (!text.starts_with(candidate)) continue;
    std::size_t size = candidate.size();
    while (size < text.size() && in_key(text[size])) ++size;
    while (size > candidate.size() && text[size - 1] == '.') --size;  // the end of a sentence
    if (size - candidate.size() < shortest_key) continue;
    prefix = candidate;
    return size;
  }
  return 0;
}

std::string mask_keys(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const bool word_begins = at == 0 || !in_key(text[at - 1]);
    std::string_view prefix;
    const std::size_t size = word_begins ? key_size(text.substr(at), prefix) : 0;
    if (size == 0) {
      out.push_back(text[at++]);
      continue;
    }
    out.append(prefix).append(mask);
    at += size;
  }
  return out;
}

void replace_all(std::string& text, std::string_view what) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + mask.size())) {
    text.replace(at, what.size(), mask);
  }
}

}  // namespace

std::string redact(std::string_view text, std::span<const std::string> secrets) {
  std::string out(text.substr(0, 8 * longest));
  for (const std::string& secret : secrets) {
    if (!secret.empty()) replace_all(out, secret);
  }
  out = mask_keys(out);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  if (out.size() <= longest) return out;
  std::size_t size = longest;
  while (size != 0 && (static_cast<unsigned char>(out[size]) & 0xC0U) == 0x80U) --size;
  out.resize(size);
  return out;
}

}  // namespace triaged::provider
