// ${NAME}, ${NAME:-default} and $$ inside scalars. Pure but for the look-up handed in.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::config {

using FindVariable = std::function<std::optional<std::string>(const std::string& name)>;

struct Expanded {
  std::string text;
  bool substituted = false;  // something came from the environment or a default
  std::string missing;       // the first variable that is not set and has no default
  std::string fault;         // what is wrong with the notation
};

Expanded expand(std::string_view text, const FindVariable& find);

}  // namespace triaged::config
