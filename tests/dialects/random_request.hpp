// Random requests in every dialect of clients, each with a list of what it asks for: a translation has to tell all of
// it, or say that it does not.
#pragma once

#include "triaged/chat/request.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::dialects {

// One thing that a request asks for.
struct Trace {
  std::string path;                // where it stands: "messages[1].content[0].image_url.detail"
  std::vector<std::string> words;  // told, where all of these are among the strings and numbers of what is sent
  // Told as well, where one of these stands in the text sent to a provider of that dialect.
  std::vector<std::pair<chat::Dialect, std::string>> forms;
  std::vector<std::string> also;     // other names that its loss may go by, for a member that stands for it
  std::vector<chat::Dialect> quiet;  // who needs not be told: for a hint that changes no answer

  Trace& form(chat::Dialect provider, std::string text) {
    forms.emplace_back(provider, std::move(text));
    return *this;
  }
  Trace& named(std::string name) {
    also.push_back(std::move(name));
    return *this;
  }
  Trace& hint(std::vector<chat::Dialect> providers) {
    quiet = std::move(providers);
    return *this;
  }
};

inline const std::vector<chat::Dialect> everyone{chat::Dialect::openai_chat, chat::Dialect::anthropic,
                                                 chat::Dialect::gemini, chat::Dialect::bedrock};
// Who keeps the beginnings of prompts without being asked to.
inline const std::vector<chat::Dialect> caching{chat::Dialect::openai_chat, chat::Dialect::gemini};

struct RandomRequest {
  nlohmann::json body = nlohmann::json::object();
  std::vector<Trace> traces;
};

// The same for the same seed.
RandomRequest random_request(chat::Dialect client, std::uint32_t seed);

// What the makers of requests are made of.
class RandomMaker {
 public:
  explicit RandomMaker(std::uint32_t seed) : random_(seed) {}

 protected:
  using Json = nlohmann::json;

  std::size_t pick(std::size_t below) { return random_() % below; }
  bool maybe(std::size_t of = 2) { return pick(of) == 0; }
  template <class Value, std::size_t size>
  Value one_of(const std::array<Value, size>& values) {
    return values[pick(size)];
  }
  std::string word();    // unique, with characters that need care
  std::string plain();   // unique, of letters and digits
  double fraction();     // unique, below 1
  std::int64_t whole();  // unique, in the thousands
  std::string image();   // unique, base64
  std::string pdf();
  // Unique; the text that it stands for goes to `text`.
  std::string encoded(std::string& text);

  Trace& trace(std::string path, std::vector<std::string> words = {}) {
    made.traces.push_back({std::move(path), std::move(words), {}, {}, {}});
    return made.traces.back();
  }
  // A word of its own as a member of `object`, which stands at `path`.
  Trace& add_word(Json& object, const std::string& path, const std::string& name);
  Trace& add_number(Json& object, const std::string& path, const std::string& name, Json value);
  // Sometimes a member that no dialect knows.
  void add_unknown(Json& object, const std::string& path);
  void add_cache_mark(Json& object, const std::string& path, std::size_t of = 4);
  void add_parallel_calls();  // behind a `tool_choice`; as both of OpenAI's dialects have it
  // A JSON schema with a word in it, at the path of the member that holds it.
  Json schema(const std::string& path);

  RandomRequest made;

 private:
  std::mt19937 random_;
  int count_ = 100;
};

std::string at(const std::string& path, std::size_t index);

RandomRequest random_chat(std::uint32_t seed);
RandomRequest random_responses(std::uint32_t seed);
RandomRequest random_messages(std::uint32_t seed);
RandomRequest random_completion(std::uint32_t seed);

}  // namespace triaged::dialects
