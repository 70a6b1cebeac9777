// triaged calibrate: thresholds from labelled outcomes, tied to the model they are for.
#include "triaged/learn/calibration.hpp"

#include "app/commands.hpp"
#include "app/files.hpp"
#include "app/models.hpp"
#include "app/outcome_options.hpp"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace triaged::app {
namespace {

struct Options {
  std::vector<std::string> files;
  PairOptions pair;
  std::string model;
  learn::CalibrationOptions calibration;
  double extra_cost = 0;
  std::string out;
  std::string check;
};

int check(const Options& options, const routing::EstimateModel& model) {
  const Result<std::string> text = read_file(options.check);
  if (!text) return failed("calibrate", text.error());
  const Result<routing::Thresholds> thresholds = routing::parse_thresholds(*text, model, options.check);
  if (!thresholds) return failed("calibrate", thresholds.error());
  std::cout << options.check << " belongs to " << model.version() << "\n";
  return 0;
}

int calibrate(const Options& options) {
  const auto model = load_estimates(options.model);
  if (!model) return failed("calibrate", model.error());
  if (!options.check.empty()) return check(options, **model);
  const auto classifier = load_classifier_file(options.pair.classifier);
  if (!classifier) return failed("calibrate", classifier.error());
  const Result<learn::OutcomeData> data = learn::read_outcomes(options.files, **classifier);
  if (!data) return failed("calibrate", data.error());
  const Result<std::vector<learn::Pair>> pairs = learn::pairs_of(*data, options.pair.strong, options.pair.weak);
  if (!pairs) return failed("calibrate", pairs.error());
  learn::CalibrationOptions calibration = options.calibration;
  if (options.extra_cost > 0) calibration.extra_cost = options.extra_cost;
  const Result<routing::Thresholds> found = learn::calibrate(*data, *pairs, **model, calibration);
  if (!found) return failed("calibrate", found.error());
  const std::string yaml = routing::thresholds_yaml(*found);
  if (!options.out.empty()) {
    if (const Result<void> written = write_file(options.out, yaml); !written) {
      return failed("calibrate", written.error());
    }
  }
  std::cout << yaml;
  return 0;
}

}  // namespace

void add_calibrate(CLI::App& parser, Command& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = parser.add_subcommand("calibrate", "find thresholds for an outcome model from labelled outcomes");
  CLI::Option* files = command->add_option("FILE", options->files, "outcomes of both models (JSON lines)");
  CLI::Option* strong = command->add_option("--strong", options->pair.strong, "the strong model");
  CLI::Option* weak = command->add_option("--weak", options->pair.weak, "the weak model");
  command->add_option("--classifier", options->pair.classifier, "the task classifier's file (default: built in)");
  command->add_option("--model", options->model, "the outcome model's file (default: built in)");
  command->add_option("--quality", options->calibration.quality, "share of the strong model's quality to keep")
      ->check(CLI::Range(0.01, 1.0))
      ->capture_default_str();
  command
      ->add_option("--extra-cost", options->extra_cost,
                   "dollars that a strong answer costs more: also finds willingness_to_pay")
      ->check(CLI::PositiveNumber);
  command->add_option("-o,--out", options->out, "write the thresholds here as well (YAML)");
  CLI::Option* check_option =
      command->add_option("--check", options->check, "only tell whether this file of thresholds belongs to the model");
  command->callback([options, files, strong, weak, check_option, &chosen] {
    const bool complete = files->count() > 0 && strong->count() > 0 && weak->count() > 0;
    if (check_option->count() == 0 && !complete) throw CLI::RequiredError("FILE, --strong and --weak");
    chosen = [options] { return calibrate(*options); };
  });
}

}  // namespace triaged::app
