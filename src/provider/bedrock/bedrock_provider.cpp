// The requests of Amazon's dialect: where they go, and what proves who asks. Its bodies are in bedrock_write.cpp.
#include "triaged/base/text.hpp"
#include "triaged/wire/head_writer.hpp"

#include "provider/bedrock/bedrock.hpp"
#include "provider/bedrock/sigv4.hpp"

#include <array>

namespace triaged::provider {
namespace {

constexpr std::array<std::string_view, 2> passed_on{"traceparent", "tracestate"};

bool is_digit(std::string_view text, std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; }

// "claude-3-7-sonnet-20250219" is 37, "claude-sonnet-4-5-20250929" 45, "claude-opus-4-20250514" 40: the first number of
// one digit, and the one behind it if that has one digit, too.
int claude_version(std::string_view name) {
  for (std::size_t at = name.find("claude"); at < name.size(); ++at) {
    const bool alone = name[at - 1] == '-' && is_digit(name, at) && !is_digit(name, at + 1);
    if (!alone) continue;
    const int major = name[at] - '0';
    const bool has_minor = at + 1 < name.size() && (name[at + 1] == '-' || name[at + 1] == '.') &&
                           is_digit(name, at + 2) && !is_digit(name, at + 3);
    return major * 10 + (has_minor ? name[at + 2] - '0' : 0);
  }
  return 0;
}

}  // namespace

BedrockModel bedrock_model(std::string_view name) {
  const auto holds = [name](std::string_view part) { return name.find(part) != std::string_view::npos; };
  BedrockModel model;
  if (holds("claude")) {
    model.maker = BedrockModel::Maker::anthropic;
    model.version = name.starts_with("claude") ? claude_version("-" + std::string(name)) : claude_version(name);
  } else if (holds("amazon.nova")) {
    model.maker = BedrockModel::Maker::amazon;
  } else if (holds("openai.")) {
    model.maker = BedrockModel::Maker::openai;
  }
  return model;
}

BedrockProvider::BedrockProvider(const config::Provider& settings)
    : HttpProvider(settings), codec_(chat::Dialect::bedrock, make_bedrock_reader, secrets()) {}

const AnswerCodec& BedrockProvider::codec(chat::Dialect) const { return codec_; }

std::span<const std::string_view> BedrockProvider::client_fields() const { return passed_on; }

std::string BedrockProvider::path(const Sending& sending) const {
  std::string path = "/model/";
  append_percent_encoded(path, sending.target.model);
  return path + (sending.request.stream ? "/converse-stream" : "/converse");
}

Result<void> BedrockProvider::write_body(const Sending& sending, Outgoing& outgoing) const {
  if (!sending.request.conversation) {
    return gateway_error(ErrorKind::internal, 500, "The request was not read for a target of another dialect.");
  }
  BedrockRequest written = write_bedrock(*sending.request.conversation, sending.target);
  set_body(outgoing, std::move(written.body));
  return settle_dropped(settings(), sending.target, std::move(written.dropped), outgoing);
}

bool BedrockProvider::signs() const { return !settings().aws.access_key_id.empty() && !settings().api_key.set(); }

void BedrockProvider::append_signature(std::string& head, std::string_view method, std::string_view target,
                                       const std::vector<std::string_view>& body, WallTime now) const {
  const config::Aws& aws = settings().aws;
  const std::string time = aws_time(now);
  AwsRequest request{method, target, {{"host", host_field()}, {"x-amz-date", time}}, sha256_hex(body)};
  wire::append_field(head, "x-amz-date", time);
  if (aws.session_token.set()) {
    request.fields.emplace_back("x-amz-security-token", aws.session_token.value);
    wire::append_field(head, "x-amz-security-token", aws.session_token.value);
  }
  const AwsCredentials credentials{aws.access_key_id, aws.secret_access_key.value, aws.region, "bedrock"};
  wire::append_field(head, "authorization", aws_authorization(credentials, request, time));
}

void BedrockProvider::append_key(std::string& head, const Sending& sending, std::string_view target,
                                 const Outgoing& outgoing) const {
  if (signs()) {
    append_signature(head, "POST", target, outgoing.body, sending.now);
  } else {
    HttpProvider::append_key(head, sending, target, outgoing);
  }
}

// The target stands in the first line, and the fields of the signature go behind the others.
std::string BedrockProvider::build_get(std::string_view path) const {
  std::string head = HttpProvider::build_get(path);
  if (!signs()) return head;
  constexpr std::string_view method = "GET ";
  const std::size_t end = head.find(' ', method.size());
  const std::string target = head.substr(method.size(), end - method.size());
  head.resize(head.size() - 2);
  append_signature(head, "GET", target, {}, system_clock().wall());
  wire::end_head(head);
  return head;
}

bool BedrockProvider::passes_response_header(std::string_view name) const {
  return iequals(name, "x-amzn-requestid") || HttpProvider::passes_response_header(name);
}

}  // namespace triaged::provider
