#include "config/report.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace triaged::config {

namespace {

constexpr std::size_t max_problems = 100;
constexpr std::size_t max_shown = 60;

}  // namespace

std::string element(std::string_view list, std::size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (out.size() >= max_shown) {
      // Never cut inside a UTF-8 sequence.
      while (i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) out += text[i++];
      if (i < text.size()) out += "...";
      break;
    }
    const auto byte = static_cast<unsigned char>(text[i]);
    out += byte < 0x20 || byte == 0x7f ? '?' : text[i];
  }
  return out;
}

void Report::error(const std::string& path, std::string message, std::string suggestion) {
  failed_.insert(path);
  error_at(find_mark(path), path, std::move(message), std::move(suggestion));
}

void Report::warning(const std::string& path, std::string message, std::string suggestion) {
  const Mark mark = find_mark(path);
  add(Problem{false, mark.line, mark.column, path, std::move(message), std::move(suggestion)});
}

void Report::error_at(Mark mark, std::string key, std::string message, std::string suggestion) {
  fatal_ = true;
  add(Problem{true, mark.line, mark.column, std::move(key), std::move(message), std::move(suggestion)});
}

void Report::add(Problem problem) {
  if (problems_.size() >= max_problems) {
    ++left_out_;
    return;
  }
  problems_.push_back(std::move(problem));
}

std::string Report::quoted(const std::string& path, std::string_view text) const {
  if (expanded(path)) return "the value from the environment";
  return "'" + printable(text) + "'";
}

Mark Report::find_mark(std::string path) const {
  while (true) {
    const auto found = marks_.find(path);
    if (found != marks_.end()) return found->second;
    if (path.empty()) return Mark{};
    const std::size_t cut = path.find_last_of(".[");
    path.resize(cut == std::string::npos ? 0 : cut);
  }
}

std::vector<Problem> Report::take() {
  std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  if (left_out_ > 0) {
    problems_.push_back(
        Problem{fatal_, 0, 0, "", "and " + std::to_string(left_out_) + " more problems", "mend these first"});
  }
  return std::move(problems_);
}

std::string format(const Problem& problem, std::string_view file_name) {
  std::string out(file_name);
  if (problem.line > 0) {
    out += ":" + std::to_string(problem.line);
    if (problem.column > 0) out += ":" + std::to_string(problem.column);
  }
  out += problem.fatal ? ": error: " : ": warning: ";
  if (!problem.key.empty()) out += problem.key + ": ";
  out += problem.message;
  if (!problem.suggestion.empty()) out += " (" + problem.suggestion + ")";
  return out;
}

}  // namespace triaged::config
