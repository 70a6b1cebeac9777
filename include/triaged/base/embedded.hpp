// Files compiled into the binary at build time (src/embed.cmake), so that one file is enough to run.
#pragma once

#include <string_view>

namespace triaged {

std::string_view embedded_prices();  // config/prices.yaml
std::string_view embedded_config();  // config/triaged.yaml

std::string_view embedded_task_model();     // config/models/tasks.model
std::string_view embedded_outcome_model();  // config/models/outcomes.model
std::string_view embedded_embedder();       // config/models/embedder.model

}  // namespace triaged
