// The dialect of OpenAI's chat completions, which most providers speak with small differences. What differs is read
// leniently; what is written is the client's own body with as little replaced as possible.
#pragma once

#include "provider/http_provider.hpp"
#include "provider/reading.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {

// `secrets` are kept out of error messages; what they point to outlives the codec.
class OpenAiChatCodec final : public AnswerCodec {
 public:
  explicit OpenAiChatCodec(std::span<const std::string> secrets) : secrets_(secrets) {}
  chat::Dialect dialect() const override { return chat::Dialect::openai_chat; }
  Result<chat::Answer> decode_answer(std::string_view body) const override;
  void add_answer_detail(std::string_view body, chat::AnswerDetail& detail) const override;
  std::unique_ptr<StreamDecoder> make_stream_decoder() const override;
  std::unique_ptr<chat::AnswerReader> make_reader() const override;

 private:
  std::span<const std::string> secrets_;
};

class OpenAiProvider final : public HttpProvider {
 public:
  explicit OpenAiProvider(const config::Provider& settings);
  const AnswerCodec& codec(chat::Dialect client) const override;

 private:
  std::string path(const Sending& sending) const override;
  Result<void> write_body(const Sending& sending, Outgoing& outgoing) const override;
  Result<void> splice_body(const Sending& sending, Outgoing& outgoing) const;
  std::span<const std::string_view> client_fields() const override;

  // A dialect besides chat that the provider speaks itself.
  struct Native {
    std::string_view path;
    std::unique_ptr<AnswerCodec> codec;
  };
  const Native* find_native(chat::Dialect dialect) const;

  OpenAiChatCodec chat_codec_;
  std::vector<Native> natives_;
};

// Reads the completions before chat as well: what differs between them stands under other names.
std::unique_ptr<chat::AnswerReader> make_openai_chat_reader();

std::unique_ptr<StreamDecoder> make_openai_stream_decoder(std::span<const std::string> secrets);
// What a whole answer, or one event, says beyond its text.
void add_openai_detail(std::string_view raw, chat::AnswerDetail& detail);

}  // namespace triaged::provider
