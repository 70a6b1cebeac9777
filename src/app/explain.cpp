// triaged explain: what would be decided for a prompt, and why. Nothing is sent.
#include "triaged/api/codec.hpp"
#include "triaged/base/text.hpp"
#include "triaged/chat/paths.hpp"
#include "triaged/learn/past_outcomes.hpp"
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
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::app {
namespace {

struct Options {
  std::string prompt;
  std::string config;
  std::string model = "auto";
  std::string request_file;
  std::string path = "/v1/chat/completions";
  std::string key;
  std::vector<std::string> headers;
  std::vector<std::string> metadata;
  bool json = false;
};

using Pair = std::pair<std::string_view, std::string_view>;

// "name=value" or "name: value".
Pair pair_in(std::string_view text) {
  const std::size_t at = text.find_first_of("=:");
  if (at == std::string_view::npos) throw std::runtime_error("'" + std::string(text) + "' is no NAME=VALUE");
  return {trim(text.substr(0, at)), trim(text.substr(at + 1))};
}

// Where a request comes in: what is written behind /v1/route is only decided there, as here.
std::string_view place_of(std::string_view path) {
  constexpr std::string_view route = "/route/";
  const std::string_view bare = chat::without_version(path);
  return bare.starts_with(route) ? bare.substr(route.size() - 1) : path;
}

// As a request that came in there would have.
routing::Origin origin_of(const Options& options, const config::Routing& settings) {
  routing::Origin origin;
  origin.path = place_of(options.path);
  origin.key = options.key;
  for (const std::string& header : options.headers) {
    const auto [name, value] = pair_in(header);
    for (const std::string& wanted : settings.rule_headers) {
      if (iequals(name, wanted)) origin.headers.emplace_back(wanted, value);
    }
  }
  return origin;
}

std::string standard_input() {
  return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
}

std::string request_body(const Options& options) {
  if (options.request_file == "-") return standard_input();
  if (!options.request_file.empty()) {
    std::ifstream file(options.request_file, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + options.request_file);
    return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  std::string body = "{\"model\":";
  append_json_string(body, options.model);
  body += ",\"messages\":[{\"role\":\"user\",\"content\":";
  append_json_string(body, options.prompt == "-" ? standard_input() : options.prompt);
  body += "}],\"metadata\":{";
  for (std::size_t i = 0; i < options.metadata.size(); ++i) {
    const auto [name, value] = pair_in(options.metadata[i]);
    if (i > 0) body += ',';
    append_json_string(body, name);
    body += ':';
    append_json_string(body, value);
  }
  body += "}}";
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

// As much of a text as fits a line, cut between characters.
std::string_view beginning_of(std::string_view text) {
  constexpr std::size_t longest = 100;
  if (text.size() <= longest) return text;
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

// The beginnings of the nearest past prompts: they are read again, here only.
void tell_of_neighbours(const routing::Plan& plan, const config::Settings& settings, std::ostream& out) {
  constexpr std::size_t shown = 5;
  if (!plan.past || plan.past->neighbours.empty()) return;
  const auto no_tiers = [](std::string_view) { return std::vector<std::size_t>(); };
  const auto past = learn::read_past_outcomes(settings.routing.semantic.past->files, 0, no_tiers);
  if (!past) return;
  std::string_view label = "their texts";
  for (std::size_t i = 0; i < plan.past->neighbours.size() && i < shown; ++i) {
    const routing::PastNeighbour& neighbour = plan.past->neighbours[i];
    if (neighbour.row >= past->rows.size()) return;
    std::string text;
    append_json_string(text, beginning_of(past->rows[neighbour.row].text));
    out << label << std::string(label.empty() ? 12 : 1, ' ') << neighbour.id << ": " << text << '\n';
    label = "";
  }
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
  const std::string_view place = place_of(options.path);
  const chat::RoutedPath* const at = chat::find_routed_path(place);
  if (at == nullptr && chat::without_version(place) != "/route") {
    std::cerr << "triaged explain: no request to " << options.path << " is routed\n";
    return 2;
  }
  api::Decoder decoder;
  // A prompt is no body of a dialect: only a row of the table may ask where it came in.
  const bool chat_body = options.request_file.empty() || at == nullptr;
  const chat::Dialect dialect = chat_body ? chat::Dialect::openai_chat : at->dialect;
  const Result<chat::Request> request = decoder.decode(dialect, body);
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
  const routing::Origin origin = origin_of(options, settings.routing);
  const Result<routing::Plan> plan = routing::make_plan(*request, settings, (*decider)->brain(), origin, hints);
  if (!plan) {
    std::cerr << "triaged explain: " << plan.error().detail << '\n';
    return 1;
  }
  std::cout << (options.json ? routing::plan_json(*plan, settings) : routing::plan_text(*plan, settings)) << '\n';
  std::ostream& notes = options.json ? std::cerr : std::cout;
  if (!options.json) tell_of_neighbours(*plan, settings, std::cout);
  tell_of_llm(*plan, settings, notes);
  tell_of_embedder(*plan, settings, notes);
  return 0;
}

}  // namespace

void add_explain(CLI::App& parser, Command& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      parser.add_subcommand("explain", "show what would be decided for a prompt, and why; nothing is sent");
  command->add_option("PROMPT", options->prompt, "the last user turn; - is standard input");
  command->add_option("-c,--config", options->config, "configuration file (default: built in)");
  command->add_option("-m,--model", options->model,
                      "what the client asks for: auto, tier:NAME, provider/model, a name");
  command->add_option("--request", options->request_file,
                      "a whole request body (JSON) instead of a prompt; - is standard input");
  command
      ->add_option("--path", options->path,
                   "where it comes in, for rows of the table that ask for it, and the dialect of --request")
      ->capture_default_str();
  command
      ->add_option("--header", options->headers, "a header field, NAME=VALUE, for rows that ask for one; several times")
      ->allow_extra_args(false);
  command->add_option("--metadata", options->metadata, "a member of a prompt's metadata, NAME=VALUE; several times")
      ->allow_extra_args(false);
  command->add_option("--key", options->key, "the fingerprint of the client's key (key-1a2b3c4d)");
  command->add_flag("--json", options->json, "print the decision as JSON, as POST /v1/route answers");
  command->callback([options, &chosen] { chosen = [options] { return explain(*options); }; });
}

}  // namespace triaged::app
