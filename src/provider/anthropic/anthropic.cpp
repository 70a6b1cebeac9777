#include "provider/anthropic/anthropic.hpp"

#include "triaged/base/text.hpp"
#include "triaged/wire/head_writer.hpp"

#include "provider/anthropic/anthropic_write.hpp"
#include "provider/signatures.hpp"
#include "provider/splice.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace triaged::provider {
namespace {

constexpr std::string_view version_field = "anthropic-version";
constexpr std::string_view version = "2023-06-01";
constexpr std::string_view vertex_version = "vertex-2023-10-16";

bool has_unproved_thoughts(const chat::Conversation& conversation) {
  return std::any_of(conversation.turns.begin(), conversation.turns.end(), [](const chat::Turn& turn) {
    return std::any_of(turn.parts.begin(), turn.parts.end(), [](const chat::Part& part) {
      return part.kind == chat::PartKind::thinking && !proved_by_anthropic(part);
    });
  });
}

constexpr std::array<std::string_view, 5> passed_on{version_field, "anthropic-beta", "x-request-id", "traceparent",
                                                    "tracestate"};

}  // namespace

AnthropicProvider::AnthropicProvider(const config::Provider& settings)
    : HttpProvider(settings), codec_(chat::Dialect::anthropic, make_anthropic_reader, secrets()) {}

const AnswerCodec& AnthropicProvider::codec(chat::Dialect) const { return codec_; }

// Its organisation is the account that pays, which is not the client's.
bool AnthropicProvider::passes_response_header(std::string_view name) const {
  constexpr std::string_view limits = "anthropic-ratelimit-";
  return iequals(name.substr(0, limits.size()), limits) || HttpProvider::passes_response_header(name);
}

std::span<const std::string_view> AnthropicProvider::client_fields() const {
  const std::span<const std::string_view> fields(passed_on);
  return on_vertex() ? fields.subspan(1) : fields;  // there the version stands in the body
}

void AnthropicProvider::append_dialect_fields(std::string& head, const Sending& sending) const {
  if (on_vertex() || configured(version_field)) return;
  const bool told = sending.client_headers.find(version_field).has_value() &&
                    !wire::named_in_connection(sending.client_headers, version_field);
  if (!told) wire::append_field(head, version_field, version);
}

std::string AnthropicProvider::path(const Sending& sending) const {
  if (!on_vertex()) return "/messages";
  std::string path = "/models/";
  append_percent_encoded(path, sending.target.model);
  return path.append(sending.request.stream ? ":streamRawPredict" : ":rawPredict");
}

void AnthropicProvider::pass_on(const Sending& sending, Outgoing& outgoing) const {
  const chat::Request& request = sending.request;
  Splice splice(outgoing);
  std::string inserted;
  if (on_vertex()) {
    cut_members(sending.body, {"model", "models", "anthropic_version"}, splice);
    inserted.append(R"("anthropic_version":")").append(vertex_version).append(R"(",)");
  } else {
    splice_model(request, settings().forward_model, sending.target, splice, inserted);
    for (const chat::ByteRange range : request.models_members) splice.replace(range, {});
  }
  if (!inserted.empty()) {
    splice.replace({request.object_begin, request.object_begin}, splice.own(std::move(inserted)));
  }
  splice.apply(sending.body);
}

Result<void> AnthropicProvider::write_body(const Sending& sending, Outgoing& outgoing) const {
  const chat::Request& request = sending.request;
  // A thought without its maker's proof, which another provider's answer left in the history, would be refused.
  const bool foreign_thoughts = request.conversation && has_unproved_thoughts(*request.conversation);
  if (request.dialect == chat::Dialect::anthropic && !foreign_thoughts) {
    pass_on(sending, outgoing);
    return {};
  }
  if (!request.conversation) {
    return gateway_error(ErrorKind::internal, 500, "The request was not read for a target of another dialect.");
  }
  AnthropicBody body = write_anthropic(*request.conversation, sending.target, sending.body.size());
  std::string begin = "{";
  if (on_vertex()) {
    begin.append(R"("anthropic_version":")").append(vertex_version).append(R"(",)");
  } else {
    begin.append(R"("model":)");
    append_json_string(begin, sending.target.model);
    begin.push_back(',');
  }
  body.members.insert(0, begin).push_back('}');
  set_body(outgoing, std::move(body.members));
  return settle_dropped(settings(), sending.target, std::move(body.dropped), outgoing);
}

}  // namespace triaged::provider
