#include "provider/http_provider.hpp"

#include "triaged/base/text.hpp"
#include "triaged/chat/conversation.hpp"
#include "triaged/wire/compression.hpp"
#include "triaged/wire/head_writer.hpp"

#include <algorithm>
#include <utility>

namespace triaged::provider {
namespace {

std::string host_field_of(const config::Provider& settings) {
  std::string host = settings.host.empty() ? "localhost" : settings.host;
  if (host.find(':') != std::string::npos && host.front() != '[') host = "[" + host + "]";
  const std::uint16_t usual = settings.scheme == "https" ? 443 : 80;
  if (settings.port != 0 && settings.port != usual) host.append(":").append(std::to_string(settings.port));
  return host;
}

// What is small gains nothing.
constexpr std::size_t least_packed = 1024;

void pack(Outgoing& outgoing, wire::Coding coding) {
  wire::Compressor compressor(coding);
  std::string packed;
  for (const std::string_view piece : outgoing.body) compressor.put(piece, packed, false);
  compressor.put({}, packed, true);
  set_body(outgoing, std::move(packed));
}

wire::Coding coding_of(config::PackRequests requests) {
  switch (requests) {
    case config::PackRequests::gzip: return wire::Coding::gzip;
    case config::PackRequests::zstd: return wire::Coding::zstd;
    case config::PackRequests::none: break;
  }
  return wire::Coding::identity;
}

}  // namespace

HttpProvider::HttpProvider(const config::Provider& settings)
    : settings_(settings), host_field_(host_field_of(settings)) {
  if (!settings.token_file.empty()) token_file_ = std::make_unique<TokenFile>(settings.token_file);
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

void HttpProvider::append_query(std::string& path) const {
  char separator = path.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : settings_.query) {
    path.push_back(std::exchange(separator, '&'));
    append_percent_encoded(path, name);
    path.push_back('=');
    append_percent_encoded(path, value);
  }
}

bool HttpProvider::configured(std::string_view name) const {
  const bool has_key = !authorizations_.front().empty() || token_file_;
  if (has_key && iequals(name, settings_.auth_header)) return true;
  return std::any_of(settings_.headers.begin(), settings_.headers.end(),
                     [name](const auto& header) { return iequals(header.first, name); });
}

void HttpProvider::append_client_fields(std::string& head, const wire::Headers& client_headers) const {
  for (const std::string_view name : client_fields()) {
    const auto value = client_headers.find(name);
    if (!value || configured(name) || wire::named_in_connection(client_headers, name)) continue;
    wire::append_field(head, name, *value);
  }
}

void HttpProvider::append_authorization(std::string& head, std::size_t key, std::optional<WallTime> now) const {
  if (token_file_) {
    const std::string& token = token_file_->token(now);
    if (!token.empty()) wire::append_field(head, settings_.auth_header, "Bearer " + token);
    return;
  }
  const std::string& authorization = authorizations_[key];
  if (!authorization.empty()) wire::append_field(head, settings_.auth_header, authorization);
}

void HttpProvider::append_key(std::string& head, const Sending& sending, std::string_view, const Outgoing&) const {
  append_authorization(head, sending.key, sending.now);
}

void HttpProvider::append_dialect_fields(std::string&, const Sending&) const {}

void HttpProvider::append_own_fields(std::string& head) const {
  if (!configured("user-agent")) wire::append_field(head, "user-agent", "triaged/0.1");
  for (const auto& [name, value] : settings_.headers) {
    if (!wire::is_hop_by_hop(name)) wire::append_field(head, name, value);
  }
}

std::string HttpProvider::build_get(std::string_view path) const {
  std::string target = settings_.base_path;
  target.append(path);
  append_query(target);
  std::string head;
  wire::append_request_line(head, "GET", target);
  wire::append_field(head, "host", host_field_);
  append_authorization(head, 0, std::nullopt);
  wire::append_field(head, "accept-encoding", "identity");
  append_own_fields(head);
  wire::end_head(head);
  return head;
}

Result<Outgoing> HttpProvider::build(const Sending& sending) const {
  const chat::Request& request = sending.request;
  const bool told_elsewhere = request.conversation && !request.conversation->native_only.empty() &&
                              codec(request.dialect).dialect() != request.dialect;
  if (told_elsewhere) {
    Error error(Blame::gateway, ErrorKind::unsupported, 400, request.conversation->native_only);
    error.code = "unsupported_parameter";
    error.param = request.conversation->native_only_param;
    return error;
  }
  Outgoing outgoing;
  if (Result<void> written = write_body(sending, outgoing); !written) return written.error();
  const wire::Coding coding =
      outgoing.body_bytes < least_packed ? wire::Coding::identity : coding_of(settings_.compression.requests);
  if (coding != wire::Coding::identity) pack(outgoing, coding);
  std::string target = settings_.base_path + path(sending);
  append_query(target);

  std::string& head = outgoing.head;
  head.reserve(512);
  wire::append_request_line(head, "POST", target);
  wire::append_field(head, "host", host_field_);
  append_key(head, sending, target, outgoing);
  wire::append_field(head, "content-type", "application/json");
  if (coding != wire::Coding::identity) wire::append_field(head, "content-encoding", wire::name(coding));
  wire::append_field(head, "accept", sending.request.stream ? "text/event-stream" : "application/json");
  append_dialect_fields(head, sending);
  if (!configured("accept-encoding")) {
    wire::append_field(head, "accept-encoding", settings_.compression.answers ? "zstd, br, gzip" : "identity");
  }
  append_own_fields(head);
  append_client_fields(head, sending.client_headers);
  wire::append_length_field(head, outgoing.body_bytes);
  wire::end_head(head);
  return outgoing;
}

void set_body(Outgoing& outgoing, std::string body) {
  const auto& kept = outgoing.owned.emplace_back(std::make_shared<const std::string>(std::move(body)));
  outgoing.body.assign(1, *kept);
  outgoing.body_bytes = kept->size();
}

Result<void> settle_dropped(const config::Provider& settings, const config::Target& target,
                            std::vector<std::string> dropped, Outgoing& outgoing) {
  if (dropped.empty()) return {};
  if (settings.on_unsupported == config::OnUnsupported::drop) {
    outgoing.dropped = std::move(dropped);
    return {};
  }
  std::string sentence = target.name + " cannot be asked for: ";
  for (std::size_t i = 0; i < dropped.size(); ++i) sentence.append(i == 0 ? "" : ", ").append(dropped[i]);
  Error error(Blame::gateway, ErrorKind::unsupported, 400, std::move(sentence));
  error.code = "unsupported_parameter";
  error.param = dropped.front();
  return error;
}

}  // namespace triaged::provider
