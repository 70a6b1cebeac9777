#include "triaged/wire/headers.hpp"

#include "triaged/base/text.hpp"

#include <algorithm>
#include <array>

namespace triaged::wire {

void Headers::clear() {
  text_.clear();
  fields_.clear();
}

void Headers::add(std::string_view name, std::string_view value) {
  const Slot slot{static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                  static_cast<std::uint32_t>(value.size())};
  text_.append(name).append(value);
  fields_.push_back(slot);
}

Headers::Field Headers::operator[](std::size_t index) const {
  const Slot& slot = fields_[index];
  const std::string_view text(text_);
  return {text.substr(slot.begin, slot.name_size), text.substr(slot.begin + slot.name_size, slot.value_size)};
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].name_size != name.size()) continue;
    const Field field = (*this)[i];
    if (iequals(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
  std::size_t found = 0;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].name_size == name.size() && iequals((*this)[i].name, name)) ++found;
  }
  return found;
}

bool is_hop_by_hop(std::string_view name) {
  static constexpr std::array<std::string_view, 9> names = {
      "Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Content-Length", "Host", "Expect",
  };
  static constexpr std::string_view proxy = "Proxy-";
  if (iequals(name.substr(0, proxy.size()), proxy)) return true;
  return std::any_of(names.begin(), names.end(), [name](std::string_view known) { return iequals(known, name); });
}

bool named_in_connection(const Headers& headers, std::string_view name) {
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const Headers::Field field = headers[i];
    if (!iequals(field.name, "Connection")) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      if (iequals(trim(rest.substr(0, comma)), name)) return true;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return false;
}

}  // namespace triaged::wire
