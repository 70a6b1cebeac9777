// Google's dialect: generateContent of the Gemini API and of Vertex AI. No client of ours speaks it, so every request
// is written from a Conversation.
#pragma once

#include "provider/http_provider.hpp"
#include "provider/reading.hpp"
#include "provider/signatures.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {

class GeminiProvider final : public HttpProvider {
 public:
  explicit GeminiProvider(const config::Provider& settings);
  const AnswerCodec& codec(chat::Dialect client) const override;
  Failure read_failure(int status, const wire::Headers& headers, std::string_view body, WallTime now) const override;

 private:
  std::string path(const Sending& sending) const override;
  Result<void> write_body(const Sending& sending, Outgoing& outgoing) const override;
  std::span<const std::string_view> client_fields() const override;

  ReadingCodec codec_;
};

struct GeminiRequest {
  std::string body;
  std::vector<std::string> dropped;  // what the target cannot be told
};
GeminiRequest write_gemini(const chat::Conversation& conversation, const config::Target& target);

std::unique_ptr<chat::AnswerReader> make_gemini_reader();

// Which family of models a name belongs to: "gemini-2.5-flash-lite" is 2.5, of the kind "flash-lite".
struct GeminiModel {
  int generation = 0;  // times 10; 0: not one of Gemini's
  bool pro = false;
  bool lite = false;

  bool thinks() const { return generation >= 25; }
  bool has_levels() const { return generation >= 30; }  // of thinking, where those before have budgets
};
GeminiModel gemini_model(std::string_view name);

}  // namespace triaged::provider
