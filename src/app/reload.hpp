// What a reload may change and what it may not.
#pragma once

#include "triaged/app/daemon.hpp"
#include "triaged/config/settings.hpp"

#include <memory>

namespace triaged::app {

struct Merged {
  std::shared_ptr<const config::Settings> settings;  // `wanted`, but for what only a restart can change
  Reloaded report;
};
Merged merge(const config::Settings& running, const config::Settings& wanted);

}  // namespace triaged::app
