// The configuration as plain values, complete and checked: whoever holds a Settings may rely on every reference in it
// being resolved. Immutable after loading; shared by all workers as shared_ptr<const Settings>; a request keeps the one
// it started with. Keys, defaults, limits and their documentation stand in the schema (src/config/schema.cpp).
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/log.hpp"
#include "triaged/base/tokens.hpp"
#include "triaged/config/passthrough.hpp"
#include "triaged/config/quality.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::config {

// A secret is never printed: not in logs, errors, `check` or `/admin`.
struct Secret {
  std::string value;
  bool set() const { return !value.empty(); }
};

struct Address {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free port, printed at start-up
};

struct ServerTls {
  std::string certificate_file;  // PEM chain; empty: plain HTTP
  std::string key_file;
  bool enabled() const { return !certificate_file.empty(); }
};

struct Limits {
  std::size_t body = 32U << 20U;  // request body, bytes
  std::size_t head = 32U << 10U;  // request line and headers, bytes
  std::size_t header_count = 128;
  std::size_t connections = 20'000;  // open client connections, whole process
  std::size_t answer = 64U << 20U;   // a whole (not streamed) upstream answer, bytes
  std::size_t event = 8U << 20U;     // one SSE event of an upstream, bytes
};

struct ClientClocks {
  Duration head = std::chrono::seconds(15);        // from first byte of a request to the end of its head
  Duration body = std::chrono::seconds(60);        // to the end of its body
  Duration keep_alive = std::chrono::seconds(75);  // idle between requests
  Duration write = std::chrono::seconds(60);       // a write that makes no progress
};

struct Server {
  Address listen{"127.0.0.1", 8080};
  Address admin{"127.0.0.1", 8081};
  std::uint32_t workers = 0;  // 0: one per core
  ServerTls tls;
  Limits limits;
  ClientClocks clocks;
  bool compression = false;                   // of answers, for clients that accept it
  Duration drain = std::chrono::seconds(30);  // how long SIGTERM waits for requests in flight
  std::vector<Secret> api_keys;               // empty: no key is asked for
  Secret admin_token;                         // needed when admin is not on loopback
};

// The five clocks of one attempt. Zero: no limit.
struct Clocks {
  Duration connect = std::chrono::seconds(5);
  Duration head = std::chrono::minutes(5);  // an answer that is not streamed is thought out before its first byte
  Duration first_content = std::chrono::seconds(60);
  Duration idle = std::chrono::seconds(60);
  Duration total = std::chrono::minutes(10);
  double min_rate = 0;  // tokens per second that a stream must bring over each rate_window; 0: no limit
  Duration rate_window = std::chrono::seconds(10);
};

struct Retry {
  std::uint32_t attempts_per_target = 2;              // including the first
  std::uint32_t attempts = 6;                         // over all targets and tiers
  Duration backoff = std::chrono::milliseconds(200);  // base of exponential backoff with full jitter
  Duration backoff_max = std::chrono::seconds(5);
  Duration retry_after_max = std::chrono::seconds(10);  // a longer Retry-After moves on to the next target
  double budget = 0.15;  // further attempts that a failing target gets, for each first attempt it gets
};

struct Breaker {
  std::uint32_t failures = 5;                        // consecutive, then the target is out
  Duration cooldown = std::chrono::seconds(5);       // then one probe is let through
  Duration cooldown_max = std::chrono::seconds(30);  // doubles with each failed probe
  double failure_rate = 0.5;                         // of the attempts within `window`, then the target is out, too ...
  std::uint32_t least_attempts = 10;                 // ... if there were so many
  Duration window = std::chrono::seconds(10);
};

// How the targets of a tier share its requests.
enum class Policy : std::uint8_t {
  order,       // the first that is healthy
  weighted,    // at random, by weight
  least_busy,  // the fewest attempts in flight, by weight
  latency,     // the lower peak-EWMA of time to first content times load, of two taken at random
  usage,       // the lowest share of its own rpm and tpm used up in the last minute
  cheapest,    // the lowest price for the expected tokens
};
std::string_view name(Policy policy);

struct Balance {
  Policy policy = Policy::order;
  Duration slow_start = std::chrono::seconds(10);  // a target that comes back gets its share little by little
  double panic = 0.5;  // when more than this share of a tier is out by breakers, breakers are ignored in it; 1: never
};

// A second attempt elsewhere while the first is slow.
struct Hedge {
  bool enabled = false;
  Duration after{0};  // 0: the measured 95th percentile of the target's time to first content
  Duration least = std::chrono::milliseconds(500);  // never sooner than this
  double budget = 0.05;                             // hedges per request, over time
};

// A stream that broke after it had begun, continued by another target.
struct Rescue {
  bool enabled = false;
  std::uint32_t attempts = 2;  // targets asked to continue one answer
};

// What goes for answers on their way to the client.
struct Streams {
  Duration heartbeat = std::chrono::seconds(15);  // a comment when nothing was sent for so long; 0: none
  Rescue rescue;
};

enum class ProviderDialect : std::uint8_t { openai, simulated, anthropic, gemini, bedrock };
// Whose variant of its dialect a provider speaks: which members it knows, and by which name.
enum class Profile : std::uint8_t {
  automatic,  // by the host of base_url
  generic,
  openai,
  azure,
  mistral,
  deepseek,
  groq,
  xai,
  openrouter,
  vllm,
  ollama,
  llamacpp,
  vertex,  // Anthropic's or Google's models on Vertex AI
};
std::string_view name(Profile profile);
enum class Auth : std::uint8_t {
  automatic,  // as the dialect has it: a bearer token, or the bare key in a field of its own
  bearer,
  header,
  none,
};
// What becomes of what a client asked for and a target cannot be told.
enum class OnUnsupported : std::uint8_t {
  drop,    // left out, and the answer says so
  refuse,  // the target is not asked
};
// What becomes of an attempt whose client has left.
enum class OnClientGone : std::uint8_t {
  cancel,  // the connection is closed at once
  drain,   // its answer is read to the end, within a limit, to learn what it cost
};
enum class UseWhen : std::uint8_t { always, if_key, if_alone };

// The simulated provider. Every answer it gives is labelled as simulated.
struct Simulation {
  std::uint64_t seed = 1;
  Duration first_token = std::chrono::milliseconds(150);
  double tokens_per_second = 120.0;
  double time_scale = 1.0;  // 0: no waiting at all
  bool operator==(const Simulation&) const = default;
};

enum class PackRequests : std::uint8_t { none, gzip, zstd };

// Content codings between us and a provider. Packed answers are unpacked whether they were asked for or not.
struct ProviderCompression {
  PackRequests requests = PackRequests::none;
  bool answers = false;  // asked for
};

// Asking a provider now and then whether it is there, so that it comes back without a request at risk.
struct HealthCheck {
  std::string path;  // below base_url; "": no checks
  Duration interval = std::chrono::seconds(10);
  Duration timeout = std::chrono::seconds(2);
};

// Amazon's credentials, for the dialect `bedrock`: requests are signed with them.
struct Aws {
  std::string region;
  std::string access_key_id;
  Secret secret_access_key;
  Secret session_token;
};

struct Provider {
  std::string name;
  ProviderDialect dialect = ProviderDialect::openai;
  std::string base_url;  // with path, no trailing slash; empty for `simulated`
  std::string scheme;    // parsed from base_url: "http" or "https"
  std::string host;
  std::uint16_t port = 0;
  std::string base_path;  // "/v1"
  Secret api_key;
  std::vector<Secret> more_api_keys;  // taken in turn with it; one that is refused or used up is left alone for a while
  Auth auth = Auth::automatic;        // never that once resolved
  std::string auth_header;            // lower case; with Auth::header the bare key is its value
  std::string token_file;             // a bearer token that others renew; read anew every minute
  std::vector<std::string> token_command;             // a program with its arguments that prints one
  Duration token_refresh = std::chrono::minutes(10);  // how often it is run
  Aws aws;
  Profile profile = Profile::automatic;  // never that once resolved
  OnUnsupported on_unsupported = OnUnsupported::drop;
  std::vector<std::string> native{};  // further client dialects that it speaks itself: "responses", "completions"
  UseWhen use = UseWhen::always;
  std::vector<std::pair<std::string, std::string>> headers;  // added to every request
  std::vector<std::pair<std::string, std::string>> query;    // appended to every path
  std::string chat_path = "/chat/completions";               // "{model}" is replaced (Azure deployments)
  bool forward_model = true;  // false: the path names it, `model` is still sent if present
  bool tls_verify = true;
  std::string tls_ca_file;        // extra trust anchor
  std::string tls_server_name;    // SNI and verified name, default host
  std::size_t connections = 512;  // per worker
  Duration idle_connection = std::chrono::seconds(25);
  Clocks clocks;
  OnClientGone on_client_gone = OnClientGone::cancel;
  Duration drain = std::chrono::seconds(10);  // how long an answer that nobody waits for is read
  std::string price_provider;                 // whose rows of the prices file apply, default `name`
  HealthCheck health;
  ProviderCompression compression;
  Simulation simulation;
};

struct Target {
  std::string name;          // "provider/model": what `model:` may say and what the ledger books
  std::size_t provider = 0;  // index into Settings::providers
  std::string model;         // as the provider calls it
  std::uint32_t weight = 1;
  std::int64_t rpm = 0;             // requests per minute that its provider allows; 0: unknown
  std::int64_t tpm = 0;             // tokens per minute, likewise
  std::int64_t context_window = 0;  // tokens; 0: unknown, then not a constraint
  std::int64_t max_output = 0;      // tokens; 0: unknown
  bool images = true;
  bool audio = false;
  bool tools = true;
  bool json_schema = true;
  bool prefill = false;                    // continues an assistant message that ends the conversation
  bool embeds = false;                     // makes vectors, not answers; of no tier
  Clocks clocks;                           // provider's, overridden per target
  Tokenizer tokenizer = Tokenizer::o200k;  // by the model's name, else by who serves it: for estimates
};

struct Tier {
  std::string name;
  std::vector<std::size_t> targets;  // indices into Settings::targets, in order of preference
  Policy policy = Policy::order;     // Balance::policy, where the tier says nothing else
};

// A row of the routing table: first match wins. Empty lists match everything; all conditions must hold.
struct Rule {
  std::vector<std::string> tasks;
  double complexity_min = 0.0;                                         // complexity >= min
  double complexity_max = 1.0;                                         // complexity <= max where max is 1, else < max
  std::size_t tier = 0;                                                // index into Settings::tiers
  std::vector<std::string> languages{};                                // "en", "de" ...
  std::vector<std::string> paths{};                                    // of the request, without query
  std::vector<std::string> keys{};                                     // fingerprints of client keys: "key-1a2b3c4d"
  std::vector<std::pair<std::string, std::string>> headers{};          // names in lower case; "*" is any value
  std::vector<std::pair<std::string, std::string>> metadata{};         // of the body; "*" is any value
  std::int64_t tokens_min = 0;                                         // input tokens >= min
  std::int64_t tokens_max = std::numeric_limits<std::int64_t>::max();  // input tokens < max
  std::optional<std::size_t> gate{};  // index into Quality::gates; Routing::gate where the row says nothing
};

enum class AskLlm : std::uint8_t { unsure, always };

// A model that is asked what kind of task a request is.
struct LlmClassifier {
  std::size_t tier = 0;  // index into Settings::tiers: whose targets are asked
  Duration timeout = std::chrono::milliseconds(400);
  AskLlm when = AskLlm::unsure;
  std::size_t cache = 10'000;  // answers remembered by each worker
};

// Who says what kind of task a request is.
struct TaskClassifier {
  std::string model_file;            // resolved; empty: the built-in model
  std::optional<LlmClassifier> llm;  // none: only the model above
};

// What may choose a request's tier. They are asked in the configured order; the first that has an answer decides.
enum class Strategy : std::uint8_t { intent, cost_aware, semantic };
std::string_view name(Strategy strategy);

struct CostAware {
  double quality_floor = 0.9;     // share of the top tier's P(good)
  double willingness_to_pay = 0;  // dollars per answer of full quality; 0: the floor decides
  std::string model_file;         // of outcome estimates, resolved; empty: the built-in model
  std::string thresholds_file;    // resolved; empty: the values above
};

struct Conversations {
  bool sticky = true;
  Duration memory = std::chrono::minutes(5);  // how long providers keep a prompt in their cache
  double further_turns = 3;                   // that a conversation is expected to have
};

// The name and version of the embedder that is compiled in.
constexpr std::string_view built_in_embedder = "minilm-static-1";

// A text that is near to these examples goes to this tier.
struct SemanticRoute {
  std::string name;
  std::vector<std::string> examples;
  std::size_t tier = 0;             // index into Settings::tiers
  std::optional<double> threshold;  // empty: Semantic::threshold
  std::optional<std::size_t> gate;  // index into Quality::gates; Routing::gate where the route says nothing
};

// An embedding model at a provider that compares requests with the examples.
struct UpstreamEmbedder {
  std::size_t target = 0;  // index into Settings::targets
  std::string name;        // what thresholds name: "provider/model", and "@512" where so many dimensions are asked for
  Duration timeout = std::chrono::milliseconds(200);
  std::int64_t dimensions = 0;  // asked for; 0: as many as the model has
  std::size_t cache = 1'000;    // vectors of requests remembered by each worker
};

// Past prompts with known outcomes: what was good enough for those near to a request. The built-in embedder compares.
struct Past {
  static constexpr std::size_t most_neighbours = 64;
  std::vector<std::string> files;  // outcomes as JSON lines, resolved
  std::size_t neighbours = 32;
  std::optional<double> threshold;  // least similarity; empty: the embedder's own
  double quality_floor = 0.9;       // share of the top tier's quality that a cheaper tier keeps surely
};

struct Semantic {
  std::vector<SemanticRoute> routes;
  std::optional<double> threshold;           // empty: the embedder's own
  std::string embedder;                      // that the thresholds were measured with; "" where none are given
  std::optional<UpstreamEmbedder> upstream;  // none: only the built-in embedder
  std::optional<Past> past;                  // none: no outcomes are known
};

struct Routing {
  std::vector<Strategy> strategies{Strategy::intent};
  double confidence = 0.5;  // below: one tier up
  CostAware cost_aware;
  Conversations conversations;
  TaskClassifier classifier;
  std::vector<Rule> table;
  std::vector<std::string> rule_headers;  // that some row looks at, in lower case
  std::size_t default_tier = 0;           // when no rule matches
  std::vector<std::string> intercept;     // requested names that are routed; "*" is all
  std::size_t baseline_target =
      0;  // what an intercepted or auto request would have cost; default: first of the top tier
  Semantic semantic;
  std::optional<std::size_t> gate;  // index into Quality::gates: of routed requests that no row has a gate for
};

enum class OnUnknownPrice : std::uint8_t { refuse, estimate, allow };

struct Ledger {
  bool enabled = true;
  std::string path = "triaged.db";  // SQLite file; the journal stands beside it in <path>.journal/
  Duration flush = std::chrono::milliseconds(200);
  std::string prices_file;  // resolved; empty: the built-in copy
  OnUnknownPrice on_unknown_price = OnUnknownPrice::allow;
};

struct Log {
  LogLevel level = LogLevel::info;
  std::string access_file = "-";  // JSON lines; "-" is standard output, "" none
  bool prompts = false;           // the first 200 characters of the last user turn in the access log
};

struct Settings {
  Server server;
  std::vector<Provider> providers;
  std::vector<Target> targets;
  std::vector<Tier> tiers;              // cheapest first: the order is the order of escalation
  std::vector<std::size_t> embeddings;  // targets of POST /v1/embeddings, in order of preference
  Passthrough passthrough;
  Routing routing;
  Retry retry;
  Breaker breaker;
  Balance balance;
  Hedge hedge;
  Streams streams;
  Quality quality;
  Ledger ledger;
  Log log;
  std::string hash;                // 12 hexadecimal digits over the effective configuration without secrets
  std::string effective;           // every key with its value as JSON, defaults included, secrets left out
  std::vector<std::string> notes;  // what loading decided: providers left out for want of a key, and so on

  std::optional<std::size_t> find_provider(std::string_view name) const;
  std::optional<std::size_t> find_tier(std::string_view name) const;
  // Of Candidate::tier and the like: one past the last tier stands for what is in none.
  std::string_view tier_name(std::size_t tier) const;
  std::optional<std::size_t> find_target(std::string_view name) const;  // "provider/model"
};

}  // namespace triaged::config
