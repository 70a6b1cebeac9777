#include "provider/openai/chunk_pattern.hpp"

#include "triaged/base/json.hpp"
#include "triaged/base/text.hpp"

#include <cstdint>

namespace triaged::provider {
namespace {

// One provider pads each chunk with a string of random length under this name, so that lengths on the wire tell
// nothing. No member that we read has such a name, so whatever stands in it changes nothing.
constexpr std::string_view padding = R"("obfuscation":")";

// A longer chunk is no usual one; it is read in full.
constexpr std::size_t longest = 4096;

// Where `part` begins in `whole`; npos if it is not a part of it.
std::size_t position_in(std::string_view whole, std::string_view part) {
  const auto begin = reinterpret_cast<std::uintptr_t>(whole.data());
  const auto at = reinterpret_cast<std::uintptr_t>(part.data());
  const bool inside = at >= begin && at - begin <= whole.size() && part.size() <= whole.size() - (at - begin);
  return inside ? at - begin : std::string_view::npos;
}

// Takes the inside of a string at the front of `rest`, up to its closing quote; npos if it holds escapes or is not
// closed.
std::size_t plain_string(std::string_view rest) {
  const std::size_t size = plain_string_length(rest);
  return size < rest.size() && rest[size] == '"' ? size : std::string_view::npos;
}

}  // namespace

bool ChunkPattern::learn(std::string_view data, std::string_view text, std::string_view model) {
  if (data.size() > longest || text.empty()) return false;
  const std::size_t begin = position_in(data, text);
  if (begin == std::string_view::npos || begin == 0 || plain_string(data.substr(begin)) != text.size()) return false;
  const std::size_t model_begin = model.empty() ? 0 : position_in(data, model);
  if (model_begin == std::string_view::npos || model_begin + model.size() > begin) return false;

  before_ = data.substr(0, begin);
  model_begin_ = model_begin;
  model_size_ = model.size();
  const std::string_view rest = data.substr(begin + text.size());
  const std::size_t found = rest.find(padding);
  const std::size_t inside = found == std::string_view::npos ? rest.size() : found + padding.size();
  const std::size_t size = plain_string(rest.substr(inside));
  padded_ = size != std::string_view::npos;
  behind_ = padded_ ? rest.substr(0, inside) : rest;
  last_ = padded_ ? rest.substr(inside + size) : std::string_view();
  return true;
}

std::optional<std::string_view> ChunkPattern::match(std::string_view data) const {
  if (before_.empty() || !data.starts_with(before_)) return std::nullopt;
  std::string_view rest = data.substr(before_.size());
  const std::size_t size = plain_string(rest);
  if (size == 0 || size == std::string_view::npos) return std::nullopt;
  const std::string_view text = rest.substr(0, size);
  rest.remove_prefix(size);
  if (!rest.starts_with(behind_)) return std::nullopt;
  rest.remove_prefix(behind_.size());
  std::size_t padding_size = 0;
  if (padded_) padding_size = plain_string(rest);
  if (padding_size == std::string_view::npos || rest.substr(padding_size) != last_) return std::nullopt;
  if (!valid_utf8(text) || !valid_utf8(rest.substr(0, padding_size))) return std::nullopt;
  return text;
}

}  // namespace triaged::provider
