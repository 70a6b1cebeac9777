// triaged explain: what would be decided for a prompt, and why. Nothing is sent.
#include "triaged/api/codec.hpp"
#include "triaged/base/text.hpp"
#include "triaged/routing/llm_task.hpp"
#include "triaged/routing/plan.hpp"

#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/decider.hpp"
#include "app/files.hpp"

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <ostream>
#include <string>

namespace triaged::app {
namespace {

struct Options {
  std::string prompt;
  std::string config;
  std::string model = "auto";
  std::string request_file;
  bool json = false;
};

std::string request_body(const Options& options) {
  if (options.request_file == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  if (!options.request_file.empty()) {
    std::ifstream file(options.request_file, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + options.request_file);
    return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  std::string body = "{\"model\":";
  append_json_string(body, options.model);
  body += ",\"messages\":[{\"role\":\"user\",\"content\":";
  append_json_string(body, options.prompt);
  body += "}]}";
  return body;
}

// The classifier that is asked over the network is not asked here: the decision may be another in a running daemon.
void tell_of_llm(const routing::Plan& plan, const config::Settings& settings, std::ostream& out) {
  const auto& llm = settings.routing.classifier.llm;
  if (!llm) return;
  out << "LLM         " << (routing::asks_llm(plan, settings) ? "would be asked" : "would not be asked")
      << " for the task by a running daemon (tier " << settings.tiers[llm->tier].name << "); explain sends nothing\n";
}

// Nor is the embedder.
void tell_of_embedder(const routing::Plan& plan, const config::Settings& settings, std::ostream& out) {
  const auto& upstream = settings.routing.semantic.upstream;
  if (!upstream) return;
  out << "embedder    " << upstream->name << (routing::routes_matter(plan, settings) ? " would" : " would not")
      << " be asked which route is near by a running daemon; explain compares with the built-in one\n";
}

int explain(const Options& options) {
  if (options.prompt.empty() && options.request_file.empty()) {
    std::cerr << "triaged explain: give a prompt, or --request FILE with a whole request\n";
    return 2;
  }
  const Read read = read_configuration(options.config);
  if (!told_problems(read)) return 1;
  const config::Settings& settings = *read.loaded.settings;
  std::string body = request_body(options);
  body.reserve(body.size() + 64);
  api::Decoder decoder;
  const Result<chat::Request> request = decoder.decode(chat::Dialect::openai_chat, body);
  if (!request) {
    std::cerr << "triaged explain: " << request.error().detail << '\n';
    return 1;
  }
  const Result<ledger::PriceBook> prices = load_prices(settings.ledger);
  if (!prices) return failed("explain", prices.error());
  const Result<std::unique_ptr<Decider>> decider = Decider::load(settings, *prices);
  if (!decider) return failed("explain", decider.error());
  routing::Hints hints;
  hints.detail = true;
  const Result<routing::Plan> plan = routing::make_plan(*request, settings, (*decider)->brain(), {}, hints);
  if (!plan) {
    std::cerr << "triaged explain: " << plan.error().detail << '\n';
    return 1;
  }
  std::cout << (options.json ? routing::plan_json(*plan, settings) : routing::plan_text(*plan, settings)) << '\n';
  std::ostream& notes = options.json ? std::cerr : std::cout;
  tell_of_llm(*plan, settings, notes);
  tell_of_embedder(*plan, settings, notes);
  return 0;
}

}  // namespace

void add_explain(CLI::App& parser, Command& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      parser.add_subcommand("explain", "show what would be decided for a prompt, and why; nothing is sent");
  command->add_option("PROMPT", options->prompt, "the last user turn");
  command->add_option("-c,--config", options->config, "configuration file (default: built in)");
  command->add_option("-m,--model", options->model,
                      "what the client asks for: auto, tier:NAME, provider/model, a name");
  command->add_option("--request", options->request_file,
                      "a whole request body (JSON) instead of a prompt; - is standard input");
  command->add_flag("--json", options->json, "print the decision as JSON, as POST /v1/route answers");
  command->callback([options, &chosen] { chosen = [options] { return explain(*options); }; });
}

}  // namespace triaged::app
