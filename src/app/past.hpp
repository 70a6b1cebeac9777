// The past prompts of a configuration.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/routing/past_prompts.hpp"

#include <memory>
#include <string>

namespace triaged::app {

constexpr std::string_view past_key = "routing.semantic.past.files";

struct Past {
  std::shared_ptr<const routing::PastPrompts> prompts;
  std::string note;     // how much of the files is of use
  std::string warning;  // "": something is
};

// Reads the files and makes the vectors. Errors name file and line.
Result<Past> load_past(const config::Past& past, const config::Settings& settings);

}  // namespace triaged::app
