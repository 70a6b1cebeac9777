// What all providers have in common: the head of a request is ours, with the provider's key and its own fields; what of
// the client's head means something to it is passed on. A provider says how its bodies are written, under which path,
// and how its answers are read.
#pragma once

#include "triaged/provider/provider.hpp"

#include "provider/token_file.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {

class HttpProvider : public Provider {
 public:
  explicit HttpProvider(const config::Provider& settings);

  Result<Outgoing> build(const Sending& sending) const final;
  std::string build_get(std::string_view path) const override;
  std::string build_passed(const Passing& passing) const override;
  std::size_t keys() const override { return authorizations_.size(); }
  Failure read_failure(int status, const wire::Headers& headers, std::string_view body, WallTime now) const override;
  bool passes_response_header(std::string_view name) const override;

 protected:
  const config::Provider& settings() const { return settings_; }
  std::span<const std::string> secrets() const { return secrets_; }  // all keys, to be kept out of messages
  const std::string& host_field() const { return host_field_; }

  // Below base_url, without query: where `sending` goes.
  virtual std::string path(const Sending& sending) const = 0;
  virtual Result<void> write_body(const Sending& sending, Outgoing& outgoing) const = 0;
  // Which fields of the client's head are passed on.
  virtual std::span<const std::string_view> client_fields() const = 0;
  // The dialect's own fields (its version ...), unless the client's or the configuration's head has them.
  virtual void append_dialect_fields(std::string& head, const Sending& sending) const;
  // What proves who is asking. `target`: path and query, encoded.
  virtual void append_key(std::string& head, const Sending& sending, std::string_view target,
                          const Outgoing& outgoing) const;
  bool configured(std::string_view name) const;  // among the provider's own headers, or its authentication

 private:
  void append_query(std::string& path) const;
  void append_authorization(std::string& head, std::size_t key, std::optional<WallTime> now) const;
  void append_own_fields(std::string& head) const;
  void append_client_fields(std::string& head, const wire::Headers& client_headers) const;
  bool passes_request_header(std::string_view name) const;  // of a request that is passed on

  const config::Provider& settings_;
  std::string host_field_;
  std::vector<std::string> authorizations_;  // by key: value of the authentication field, "" for none
  std::vector<std::string> secrets_;
  std::unique_ptr<TokenFile> token_file_;
};

// A whole body of our own making.
void set_body(Outgoing& outgoing, std::string body);
// What a request asks for and `target` cannot be told: an error, or noted in `outgoing`, as the provider's settings
// say.
Result<void> settle_dropped(const config::Provider& settings, const config::Target& target,
                            std::vector<std::string> dropped, Outgoing& outgoing);

}  // namespace triaged::provider
