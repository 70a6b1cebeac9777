// triaged eval semantic: routes by example, with the built-in embedder, a table in a file or an embedding model at a
// provider.
#include "triaged/learn/semantic_evaluation.hpp"
#include "triaged/routing/embedder.hpp"

#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/files.hpp"
#include "app/upstream_vectors.hpp"

#include <iostream>
#include <memory>
#include <string>

namespace triaged::app {
namespace {

struct Options {
  std::string file;
  std::string field = "sub";
  std::string model;
  std::string config;
  learn::SemanticTrial trial;
  bool json = false;
};

int eval_semantic(const Options& options) {
  const auto data = learn::read_labelled_texts(options.file, options.field);
  if (!data) return failed("eval semantic", data.error());
  Result<std::shared_ptr<const routing::Embedder>> embedder = routing::built_in_embedder();
  if (!options.model.empty()) embedder = routing::load_embedder(options.model);
  if (!options.config.empty()) {
    const Read read = read_configuration(options.config);
    if (!told_problems(read)) return 1;
    embedder = fetch_vectors(read.loaded.settings, data->texts);
  }
  if (!embedder) return failed("eval semantic", embedder.error());
  const auto progress = [](std::string_view line) { std::cerr << line << '\n'; };
  const auto figures = learn::evaluate_semantic(*data, *embedder, options.trial, progress);
  if (!figures) return failed("eval semantic", figures.error());
  std::cout << (options.json ? semantic_json(*data, *figures, options.trial, **embedder)
                             : semantic_text(*data, *figures, options.trial, **embedder));
  return 0;
}

}  // namespace

void add_eval_semantic(CLI::App& eval, Command& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = eval.add_subcommand("semantic", "routes by example: accuracy, and the threshold to use");
  command->add_option("FILE", options->file, "JSON lines with \"text\" and a class")->required();
  command->add_option("--field", options->field, "the member that names the class")->capture_default_str();
  command->add_option("--examples", options->trial.examples, "examples of each class")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command->add_option("--rounds", options->trial.rounds, "how often, with other examples each")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  command->add_option("--seed", options->trial.seed, "chooses the examples")->capture_default_str();
  command->add_option("--precision", options->trial.precision, "share of matches that the threshold shall make right")
      ->capture_default_str()
      ->check(CLI::Range(0.01, 1.0));
  CLI::Option* const model =
      command->add_option("--model", options->model, "a table of embeddings in a file (default: built in)");
  command
      ->add_option("-c,--config", options->config,
                   "a configuration: the model of its routing.semantic.upstream is asked for the vectors")
      ->excludes(model);
  command->add_flag("--json", options->json, "print the figures as JSON");
  command->callback([options, &chosen] { chosen = [options] { return eval_semantic(*options); }; });
}

}  // namespace triaged::app
