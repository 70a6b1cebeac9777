// Writing a request: the head is ours, the body is the client's with ranges replaced.
#include "triaged/base/json.hpp"
#include "triaged/base/text.hpp"

#include "provider/openai.hpp"

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
constexpr std::array<std::string_view, 5> passed_on{"idempotency-key", "x-request-id", "traceparent", "tracestate",
                                                    "openai-beta"};

}  // namespace

OpenAiProvider::OpenAiProvider(const config::Provider& settings) : HttpProvider(settings), chat_codec_(secrets()) {}

std::span<const std::string_view> OpenAiProvider::client_fields() const { return passed_on; }

const AnswerCodec& OpenAiProvider::codec(chat::Dialect) const { return chat_codec_; }

std::string OpenAiProvider::path(const Sending& sending) const {
  static constexpr std::string_view place = "{model}";
  const std::string_view chat_path = settings().chat_path;
  const std::size_t at = chat_path.find(place);
  std::string path(chat_path.substr(0, at));
  if (at != std::string_view::npos) {
    append_percent_encoded(path, sending.target.model);
    path.append(chat_path.substr(at + place.size()));
  }
  return path;
}

Result<void> OpenAiProvider::write_body(const Sending& sending, Outgoing& outgoing) const {
  const chat::Request& request = sending.request;
  Splice splice(outgoing);
  std::string inserted;
  splice_model(request, settings(), sending.target, splice, inserted);
  splice_stream_options(request, sending.body, splice, inserted);
  for (const chat::ByteRange range : request.models_members) splice.replace(range, {});
  if (!inserted.empty()) {
    splice.replace({request.object_begin, request.object_begin}, splice.own(std::move(inserted)));
  }
  splice.apply(sending.body);
  return {};
}

}  // namespace triaged::provider
