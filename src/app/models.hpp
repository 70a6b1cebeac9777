// The model files of a configuration, or the built-in ones.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/routing/classifier.hpp"

#include <memory>

namespace triaged::app {

Result<std::unique_ptr<routing::Classifier>> load_classifier(const config::TaskClassifier& settings);

}  // namespace triaged::app
