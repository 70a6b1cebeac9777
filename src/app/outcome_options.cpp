#include "app/outcome_options.hpp"

#include "app/models.hpp"

#include <charconv>
#include <cstdio>

namespace triaged::app {

void add_pair(CLI::App& command, PairOptions& options) {
  command
      .add_option("--strong", options.strong,
                  "the strong model; of several, each file is judged by the first it knows, and trained on their mean")
      ->required();
  command.add_option("--weak", options.weak, "the weak model, likewise")->required();
  command.add_option("--classifier", options.classifier, "the task classifier's model file (default: built in)");
}

Result<std::unique_ptr<routing::Classifier>> load_classifier_file(const std::string& path) {
  config::TaskClassifier settings;
  settings.model_file = path;
  return load_classifier(settings);
}

Result<Labels> parse_labels(const std::string& text) {
  const std::size_t at = text.rfind('=');
  Labels labels;
  if (at != std::string::npos) {
    const char* const end = text.data() + text.size();
    const auto [rest, problem] = std::from_chars(text.data() + at + 1, end, labels.count);
    labels.path = text.substr(0, at);
    if (problem == std::errc() && rest == end && labels.count > 0 && !labels.path.empty()) return labels;
  }
  return client_error(ErrorKind::invalid_request, 400,
                      "--labels " + text + " is not FILE=N with a number of rows: \"own.jsonl=500\"");
}

void Stopwatch::operator()(std::string_view line) const {
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - started_;
  std::fprintf(stderr, "[%5.1f s] %.*s\n", passed.count(), static_cast<int>(line.size()), line.data());
}

}  // namespace triaged::app
