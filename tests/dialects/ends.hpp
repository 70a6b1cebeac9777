// Both ends of a translation, without a network: what a client asks, and what a provider would get of it.
#pragma once

#include "triaged/chat/request.hpp"
#include "triaged/provider/provider.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::dialects {

// As the server reads it, with its conversation. Throws std::runtime_error where it would be refused.
// What it gives refers to `body`.
chat::Request read_request(chat::Dialect client, const std::string& body);

class ProviderEnd {
 public:
  // `native`: the dialects besides its own that it takes as they come.
  ProviderEnd(config::ProviderDialect dialect, std::string_view model,
              config::Profile profile = config::Profile::generic, std::vector<std::string> native = {});

  struct Sent {
    std::string body;
    std::vector<std::string> dropped;  // what a translation could not tell
  };
  // `body` is what `request` was read from. Throws std::runtime_error where the request is refused.
  Sent send(const chat::Request& request, const std::string& body) const;
  const provider::AnswerCodec& codec(chat::Dialect client) const { return provider_->codec(client); }

 private:
  std::unique_ptr<config::Provider> settings_;  // the provider keeps a reference
  std::unique_ptr<provider::Provider> provider_;
  config::Target target_;
};

}  // namespace triaged::dialects
