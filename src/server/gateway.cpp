#include "triaged/server/gateway.hpp"

#include "triaged/base/log.hpp"
#include "triaged/base/text.hpp"
#include "triaged/routing/embeddings.hpp"
#include "triaged/routing/tokenizer_for.hpp"
#include "triaged/wire/head_writer.hpp"

#include "server/access_line.hpp"
#include "server/chat_reply.hpp"
#include "server/decision_fields.hpp"
#include "server/gateway_call.hpp"
#include "server/keys.hpp"
#include "server/paths.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

namespace triaged::server {
namespace {

// What rows of the routing table may look at.
routing::Origin origin_of(const wire::RequestParser& request, const Path& path, const std::string& key,
                          const config::Routing& settings) {
  routing::Origin origin;
  origin.path = path.endpoint == Endpoint::route ? path.rest : request.target().substr(0, request.target().find('?'));
  origin.key = key;
  for (const std::string& name : settings.rule_headers) {
    if (const auto value = request.headers().find(name)) origin.headers.emplace_back(name, *value);
  }
  return origin;
}

// None for what no provider caches: short requests.
std::optional<routing::ConversationKeys> conversation_of(const chat::Request& request, std::string_view client_key,
                                                         const routing::Conversations* conversations) {
  constexpr std::size_t least_bytes = 2048;  // 1,024 tokens have more
  if (conversations == nullptr || request.text_bytes() < least_bytes) return std::nullopt;
  return routing::conversation_keys(request, client_key);
}

bool wants_explanation(const wire::Headers& headers) {
  const auto value = headers.find("x-triaged-explain");
  return value && iequals(*value, "body");
}

// Ends a wait on the gateway's own account when the client leaves; whoever goes on with the request sees that.
class WakeOnLeaving {
 public:
  explicit WakeOnLeaving(Turn& turn) : turn_(turn) {
    turn_.on_client_gone([this] {
      if (wake) wake();
    });
  }
  ~WakeOnLeaving() { turn_.on_client_gone(nullptr); }
  WakeOnLeaving(const WakeOnLeaving&) = delete;
  WakeOnLeaving& operator=(const WakeOnLeaving&) = delete;
  std::function<void()> wake;

 private:
  Turn& turn_;
};

}  // namespace

Gateway::Gateway(dispatch::Environment environment, const routing::Brain& brain, routing::Conversations* conversations,
                 routing::UpstreamRoutes* upstream_routes)
    : environment_(environment),
      settings_(*environment_.settings),
      brain_(brain),
      conversations_(conversations),
      random_(Random::from_entropy()),
      dispatcher_(std::move(environment)) {
  if (settings_.routing.classifier.llm) llm_.emplace(dispatcher_);
  if (upstream_routes != nullptr) embedder_.emplace(dispatcher_, *upstream_routes);
}

void Gateway::start() {
  if (embedder_) embedder_->start();
}

net::Task<void> Gateway::stopped() {
  dispatcher_.close_idle();
  if (embedder_) co_await embedder_->stopped();
  co_await dispatcher_.stopped();
}

void Gateway::refused(const Error& error) {
  observe::RequestFacts facts;
  facts.endpoint = "none";
  facts.status = error.status;
  environment_.metrics->request(facts);
}

net::Task<void> Gateway::handle(Turn& turn) {
  const wire::RequestParser& request = turn.request();
  Call call(turn, RequestId::make(environment_.clock->wall(), random_.next(), random_.next()));
  call.path = find_path(request.target());
  // Both makers list models under the same path, each in a shape of its own.
  const bool lists_models = call.path.endpoint == Endpoint::models || call.path.endpoint == Endpoint::model;
  if (lists_models && request.headers().find("anthropic-version")) call.path.dialect = chat::Dialect::anthropic;
  if (settings_.server.compression) {
    turn.set_coding(wire::choose_coding(request.headers().find("accept-encoding").value_or(std::string_view())));
  }
  const Path& path = call.path;
  environment_.metrics->request_started();

  Result<std::string> key = authorize(request.headers());
  if (!key) {
    co_await reply_error(call, key.error());
  } else if (path.endpoint == Endpoint::none) {
    const Error error = client_error(
        ErrorKind::not_found, 404,
        "unknown path " + std::string(request.method()) + " " + std::string(request.target()), "unknown_url");
    co_await reply_error(call, error);
  } else if (!takes(path, request.method())) {
    const Error error =
        client_error(ErrorKind::method_not_allowed, 405,
                     "this path takes " + std::string(path.methods) + ", not " + std::string(request.method()),
                     "method_not_allowed");
    wire::append_field(call.fields, "Allow", path.methods);
    co_await reply_error(call, error);
  } else {
    call.key = std::move(*key);
    switch (path.endpoint) {
      case Endpoint::answer: co_await answer(call); break;
      case Endpoint::count: co_await count_tokens(call); break;
      case Endpoint::route: co_await route(call); break;
      case Endpoint::models:
      case Endpoint::model: co_await models(call, path.rest); break;
      case Endpoint::pass: co_await pass(call); break;
      case Endpoint::none: break;
    }
  }
  environment_.metrics->request_ended();
}

Result<std::string> Gateway::authorize(const wire::Headers& headers) const {
  if (settings_.server.api_keys.empty()) return std::string();
  return check_key(headers, settings_.server.api_keys);
}

Result<chat::Request> Gateway::decode(chat::Dialect dialect, const std::string& body, const wire::Headers& headers) {
  Result<chat::Request> request = decoder_.decode(dialect, body);
  if (!request) return request;
  if (const auto session = headers.find("x-session-id")) request->session = *session;
  return request;
}

// The body unpacked, if it came packed.
Result<std::string> Gateway::body_of(Turn& turn) const {
  std::string body = turn.take_body();
  const auto coding = turn.request().headers().find("content-encoding");
  if (!coding) return body;
  return wire::decompressed(body, *coding, settings_.server.limits.body);
}

net::Task<void> Gateway::answer(Call& call) {
  const Result<std::string> unpacked = body_of(call.turn);
  if (!unpacked) {
    co_await reply_error(call, unpacked.error());
    co_return;
  }
  const std::string& body = *unpacked;
  const wire::Headers& headers = call.turn.request().headers();
  Result<chat::Request> request = decode(call.path.dialect, body, headers);
  if (!request) {
    co_await reply_error(call, request.error());
    co_return;
  }
  call.stream = request->stream;
  const Conversation conversation = conversation_of(*request, call.key, conversations_);
  const Result<routing::Plan> plan = co_await decide(call, *request, conversation, false);
  if (!plan) {
    call.refused_model = request->model;
    co_await reply_error(call, plan.error());
    co_return;
  }
  if (const Result<void> known = know_all(*request, body, *plan); !known) {
    co_await reply_error(call, known.error());
    co_return;
  }
  dispatch::Job job(*request, body, headers, *plan);
  job.id = call.id;
  job.key = call.key;
  job.started = call.turn.received();
  job.side = call.side;
  ChatReply reply(call.turn, reply_context(call, *request), wants_explanation(headers));
  const dispatch::Finished finished = co_await dispatcher_.run(job, reply);
  if (conversation && finished.complete && finished.status == 200) {
    const routing::WarmTarget warm = routing::warm_after(call.warm, finished.target, finished.usage);
    conversations_->remember(conversation->now, warm, environment_.clock->now());
  }
  account(call, &finished, &*plan);
}

// Targets of another dialect have to be told all of the request.
Result<void> Gateway::know_all(chat::Request& request, const std::string& body, const routing::Plan& plan) const {
  if (request.conversation || !dispatcher_.translates(request, plan)) return {};
  Result<std::shared_ptr<const chat::Conversation>> conversation = api::read_conversation(request.dialect, body);
  if (!conversation) return conversation.error();
  request.conversation = std::move(*conversation);
  return {};
}

api::ReplyContext Gateway::reply_context(const Call& call, const chat::Request& request) const {
  api::ReplyContext context;
  context.dialect = request.dialect;
  context.stream = request.stream;
  context.include_usage = request.include_usage;
  context.conversation = request.conversation.get();
  if (context.conversation == nullptr) return context;
  context.id = call.id.text();
  const auto since_1970 = environment_.clock->wall().time_since_epoch();
  context.created = std::chrono::duration_cast<std::chrono::seconds>(since_1970).count();
  return context;
}

net::Task<void> Gateway::route(Call& call) {
  const Result<std::string> unpacked = body_of(call.turn);
  if (!unpacked) {
    co_await reply_error(call, unpacked.error());
    co_return;
  }
  const std::string& body = *unpacked;
  const Result<chat::Request> request = decode(call.path.dialect, body, call.turn.request().headers());
  if (!request) {
    co_await reply_error(call, request.error());
    co_return;
  }
  const Conversation conversation = conversation_of(*request, call.key, conversations_);
  const Result<routing::Plan> plan = co_await decide(call, *request, conversation, true);
  if (!plan) {
    co_await reply_error(call, plan.error());
    co_return;
  }
  const std::string json = routing::plan_json(*plan, settings_);
  co_await reply_json(call, 200, json);
}

// An estimate, as the model that is named would count, or the one that would most likely answer.
net::Task<void> Gateway::count_tokens(Call& call) {
  const Result<std::string> body = body_of(call.turn);
  if (!body) {
    co_await reply_error(call, body.error());
    co_return;
  }
  const Result<chat::Request> request = decoder_.decode_to_count(*body);
  if (!request) {
    co_await reply_error(call, request.error());
    co_return;
  }
  const std::string json = api::count_tokens_body(
      routing::input_tokens_of(routing::extract_features(*request), routing::tokenizer_for(request->model, settings_)));
  co_await reply_json(call, 200, json);
}

// Where the configuration has a model asked for the task, or for the routes that are near, the plan is made anew with
// what it said. Each is asked once, and only if that could change the plan that there is.
net::Task<Result<routing::Plan>> Gateway::decide(Call& call, const chat::Request& request,
                                                 const Conversation& conversation, bool detail) {
  if (request.dialect == chat::Dialect::openai_embeddings) co_return routing::plan_embeddings(request, settings_);
  const routing::Origin origin = origin_of(call.turn.request(), call.path, call.key, settings_.routing);
  routing::Hints hints;
  hints.detail = detail;
  if (conversation && conversation->earlier) {
    call.warm = conversations_->find(*conversation->earlier, environment_.clock->now());
    hints.warm = call.warm;
  }
  Result<routing::Plan> plan = routing::make_plan(request, settings_, brain_, origin, hints);
  while (plan && !call.turn.client_gone()) {
    if (embedder_ && !hints.embedding && routing::routes_matter(*plan, settings_)) {
      hints.embedding = co_await ask_embedder(call, *plan);
    } else if (llm_ && hints.llm.empty() && routing::asks_llm(*plan, settings_)) {
      dispatch::LlmClassifier::Said said = co_await ask_llm(call, request, *plan);
      hints.llm = said.result;
      hints.task = std::move(said.task);
    } else {
      break;
    }
    plan = routing::make_plan(request, settings_, brain_, origin, hints);
  }
  co_return plan;
}

net::Task<routing::EmbeddingHint> Gateway::ask_embedder(Call& call, const routing::Plan& plan) {
  WakeOnLeaving waiting(call.turn);
  routing::EmbeddingHint hint = co_await embedder_->ask(plan.features.task_text, call.id, call.side, waiting.wake);
  co_return hint;
}

net::Task<dispatch::LlmClassifier::Said> Gateway::ask_llm(Call& call, const chat::Request& request,
                                                          const routing::Plan& plan) {
  WakeOnLeaving waiting(call.turn);
  dispatch::LlmClassifier::Said said = co_await llm_->ask(request, plan, call.id, call.side, waiting.wake);
  co_return said;
}

net::Task<void> Gateway::models(Call& call, std::string_view id) {
  if (id.empty()) {
    const std::string json = api::models_body(settings_, call.path.dialect);
    co_await reply_json(call, 200, json);
    co_return;
  }
  const Result<std::string> json = api::model_body(settings_, percent_decoded(id), call.path.dialect);
  if (!json) {
    co_await reply_error(call, json.error());
    co_return;
  }
  co_await reply_json(call, 200, *json);
}

net::Task<void> Gateway::reply_error(Call& call, const Error& error) {
  call.error = triaged::name(error.kind);
  const std::string body = api::error_body(call.path.dialect, error);
  co_await reply_json(call, error.status, body);
}

net::Task<void> Gateway::reply_json(Call& call, int status, std::string_view body) {
  std::string fields;
  wire::append_field(fields, "Content-Type", "application/json");
  fields += call.fields;
  append_usual_fields(call, fields);
  const Result<void> ignored = co_await call.turn.respond(status, fields, body);
  static_cast<void>(ignored);
  account(call, nullptr, nullptr);
}

void Gateway::append_usual_fields(const Call& call, std::string& fields) const {
  wire::append_field(fields, "x-triaged-id", call.id.text());
  wire::append_field(fields, "x-triaged-config", settings_.hash);
}

void Gateway::account(const Call& call, const dispatch::Finished* finished, const routing::Plan* plan) {
  observe::RequestFacts facts;
  facts.endpoint = call.path.name;
  facts.status = call.turn.client_gone() ? 499 : call.turn.status();
  facts.stream = call.stream;
  facts.client_gone = call.turn.client_gone();
  facts.total = environment_.clock->now() - call.turn.received();
  if (call.passed != nullptr) {
    facts.status = call.passed->status;
    facts.tier = dispatch::pass_name;
    facts.task = dispatch::pass_name;
    facts.client_gone = call.passed->client_gone;
  }
  if (finished != nullptr) {
    facts.status = finished->status;
    facts.tier = settings_.tier_name(finished->tier);
    facts.task = routing::name(plan->task.best);
    facts.client_gone = finished->client_gone;
    facts.escalated = finished->escalated;
    facts.escalated_from = settings_.tier_name(plan->tier);
    facts.escalated_to = settings_.tier_name(finished->tier);
    facts.saved = finished->saved;
    facts.total = finished->total;
    facts.overhead = finished->overhead;
    facts.first_content = finished->first_content;
  }
  environment_.metrics->request(facts);
  if (!access_log_on()) return;
  AccessLine line;
  line.id = call.id;
  line.at = environment_.clock->wall();
  line.endpoint = call.path.name;
  line.method = call.turn.request().method();
  line.path = call.turn.request().target();
  line.key = call.key;
  line.error = call.error;
  line.requested_model = call.refused_model;
  line.status = facts.status;
  line.bytes = call.turn.bytes_sent();
  line.total = facts.total;
  line.finished = finished;
  line.plan = plan;
  line.passed = call.passed;
  line.provider = call.provider;
  if (call.turn.body() != nullptr) line.received = call.turn.body()->bytes();
  write_access_line(access_json(line, settings_));
}

}  // namespace triaged::server
