#include "triaged/routing/thresholds.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace triaged::routing {

namespace {

std::string shortest(double value) {
  std::array<char, 32> text{};
  const auto [end, problem] = std::to_chars(text.data(), text.data() + text.size(), value);
  return std::string(text.data(), problem == std::errc() ? end : text.data());
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

Error bad(std::string_view origin, std::string sentence) {
  return client_error(ErrorKind::invalid_request, 400, std::string(origin) + std::move(sentence));
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || rest != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// Of the numbers, what each may be; the last is optional.
struct Limits {
  std::string_view name;
  double least;
  double most;
};
constexpr std::array limits{Limits{"rows", 1, 1e12},       Limits{"quality", 0, 1},
                            Limits{"quality_floor", 0, 1}, Limits{"gain_cutoff", -1e6, 1e6},
                            Limits{"strong_share", 0, 1},  Limits{"willingness_to_pay", 0, 1e9}};
using Numbers = std::array<std::optional<double>, limits.size()>;

std::string take(std::string_view key, std::string_view value, std::string& model, Numbers& numbers) {
  if (key == "model") {
    model = value;
    return "";
  }
  for (std::size_t i = 0; i < limits.size(); ++i) {
    if (key != limits[i].name) continue;
    numbers[i] = number(value);
    if (numbers[i] && *numbers[i] >= limits[i].least && *numbers[i] <= limits[i].most) return "";
    return std::string(key) + " is no number from " + shortest(limits[i].least) + " to " + shortest(limits[i].most);
  }
  return "\"" + std::string(key) + "\" is not known";
}

}  // namespace

std::string thresholds_yaml(const Thresholds& thresholds) {
  std::string out = "# Written by triaged calibrate; valid for this model only.\n";
  out += "model: " + thresholds.model + "\n";
  out += "rows: " + std::to_string(thresholds.rows) + "\n";
  const auto add = [&out](const char* name, double value) {
    out.append(name).append(": ").append(shortest(value)) += '\n';
  };
  add("quality", thresholds.quality);
  add("quality_floor", thresholds.quality_floor);
  add("gain_cutoff", thresholds.gain_cutoff);
  add("strong_share", thresholds.strong_share);
  if (thresholds.willingness_to_pay) add("willingness_to_pay", *thresholds.willingness_to_pay);
  return out;
}

Result<Thresholds> parse_thresholds(std::string_view yaml, const EstimateModel& model, std::string_view origin) {
  Thresholds thresholds;
  Numbers numbers;
  std::size_t line_number = 0;
  while (!yaml.empty()) {
    ++line_number;
    const std::size_t end = yaml.find('\n');
    const std::string_view line = trimmed(yaml.substr(0, end));
    yaml.remove_prefix(end == std::string_view::npos ? yaml.size() : end + 1);
    if (line.empty() || line.front() == '#') continue;
    const std::string where = ":" + std::to_string(line_number) + ": ";
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return bad(origin, where + "is not \"name: value\"");
    const std::string problem =
        take(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)), thresholds.model, numbers);
    if (!problem.empty()) return bad(origin, where + problem);
  }
  if (thresholds.model.empty()) return bad(origin, " has no \"model\": made by triaged calibrate?");
  if (thresholds.model != model.version()) {
    return bad(origin, " was calibrated for " + thresholds.model + ", but the model is " + model.version() +
                           ": run triaged calibrate with this model");
  }
  for (std::size_t i = 0; i + 1 < limits.size(); ++i) {
    if (!numbers[i]) return bad(origin, " has no \"" + std::string(limits[i].name) + "\"");
  }
  thresholds.rows = static_cast<std::size_t>(*numbers[0]);
  thresholds.quality = *numbers[1];
  thresholds.quality_floor = *numbers[2];
  thresholds.gain_cutoff = *numbers[3];
  thresholds.strong_share = *numbers[4];
  thresholds.willingness_to_pay = numbers[5];
  return thresholds;
}

}  // namespace triaged::routing
