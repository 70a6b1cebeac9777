// The models that decisions are timed with.
#pragma once

#include "triaged/config/load.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::bench {

// `routing` is the inside of the section, indented by two. Null when it does not load.
inline std::shared_ptr<const config::Settings> three_tiers(std::string_view routing) {
  const auto nothing = [](const std::string&) { return std::optional<std::string>(); };
  const std::string text = std::string(R"(
version: 1
providers:
  openai: {base_url: "http://127.0.0.1:9/v1", api_key: none}
tiers:
  - {name: light, targets: [openai/gpt-5.4-nano]}
  - {name: standard, targets: [openai/gpt-5.4-mini]}
  - {name: premium, targets: [openai/gpt-5.4]}
routing:
)")
                               .append(routing);
  return config::load(text, {nothing, nothing}, ".").settings;
}

}  // namespace triaged::bench
