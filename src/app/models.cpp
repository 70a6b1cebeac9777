#include "app/models.hpp"

#include "triaged/base/embedded.hpp"
#include "triaged/routing/task_model.hpp"

#include "app/files.hpp"

#include <string>
#include <utility>

namespace triaged::app {

Result<std::unique_ptr<routing::Classifier>> load_classifier(const config::TaskClassifier& settings) {
  std::string bytes;
  std::string_view model = embedded_task_model();
  std::string_view origin = "the built-in task model";
  if (!settings.model_file.empty()) {
    Result<std::string> read = read_file(settings.model_file);
    if (!read) return read.error();
    bytes = std::move(*read);
    model = bytes;
    origin = settings.model_file;
  }
  Result<std::shared_ptr<const routing::TaskModel>> decoded = routing::TaskModel::decode(model, origin);
  if (!decoded) return decoded.error();
  return routing::make_trained_classifier(std::move(*decoded));
}

Result<std::shared_ptr<const routing::EstimateModel>> load_estimates(const std::string& path) {
  if (path.empty()) return routing::EstimateModel::decode(embedded_outcome_model(), "the built-in outcome model");
  const Result<std::string> bytes = read_file(path);
  if (!bytes) return bytes.error();
  return routing::EstimateModel::decode(*bytes, path);
}

}  // namespace triaged::app
