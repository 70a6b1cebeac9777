// Chat completions as tests write them: requests, and what an upstream answers.
#pragma once

#include "support/signal.hpp"
#include "support/upstream.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace triaged::test {

constexpr std::string_view chat_path = "/v1/chat/completions";
constexpr std::string_view easy = "What are your opening hours?";
constexpr std::string_view hard = "Analyse the attached 50-page contract and summarise the key risks";

// `more` are further members, ",\"stream\":true" for example.
std::string chat_request(std::string_view model, std::string_view prompt = easy, std::string_view more = {});
std::string stream_request(std::string_view model, std::string_view prompt = easy, std::string_view more = {});
// The same as an HTTP request.
std::string chat(std::string_view model, std::string_view prompt = easy, std::string_view extra_fields = {});
std::string streamed_chat(std::string_view model, std::string_view prompt = easy, std::string_view extra_fields = {});

struct Tokens {
  std::int64_t input = 10;
  std::int64_t output = 5;
  std::int64_t cached = 0;     // of the input
  std::int64_t reasoning = 0;  // of the output
};
std::string usage_json(Tokens tokens);
std::string answer_body(std::string_view text, Tokens tokens = {});
std::string role_chunk();
std::string text_chunk(std::string_view text);
std::string finish_chunk();
std::string usage_chunk(Tokens tokens = {});
std::string error_body(std::string_view message, std::string_view code);

// Text of an answer or of a stream's events.
std::string text_of(const std::string& answer);
std::string text_of(const std::vector<std::string>& events);

// Answers whole or streamed, as the request asks.
Script answers(std::string_view text, Tokens tokens = {});
// Says in `asked` that the request is there, and answers once `go_on` has happened.
Script held(std::string_view text, Signal& asked, Signal& go_on);
Script fails(int status, std::string_view code = "server_error", std::string_view extra_fields = {});
void stream(Exchange& exchange, std::string_view text, Tokens tokens = {});

}  // namespace triaged::test
