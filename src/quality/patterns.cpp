#include "quality/patterns.hpp"

#include "triaged/base/json.hpp"

#include "quality/words.hpp"

namespace triaged::quality {

namespace {

// A mean over fewer tokens says little: "The" may be one of many good beginnings. Four characters are a token.
constexpr std::size_t confidence_needs_bytes = 64;

}  // namespace

std::vector<Patterns::Pattern> Patterns::compiled(const std::vector<std::string>& texts, bool literal) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_literal(literal);
  options.set_case_sensitive(!literal);
  std::vector<Pattern> patterns;
  patterns.reserve(texts.size());
  for (const std::string& text : texts) patterns.push_back({text, std::make_unique<RE2>(text, options)});
  return patterns;
}

Patterns::Patterns(const config::Gate& gate)
    : min_length_(gate.min_length),
      min_confidence_(gate.min_confidence),
      required_(compiled(gate.required, true)),
      must_match_(compiled(gate.must_match, false)),
      must_not_match_(compiled(gate.must_not_match, false)) {}

std::optional<Finding> Patterns::look_at_whole(const Given& given) const {
  if (given.text.empty() && !given.tool_calls.empty()) return std::nullopt;
  if (min_length_ > 0) {
    const auto length = static_cast<std::int64_t>(utf8_length(given.text));
    if (length < min_length_) {
      return Finding{"min_length", std::to_string(length) + " characters of " + std::to_string(min_length_)};
    }
  }
  for (const Pattern& part : required_) {
    if (!part.is_in(given.text)) return Finding{"required", "lacks " + in_quotes(part.text)};
  }
  for (const Pattern& pattern : must_match_) {
    if (!pattern.is_in(given.text)) return Finding{"must_match", "no match of " + in_quotes(pattern.text)};
  }
  return std::nullopt;
}

std::optional<Finding> Patterns::look(const Given& given) const {
  for (const Pattern& pattern : must_not_match_) {
    if (pattern.is_in(given.text)) return Finding{"must_not_match", "matches " + in_quotes(pattern.text)};
  }
  const bool enough = given.whole || given.text.size() >= confidence_needs_bytes;
  if (given.confidence && *given.confidence < min_confidence_ && enough) {
    return Finding{"min_confidence", two_decimals(*given.confidence) + " is below " + two_decimals(min_confidence_)};
  }
  return given.whole ? look_at_whole(given) : std::nullopt;
}

}  // namespace triaged::quality
