// Amazon's dialect: Converse and ConverseStream of Bedrock. No client of ours speaks it, so every request is written
// from a Conversation.
#pragma once

#include "provider/http_provider.hpp"
#include "provider/reading.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {

class BedrockProvider final : public HttpProvider {
 public:
  explicit BedrockProvider(const config::Provider& settings);
  const AnswerCodec& codec(chat::Dialect client) const override;
  std::string build_get(std::string_view path) const override;
  Failure read_failure(int status, const wire::Headers& headers, std::string_view body, WallTime now) const override;
  bool passes_response_header(std::string_view name) const override;

 private:
  std::string path(const Sending& sending) const override;
  Result<void> write_body(const Sending& sending, Outgoing& outgoing) const override;
  std::span<const std::string_view> client_fields() const override;
  void append_key(std::string& head, const Sending& sending, std::string_view target,
                  const Outgoing& outgoing) const override;
  bool signs() const;  // rather than to send a key
  void append_signature(std::string& head, std::string_view method, std::string_view target,
                        const std::vector<std::string_view>& body, WallTime now) const;

  ReadingCodec codec_;
};

struct BedrockRequest {
  std::string body;
  std::vector<std::string> dropped;  // what the target cannot be told
};
BedrockRequest write_bedrock(const chat::Conversation& conversation, const config::Target& target);

std::unique_ptr<chat::AnswerReader> make_bedrock_reader();

// Who made a model: what goes into additionalModelRequestFields is as its maker has it.
struct BedrockModel {
  enum class Maker : std::uint8_t { other, anthropic, amazon, openai };
  Maker maker = Maker::other;
  int version = 0;  // of Claude's models, times 10

  bool is_claude() const { return maker == Maker::anthropic; }
  bool caches() const { return maker == Maker::anthropic || maker == Maker::amazon; }
  bool takes_sampling() const { return version < 47; }  // temperature and the like
  // Are the arguments of its tools held to their schemas, where that is asked for? Others refuse to be asked.
  bool is_strict() const { return version >= 45 || maker == Maker::openai; }
  bool decides_how_much_to_think() const { return version >= 46; }  // rather than to be given a budget
};
// "us.anthropic.claude-sonnet-4-5-20250929-v1:0", an ARN that ends in such a name ...
BedrockModel bedrock_model(std::string_view name);

}  // namespace triaged::provider
