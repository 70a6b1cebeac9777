#include "triaged/base/model_name.hpp"

namespace triaged {
namespace {

bool all_digits(std::string_view text) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return !text.empty();
}

// "-2024-08-06"
bool ends_in_dashed_date(std::string_view model) {
  if (model.size() <= 11) return false;
  const std::string_view tail = model.substr(model.size() - 11);
  return tail[0] == '-' && all_digits(tail.substr(1, 4)) && tail[5] == '-' && all_digits(tail.substr(6, 2)) &&
         tail[8] == '-' && all_digits(tail.substr(9, 2));
}

}  // namespace

std::string_view without_version(std::string_view model) {
  constexpr std::string_view latest = "-latest";
  if (model.size() > latest.size() && model.ends_with(latest)) return model.substr(0, model.size() - latest.size());
  if (ends_in_dashed_date(model)) return model.substr(0, model.size() - 11);
  const std::size_t mark = model.find_last_of("@+");
  if (mark != std::string_view::npos && mark > 0) return model.substr(0, mark);
  const std::size_t dash = model.rfind('-');
  if (dash == std::string_view::npos || dash == 0) return model;
  const std::string_view tail = model.substr(dash + 1);
  const bool compact_date = tail.size() == 8 && (tail.starts_with("20") || tail.starts_with("19"));
  const bool version = tail.size() == 3 && tail.front() == '0';
  return all_digits(tail) && (compact_date || version) ? model.substr(0, dash) : model;
}

}  // namespace triaged
