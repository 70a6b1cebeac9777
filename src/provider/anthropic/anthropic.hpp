// Anthropic's Messages API, at Anthropic itself, on Vertex AI, and wherever else it is spoken.
#pragma once

#include "provider/http_provider.hpp"
#include "provider/reading.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace triaged::provider {

class AnthropicProvider final : public HttpProvider {
 public:
  explicit AnthropicProvider(const config::Provider& settings);
  const AnswerCodec& codec(chat::Dialect client) const override;
  bool passes_response_header(std::string_view name) const override;

 private:
  std::string path(const Sending& sending) const override;
  Result<void> write_body(const Sending& sending, Outgoing& outgoing) const override;
  std::span<const std::string_view> client_fields() const override;
  void append_dialect_fields(std::string& head, const Sending& sending) const override;
  bool on_vertex() const { return settings().profile == config::Profile::vertex; }
  void pass_on(const Sending& sending, Outgoing& outgoing) const;

  ReadingCodec codec_;
};

std::unique_ptr<chat::AnswerReader> make_anthropic_reader();

}  // namespace triaged::provider
