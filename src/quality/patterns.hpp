// The regular expressions of a gate and what else it measures of the text itself.
#pragma once

#include "triaged/config/quality.hpp"
#include "triaged/quality/checks.hpp"

#include <memory>
#include <optional>
#include <re2/re2.h>
#include <string>
#include <vector>

namespace triaged::quality {

class Patterns {
 public:
  explicit Patterns(const config::Gate& gate);

  // min_length, required, must_match, must_not_match, min_confidence. An answer that is all tool calls is no text.
  std::optional<Finding> look(const Given& given) const;

 private:
  struct Pattern {
    std::string text;
    std::unique_ptr<RE2> expression;
    bool is_in(const std::string& answer) const { return RE2::PartialMatch(answer, *expression); }
  };
  static std::vector<Pattern> compiled(const std::vector<std::string>& texts, bool literal);
  std::optional<Finding> look_at_whole(const Given& given) const;

  std::int64_t min_length_;
  double min_confidence_;
  std::vector<Pattern> required_;
  std::vector<Pattern> must_match_;
  std::vector<Pattern> must_not_match_;
};

}  // namespace triaged::quality
