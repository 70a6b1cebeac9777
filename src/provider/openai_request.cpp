// Writing a request: the head is ours, the body is the client's with ranges replaced.
#include "triaged/base/json.hpp"
#include "triaged/base/text.hpp"
#include "triaged/wire/head_writer.hpp"

#include "provider/openai.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace triaged::provider {
namespace {

std::string host_field(const config::Provider& settings) {
  std::string host = settings.host.empty() ? "localhost" : settings.host;
  if (host.find(':') != std::string::npos && host.front() != '[') host = "[" + host + "]";
  const std::uint16_t usual = settings.scheme == "https" ? 443 : 80;
  if (settings.port != 0 && settings.port != usual) host.append(":").append(std::to_string(settings.port));
  return host;
}

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

struct Edit {
  chat::ByteRange range;
  std::string_view replacement;
};

// Collects edits, then cuts the body into pieces around them.
class Splice {
 public:
  explicit Splice(Outgoing& outgoing) : outgoing_(outgoing) {}

  std::string_view own(std::string text) {
    return *outgoing_.owned.emplace_back(std::make_shared<const std::string>(std::move(text)));
  }
  void replace(chat::ByteRange range, std::string_view replacement) { edits_.push_back({range, replacement}); }

  void apply(std::string_view body) {
    // By end too: an insertion stands before a cut that begins at the same place.
    std::sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) {
      return std::pair(a.range.begin, a.range.end) < std::pair(b.range.begin, b.range.end);
    });
    outgoing_.body.reserve(2 * edits_.size() + 1);
    std::size_t at = 0;
    for (const Edit& edit : edits_) {
      add(body.substr(at, edit.range.begin - at));
      add(edit.replacement);
      at = edit.range.end;
    }
    add(body.substr(at));
  }

 private:
  void add(std::string_view piece) {
    if (piece.empty()) return;
    outgoing_.body.push_back(piece);
    outgoing_.body_bytes += piece.size();
  }

  Outgoing& outgoing_;
  std::vector<Edit> edits_;
};

void splice_model(const chat::Request& request, const config::Provider& settings, const config::Target& target,
                  Splice& splice, std::string& inserted) {
  std::string model;
  append_json_string(model, target.model);
  if (request.model_values.empty()) {
    if (settings.forward_model) inserted.append(R"("model":)").append(model).append(",");
    return;
  }
  const std::string_view replacement = splice.own(std::move(model));
  for (const chat::ByteRange range : request.model_values) splice.replace(range, replacement);
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
constexpr std::array<std::string_view, 5> client_fields{"idempotency-key", "x-request-id", "traceparent", "tracestate",
                                                        "openai-beta"};

}  // namespace

OpenAiProvider::OpenAiProvider(const config::Provider& settings)
    : settings_(settings), host_field_(host_field(settings)) {
  if (settings.api_key.set()) {
    secrets_.push_back(settings.api_key.value);
    for (const config::Secret& key : settings.more_api_keys) secrets_.push_back(key.value);
  }
  if (secrets_.empty() || settings.auth == config::Auth::none) {
    authorizations_.emplace_back();
    return;
  }
  for (const std::string& key : secrets_) {
    authorizations_.push_back(settings.auth == config::Auth::bearer ? "Bearer " + key : key);
  }
}

std::string OpenAiProvider::target_path(const config::Target& target) const {
  static constexpr std::string_view place = "{model}";
  std::string path = settings_.base_path;
  const std::string_view chat_path = settings_.chat_path;
  const std::size_t at = chat_path.find(place);
  path.append(chat_path.substr(0, at));
  if (at != std::string_view::npos) {
    append_percent_encoded(path, target.model);
    path.append(chat_path.substr(at + place.size()));
  }
  append_query(path);
  return path;
}

void OpenAiProvider::append_query(std::string& path) const {
  char separator = path.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : settings_.query) {
    path.push_back(std::exchange(separator, '&'));
    append_percent_encoded(path, name);
    path.push_back('=');
    append_percent_encoded(path, value);
  }
}

bool OpenAiProvider::configured(std::string_view name) const {
  if (!authorizations_.front().empty() && iequals(name, settings_.auth_header)) return true;
  return std::any_of(settings_.headers.begin(), settings_.headers.end(),
                     [name](const auto& header) { return iequals(header.first, name); });
}

void OpenAiProvider::append_client_fields(std::string& head, const wire::Headers& client_headers) const {
  for (const std::string_view name : client_fields) {
    const auto value = client_headers.find(name);
    if (!value || configured(name) || wire::named_in_connection(client_headers, name)) continue;
    wire::append_field(head, name, *value);
  }
}

void OpenAiProvider::append_host_and_key(std::string& head, std::size_t key) const {
  wire::append_field(head, "host", host_field_);
  const std::string& authorization = authorizations_[key];
  if (!authorization.empty()) wire::append_field(head, settings_.auth_header, authorization);
}

void OpenAiProvider::append_own_fields(std::string& head) const {
  wire::append_field(head, "accept-encoding", "identity");
  if (!configured("user-agent")) wire::append_field(head, "user-agent", "triaged/0.1");
  for (const auto& [name, value] : settings_.headers) {
    if (!wire::is_hop_by_hop(name)) wire::append_field(head, name, value);
  }
}

std::string OpenAiProvider::build_get(std::string_view path) const {
  std::string target = settings_.base_path;
  target.append(path);
  append_query(target);
  std::string head;
  wire::append_request_line(head, "GET", target);
  append_host_and_key(head, 0);
  append_own_fields(head);
  wire::end_head(head);
  return head;
}

Outgoing OpenAiProvider::build(const chat::Request& request, std::string_view body, const wire::Headers& client_headers,
                               const config::Target& target, std::size_t key) const {
  Outgoing outgoing;
  Splice splice(outgoing);
  std::string inserted;
  splice_model(request, settings_, target, splice, inserted);
  splice_stream_options(request, body, splice, inserted);
  for (const chat::ByteRange range : request.models_members) splice.replace(range, {});
  if (!inserted.empty()) {
    splice.replace({request.object_begin, request.object_begin}, splice.own(std::move(inserted)));
  }
  splice.apply(body);

  std::string& head = outgoing.head;
  head.reserve(512);
  wire::append_request_line(head, "POST", target_path(target));
  append_host_and_key(head, key);
  wire::append_field(head, "content-type", "application/json");
  wire::append_field(head, "accept", request.stream ? "text/event-stream" : "application/json");
  append_own_fields(head);
  append_client_fields(head, client_headers);
  wire::append_length_field(head, outgoing.body_bytes);
  wire::end_head(head);
  return outgoing;
}

}  // namespace triaged::provider
