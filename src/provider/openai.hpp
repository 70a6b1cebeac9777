// The dialect of OpenAI's chat completions, which most providers speak with small differences. What differs is read
// leniently; what is written is the client's own body with as little replaced as possible.
#pragma once

#include "triaged/provider/provider.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {

class OpenAiProvider final : public Provider {
 public:
  explicit OpenAiProvider(const config::Provider& settings);

  Outgoing build(const chat::Request& request, std::string_view body, const wire::Headers& client_headers,
                 const config::Target& target, std::size_t key) const override;
  std::string build_get(std::string_view path) const override;
  std::size_t keys() const override { return authorizations_.size(); }
  // The answer's text is a view into `body` or into memory of this thread: valid until the next call on it.
  Result<chat::Answer> decode_answer(std::string_view body) const override;
  std::unique_ptr<StreamDecoder> make_stream_decoder() const override;
  void add_detail(std::string_view raw, chat::AnswerDetail& detail) const override;
  Failure read_failure(int status, const wire::Headers& headers, std::string_view body, WallTime now) const override;
  bool passes_response_header(std::string_view name) const override;

 private:
  std::string target_path(const config::Target& target) const;
  void append_query(std::string& path) const;
  void append_host_and_key(std::string& head, std::size_t key) const;
  void append_own_fields(std::string& head) const;
  void append_client_fields(std::string& head, const wire::Headers& client_headers) const;
  bool configured(std::string_view name) const;  // among the provider's own headers, or its authentication

  const config::Provider& settings_;
  std::string host_field_;
  std::vector<std::string> authorizations_;  // by key: value of the authentication field, "" for none
  std::vector<std::string> secrets_;         // all keys, to be kept out of messages
};

// `secrets` are kept out of error messages; what they point to outlives the decoder.
std::unique_ptr<StreamDecoder> make_openai_stream_decoder(std::span<const std::string> secrets);

}  // namespace triaged::provider
