// Writing a request: the head is ours, the body is the client's with ranges replaced.
#include "triaged/base/json.hpp"
#include "triaged/base/text.hpp"

#include "provider/openai/embeddings_reader.hpp"
#include "provider/openai/openai.hpp"
#include "provider/openai/openai_write.hpp"
#include "provider/openai/profile_edits.hpp"
#include "provider/openai/responses_input.hpp"
#include "provider/openai/responses_reader.hpp"
#include "provider/reading.hpp"
#include "provider/splice.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace triaged::provider {
namespace {

// The text of a stream_options value, changed so that it asks for usage; its other members stay as they are.
std::string with_usage(std::string_view options) {
  std::string kept;
  JsonReader reader(options);
  if (reader.peek() == JsonType::object) {
    JsonString key;
    reader.enter_object();
    while (reader.next_member(key)) {
      const std::size_t begin = reader.key_position();
      reader.skip();
      if (key.equals("include_usage")) continue;
      kept.append(",").append(options.substr(begin, reader.position() - begin));
    }
  }
  return R"({"include_usage":true)" + kept + "}";
}

// True if the value already asks for usage, in one way only.
bool asks_for_usage(std::string_view options) {
  JsonReader reader(options);
  if (reader.peek() != JsonType::object) return false;
  int asked = 0;
  int named = 0;
  JsonString key;
  reader.enter_object();
  while (reader.next_member(key)) {
    const bool usage = key.equals("include_usage");
    named += usage ? 1 : 0;
    asked += reader.skip() == "true" && usage ? 1 : 0;
  }
  return named == 1 && asked == 1;
}

// A stream has to end with its usage, or nobody knows what it cost.
void splice_stream_options(const chat::Request& request, std::string_view body, Splice& splice, std::string& inserted) {
  if (!request.stream) return;
  if (request.stream_options_values.empty()) {
    inserted.append(R"("stream_options":{"include_usage":true},)");
    return;
  }
  for (const chat::ByteRange range : request.stream_options_values) {
    const std::string_view value = body.substr(range.begin, range.end - range.begin);
    if (!asks_for_usage(value)) splice.replace(range, splice.own(with_usage(value)));
  }
}

// What of the client's head means something to a provider. Never its credentials, organisation or cookies: they belong
// to the client's account with us, not to ours with the provider.
constexpr std::array<std::string_view, 5> passed_on{"idempotency-key", "x-request-id", "traceparent", "tracestate",
                                                    "openai-beta"};

// The dialects besides chat: how the configuration names them, and where they are spoken.
struct NativeDialect {
  chat::Dialect dialect;
  std::string_view name;  // "": of every provider
  std::string_view path;
  MakeReader make_reader;
};

constexpr std::array native_dialects{
    NativeDialect{chat::Dialect::openai_completions, "completions", "/completions", make_openai_chat_reader},
    NativeDialect{chat::Dialect::openai_embeddings, "", "/embeddings", make_embeddings_reader},
    NativeDialect{chat::Dialect::openai_responses, "responses", "/responses", make_responses_reader},
};

constexpr std::string_view usual_chat_path = "/chat/completions";

// The place of `model` in a path.
std::string with_model(std::string_view path, std::string_view model) {
  static constexpr std::string_view place = "{model}";
  const std::size_t at = path.find(place);
  std::string out(path.substr(0, at));
  if (at != std::string_view::npos) {
    append_percent_encoded(out, model);
    out.append(path.substr(at + place.size()));
  }
  return out;
}

}  // namespace

OpenAiProvider::OpenAiProvider(const config::Provider& settings) : HttpProvider(settings), chat_codec_(secrets()) {
  for (const NativeDialect& each : native_dialects) {
    const bool named = std::find(settings.native.begin(), settings.native.end(), each.name) != settings.native.end();
    if (!each.name.empty() && !named) continue;
    natives_.push_back({each.path, std::make_unique<ReadingCodec>(each.dialect, each.make_reader, secrets())});
  }
}

std::span<const std::string_view> OpenAiProvider::client_fields() const { return passed_on; }

const OpenAiProvider::Native* OpenAiProvider::find_native(chat::Dialect dialect) const {
  for (const Native& native : natives_) {
    if (native.codec->dialect() == dialect) return &native;
  }
  return nullptr;
}

const AnswerCodec& OpenAiProvider::codec(chat::Dialect client) const {
  const Native* const native = find_native(client);
  if (native != nullptr) return *native->codec;
  return chat_codec_;
}

// Beside chat's, wherever the configuration has that; Responses name their model in the body, wherever they are.
std::string OpenAiProvider::path(const Sending& sending) const {
  std::string_view path = settings().chat_path;
  const Native* const native = find_native(sending.request.dialect);
  if (native == nullptr) return with_model(path, sending.target.model);
  if (native->codec->dialect() == chat::Dialect::openai_responses) return std::string(native->path);
  if (path.ends_with(usual_chat_path)) path.remove_suffix(usual_chat_path.size());
  return with_model(path, sending.target.model).append(native->path);
}

Result<void> OpenAiProvider::splice_body(const Sending& sending, Outgoing& outgoing) const {
  const chat::Request& request = sending.request;
  const ProfileRules rules(openai_profile(settings().profile), sending.target.model, request.reasoning_effort);
  const bool changed = request.dialect == chat::Dialect::openai_chat && rules.touch(sending.body);
  const bool streams_say =
      request.dialect == chat::Dialect::openai_chat || request.dialect == chat::Dialect::openai_completions;
  const bool usage =
      streams_say && (!changed || rules.judge("stream_options", "{}").fate != ProfileRules::Fate::dropped);
  Splice splice(outgoing);
  std::string inserted;
  splice_model(request, settings().forward_model, sending.target, splice, inserted);
  if (usage) splice_stream_options(request, sending.body, splice, inserted);
  std::vector<std::string> dropped;
  if (changed) {
    splice_profile(sending.body, rules, splice, dropped);
  } else {
    for (const chat::ByteRange range : request.models_members) splice.replace(range, {});
  }
  if (request.dialect == chat::Dialect::openai_responses) {
    for (const chat::ByteRange range : thoughts_of_others(sending.body)) splice.replace(range, {});
  }
  if (!inserted.empty()) {
    splice.replace({request.object_begin, request.object_begin}, splice.own(std::move(inserted)));
  }
  splice.apply(sending.body);
  return settle_dropped(settings(), sending.target, std::move(dropped), outgoing);
}

Result<void> OpenAiProvider::write_body(const Sending& sending, Outgoing& outgoing) const {
  const chat::Request& request = sending.request;
  if (codec(request.dialect).dialect() == request.dialect) return splice_body(sending, outgoing);
  if (!request.conversation) {
    return gateway_error(ErrorKind::internal, 500, "The request was not read for a target of another dialect.");
  }
  WrittenChat written = write_openai_chat(*request.conversation, sending.target.model, settings().profile);
  set_body(outgoing, std::move(written.body));
  return settle_dropped(settings(), sending.target, std::move(written.dropped), outgoing);
}

}  // namespace triaged::provider
