// The model files of a configuration, or the built-in ones.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/routing/classifier.hpp"
#include "triaged/routing/estimates.hpp"

#include <memory>
#include <string>

namespace triaged::app {

Result<std::unique_ptr<routing::Classifier>> load_classifier(const config::TaskClassifier& settings);
Result<std::shared_ptr<const routing::EstimateModel>> load_estimates(const std::string& path);  // empty: built in

}  // namespace triaged::app
