// The rows of `providers`.
#include "config/schema.hpp"

namespace triaged::config {

namespace {

constexpr double day = 86400;

const Section& provider_tls_section() {
  static const Section section{
      "providers.NAME.tls",
      "How an `https` provider is verified.",
      {
          key<&Provider::tls_verify>("verify", Type::boolean,
                                     "Whether its certificate is checked. Switch it off for experiments only."),
          key<&Provider::tls_ca_file>("ca", Type::text,
                                      "A PEM file with further authorities to trust, relative to this file."),
          key<&Provider::tls_server_name>("server_name", Type::text, "The name asked for and verified.")
              .by_default("the host of `base_url`"),
      },
      blank<Provider>};
  return section;
}

const Section& aws_section() {
  static const Section section{
      "providers.NAME.aws",
      "Amazon's credentials: requests to Bedrock are signed with them (SigV4).",
      {
          key<&Aws::region>("region", Type::text, "The region of the endpoint.").by_default("from `base_url`"),
          key<&Aws::access_key_id>("access_key_id", Type::text, "The key's public part.").by_default("none"),
          key<&Aws::secret_access_key>("secret_access_key", Type::secret, "Its secret part.")
              .optional_secret()
              .by_default("none"),
          key<&Aws::session_token>("session_token", Type::secret, "Of temporary credentials.")
              .optional_secret()
              .by_default("none"),
      },
      blank<Aws>};
  return section;
}

const Section& compression_section() {
  static const Section section{
      "providers.NAME.compression",
      "What is packed on the way to a provider and back. An answer that comes packed (gzip, br, zstd, deflate) is "
      "always "
      "taken.",
      {
          key<&ProviderCompression::requests>("requests", Type::choice,
                                              "How request bodies are packed. Few providers take it; worth it for "
                                              "servers of your own that are far away.")
              .one_of({"none", "gzip", "zstd"}),
          key<&ProviderCompression::answers>("answers", Type::boolean,
                                             "Whether packed answers are asked for. Left off, because it is the "
                                             "provider's choice then whether it holds events back to pack them "
                                             "better."),
      },
      blank<ProviderCompression>};
  return section;
}

const Section& health_section() {
  static const Section section{
      "providers.NAME.health",
      "Asking a provider whether it is there, besides watching what it makes of requests. A check that fails takes its "
      "targets out, one that succeeds lets them back.",
      {
          key<&HealthCheck::path>("path", Type::text,
                                  "What is asked for with GET, below `base_url`; any status below 500 is a success.")
              .by_default("none: nothing is asked")
              .like("/models")
              .matching("^/"),
          key<&HealthCheck::interval>("interval", Type::duration, "How often.").between(0.1, 3600),
          key<&HealthCheck::timeout>("timeout", Type::duration, "How long an answer is waited for.").between(0.01, 60),
      },
      blank<HealthCheck>};
  return section;
}

}  // namespace

const Section& provider_clocks_section() {
  static const Section section{
      "providers.NAME.clocks",
      "The five clocks of one attempt, and how fast a stream must be. `0` is no limit.",
      {
          key<&Clocks::connect>("connect", Type::duration, "Until connected, name look-up and TLS included.")
              .between(0, day),
          key<&Clocks::head>("head", Type::duration, "From the request sent to the head of the response.")
              .between(0, day),
          key<&Clocks::first_content>("first_content", Type::duration,
                                      "From the request sent to the first content of its answer.")
              .between(0, day),
          key<&Clocks::idle>("idle", Type::duration, "Between two pieces of an answer.").between(0, day),
          key<&Clocks::total>("total", Type::duration, "The whole attempt.").between(0, day),
          key<&Clocks::min_rate>("min_rate", Type::number,
                                 "Tokens a second that a stream must bring, on average over each `rate_window` after "
                                 "its first content. One that drips slower counts as stopped.")
              .between(0, 1'000'000),
          key<&Clocks::rate_window>("rate_window", Type::duration, "What `min_rate` is measured over.")
              .between(0.1, day),
      },
      blank<Clocks>};
  return section;
}

const Section& simulation_section() {
  static const Section section{
      "providers.NAME.simulation",
      "How the simulated provider behaves. Every answer of it says that it is simulated.",
      {
          key<&Simulation::seed>("seed", Type::integer, "Same seed, model and prompt: same answer.")
              .between(0, 9007199254740991),
          key<&Simulation::first_token>("first_token", Type::duration, "How long the first token takes.")
              .between(0, 3600),
          key<&Simulation::tokens_per_second>("tokens_per_second", Type::number, "How fast the rest follows.")
              .between(0.01, 1'000'000),
          key<&Simulation::time_scale>("time_scale", Type::number, "Multiplies every wait; `0` waits for nothing.")
              .between(0, 100),
      },
      blank<Simulation>};
  return section;
}

namespace {

// Which API it speaks, and who asks.
std::vector<Key> api_keys_of_provider() {
  return {
      key<&Provider::dialect>("dialect", Type::choice,
                              "`openai`: an OpenAI-compatible HTTP API. `anthropic`: Anthropic's Messages. `gemini`: "
                              "Google's generateContent. `bedrock`: Amazon's Converse. `simulated`: built in, no "
                              "network, no key, no cost.")
          .one_of({"openai", "simulated", "anthropic", "gemini", "bedrock"}),
      key<&Provider::profile>("profile", Type::choice,
                              "Whose variant of the dialect it speaks: decides which members are left out or renamed "
                              "for it.")
          .one_of({"auto", "generic", "openai", "azure", "mistral", "deepseek", "groq", "xai", "openrouter", "vllm",
                   "ollama", "llamacpp", "vertex"})
          .by_default("by the host of `base_url`, else `generic`"),
      key<&Provider::native>("native", Type::texts,
                             "Further dialects of clients that it speaks itself and gets untouched: `responses`, "
                             "`completions`.")
          .by_default("`responses` for OpenAI and Azure; `completions` for vLLM and llama.cpp"),
      key<&Provider::on_unsupported>("on_unsupported", Type::choice,
                                     "What a client asked for and a target cannot be told: `drop` leaves it out and "
                                     "names it in the header `x-triaged-dropped`; `refuse` asks another target, and "
                                     "answers 400 where there is none.")
          .one_of({"drop", "refuse"}),
      key<&Provider::base_url>("base_url", Type::text, "Where its API begins, version included.")
          .by_default("needed, but for `simulated`")
          .like("https://api.openai.com/v1")
          .matching("^[Hh][Tt][Tt][Pp][Ss]?://"),
      key<&Provider::api_key>("api_key", Type::secret, "The key sent to it.").optional_secret().by_default("none"),
      key<&Provider::more_api_keys>("more_api_keys", Type::secrets,
                                    "Further keys, taken in turn with `api_key`. One that is refused, used up or "
                                    "rate limited is left alone while others answer.")
          .between(0, 100)
          .by_default("none"),
      key<&Provider::auth>("auth", Type::choice,
                           "`bearer`: the key as a bearer token in `auth_header`. `header`: the bare key in "
                           "`auth_header`. `none`: no key is sent. `auto`: as the provider's dialect has it.")
          .one_of({"auto", "bearer", "header", "none"})
          .by_default("`auto` with a key, else `none`"),
      key<&Provider::auth_header>("auth_header", Type::text, "The header field that carries the key.")
          .by_default("`authorization`; `x-api-key`, `x-goog-api-key`, `api-key` where the provider has it so"),
      key<&Provider::token_file>("token_file", Type::text,
                                 "A file with a bearer token that something else keeps fresh (Vertex AI): sent in "
                                 "place of a key, and read anew every minute.")
          .by_default("none"),
      key<&Provider::token_command>("token_command", Type::texts,
                                    "A program and its arguments that print such a token, in place of a file: run at "
                                    "start, then every `token_refresh`. Without a shell.")
          .by_default("none")
          .like("[gcloud, auth, print-access-token]"),
      key<&Provider::token_refresh>("token_refresh", Type::duration,
                                    "How often `token_command` is run. Less than the token lives.")
          .between(1, 86400),
      subsection<&Provider::aws>("aws", aws_section, "Of the dialect `bedrock`."),
      key<&Provider::use>("use", Type::choice,
                          "`always`; `if_key`: left out, with its targets, while its key is not there; `if_alone`: "
                          "used only when no other provider is left.")
          .one_of({"always", "if_key", "if_alone"}),
      key<&Provider::headers>("headers", Type::pairs, "Header fields added to every request.").by_default("none"),
      key<&Provider::query>("query", Type::pairs,
                            "Query parameters appended to every path, percent-encoded where needed.")
          .by_default("none"),
      key<&Provider::chat_path>("chat_path", Type::text,
                                "The path of chat completions below `base_url`; `{model}` is replaced by the "
                                "model.")
          .matching("^/"),
      key<&Provider::forward_model>("forward_model", Type::boolean,
                                    "Whether `model` in the body is set to the target's model. Off where the path "
                                    "names it."),
  };
}

// How it is reached, and how long it may take.
std::vector<Key> connection_keys_of_provider() {
  return {
      subsection<>("tls", provider_tls_section, "How its certificate is verified."),
      key<&Provider::connections>("connections", Type::integer, "Connections to it, for each worker.")
          .between(1, 65535),
      key<&Provider::idle_connection>("idle_connection", Type::duration,
                                      "How long an idle connection is kept. Stay below what the provider allows.")
          .between(0, 3600),
      subsection<&Provider::clocks>("clocks", provider_clocks_section, "How long an attempt may take."),
      key<&Provider::on_client_gone>("on_client_gone", Type::choice,
                                     "When the client has left: `cancel` closes the connection at once, so that the "
                                     "provider stops; `drain` reads the answer on for up to `drain`, which costs what "
                                     "it costs and tells exactly how much.")
          .one_of({"cancel", "drain"}),
      key<&Provider::drain>("drain", Type::duration, "How long an answer that nobody waits for is read on.")
          .between(0.01, 600),
      key<&Provider::price_provider>("prices", Type::text, "Whose rows of the price file apply.")
          .by_default("the provider's name"),
      subsection<&Provider::compression>("compression", compression_section, "What is packed on the way."),
      subsection<&Provider::health>("health", health_section, "Asking it whether it is there."),
      subsection<&Provider::simulation>("simulation", simulation_section, "Of the dialect `simulated`."),
  };
}

std::vector<Key> provider_keys() {
  std::vector<Key> keys = api_keys_of_provider();
  const std::vector<Key> more = connection_keys_of_provider();
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

}  // namespace

const Section& provider_section() {
  static const Section section{"providers.NAME", "One provider. Its name is yours; targets are written `NAME/model`.",
                               provider_keys(), blank<Provider>};
  return section;
}

}  // namespace triaged::config
