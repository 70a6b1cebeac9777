// Nothing is lost in silence: whatever a client of any dialect asks for is told to the provider of any other, or named
// among what was dropped, or refused. And what is named stands in the client's request under that name.
#include "triaged/chat/conversation.hpp"

#include "dialects/ends.hpp"
#include "dialects/random_request.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

namespace triaged::dialects {
namespace {

using chat::Dialect;
using config::Profile;
using config::ProviderDialect;
using nlohmann::json;

struct Target {
  Dialect speaks;
  ProviderDialect dialect;
  Profile profile;
  std::string_view model;
};

// Of every dialect the models and profiles that differ in what they can be told.
constexpr std::array targets{
    Target{Dialect::openai_chat, ProviderDialect::openai, Profile::generic, "m"},
    Target{Dialect::openai_chat, ProviderDialect::openai, Profile::openai, "gpt-4.1"},
    Target{Dialect::openai_chat, ProviderDialect::openai, Profile::openai, "gpt-5.4"},
    Target{Dialect::openai_chat, ProviderDialect::openai, Profile::openai, "o3"},
    Target{Dialect::openai_chat, ProviderDialect::openai, Profile::mistral, "mistral-large"},
    Target{Dialect::openai_chat, ProviderDialect::openai, Profile::deepseek, "deepseek-chat"},
    Target{Dialect::openai_chat, ProviderDialect::openai, Profile::groq, "llama"},
    Target{Dialect::openai_chat, ProviderDialect::openai, Profile::xai, "grok-4"},
    Target{Dialect::openai_chat, ProviderDialect::openai, Profile::openrouter, "a/b"},
    Target{Dialect::openai_chat, ProviderDialect::openai, Profile::ollama, "qwen3"},
    Target{Dialect::openai_chat, ProviderDialect::openai, Profile::vllm, "m"},
    Target{Dialect::anthropic, ProviderDialect::anthropic, Profile::generic, "claude-3-haiku-20240307"},
    Target{Dialect::anthropic, ProviderDialect::anthropic, Profile::generic, "claude-sonnet-4-5"},
    Target{Dialect::anthropic, ProviderDialect::anthropic, Profile::generic, "claude-opus-4-6"},
    Target{Dialect::anthropic, ProviderDialect::anthropic, Profile::generic, "claude-opus-5-5"},
    Target{Dialect::gemini, ProviderDialect::gemini, Profile::generic, "gemini-2.0-flash"},
    Target{Dialect::gemini, ProviderDialect::gemini, Profile::generic, "gemini-2.5-pro"},
    Target{Dialect::gemini, ProviderDialect::gemini, Profile::generic, "gemini-3-flash"},
    Target{Dialect::bedrock, ProviderDialect::bedrock, Profile::generic, "anthropic.claude-sonnet-4-5-20250929-v1:0"},
    Target{Dialect::bedrock, ProviderDialect::bedrock, Profile::generic, "anthropic.claude-opus-4-7-v1:0"},
    Target{Dialect::bedrock, ProviderDialect::bedrock, Profile::generic, "amazon.nova-2-lite-v1:0"},
    Target{Dialect::bedrock, ProviderDialect::bedrock, Profile::generic, "openai.gpt-oss-120b-1:0"},
    Target{Dialect::bedrock, ProviderDialect::bedrock, Profile::generic, "meta.llama3-3-70b-instruct-v1:0"}};

// What a provider gets.
struct Sent {
  std::string text;
  std::string strings;  // all strings and numbers in it, those of JSON within strings, too
  std::vector<std::string> dropped;
};

// NOLINTNEXTLINE(misc-no-recursion)
void collect(const json& value, std::string& out) {
  if (value.is_structured()) {
    for (const auto& [key, inner] : value.items()) {
      if (value.is_object()) out.append(key).push_back('\n');
      collect(inner, out);
    }
    return;
  }
  if (!value.is_string()) {
    out.append(value.dump()).push_back('\n');
    return;
  }
  const auto& string = value.get_ref<const std::string&>();
  out.append(string).push_back('\n');
  if (string.empty() || (string.front() != '{' && string.front() != '[')) return;
  const json within = json::parse(string, nullptr, false);
  if (!within.is_discarded()) collect(within, out);
}

Sent send(const ProviderEnd& provider, const chat::Request& request, const std::string& body) {
  const ProviderEnd::Sent sent = provider.send(request, body);
  Sent seen{sent.body, {}, sent.dropped};
  collect(json::parse(seen.text), seen.strings);
  return seen;
}

// "tools[0]" covers "tools[0].function.strict".
bool covers(const std::string& name, const std::string& path) {
  return path.starts_with(name) && (path.size() == name.size() || path[name.size()] == '.' || path[name.size()] == '[');
}

bool is_accounted_for(const Trace& trace, Dialect provider, const Sent& sent) {
  const auto among = [provider](const std::vector<Dialect>& dialects) {
    return std::find(dialects.begin(), dialects.end(), provider) != dialects.end();
  };
  if (among(trace.quiet)) return true;
  const bool told = std::all_of(trace.words.begin(), trace.words.end(), [&sent](const std::string& word) {
    return sent.strings.find(word) != std::string::npos;
  });
  if (!trace.words.empty() && told) return true;
  for (const auto& [dialect, text] : trace.forms) {
    if (dialect == provider && sent.text.find(text) != std::string::npos) return true;
  }
  return std::any_of(sent.dropped.begin(), sent.dropped.end(), [&trace](const std::string& name) {
    return covers(name, trace.path) || std::find(trace.also.begin(), trace.also.end(), name) != trace.also.end();
  });
}

// Does "messages[1].content[0].detail" stand in the body?
bool stands_in(const json& body, const std::string& path) {
  const json* value = &body;
  std::size_t at = 0;
  while (at < path.size()) {
    if (path[at] == '[') {
      const std::size_t index = std::stoul(path.substr(at + 1));
      if (!value->is_array() || index >= value->size()) return false;
      value = &(*value)[index];
      at = path.find(']', at) + 1;
      continue;
    }
    if (path[at] == '.') ++at;
    const std::size_t end = std::min(path.find_first_of(".[", at), path.size());
    const std::string name = path.substr(at, end - at);
    if (!value->is_object() || !value->contains(name)) return false;
    value = &(*value)[name];
    at = end;
  }
  return true;
}

std::string names_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

// Without its numbers, so that the same fault is told once.
std::string kind_of(const std::string& path) {
  std::string kind;
  for (const char c : path) {
    if (c < '0' || c > '9') kind.push_back(c);
  }
  return kind;
}

class Losses : public testing::TestWithParam<Dialect> {
 protected:
  static constexpr std::uint32_t seeds = 60;

  // Gives each of the random requests to each of the targets.
  void send_all() {
    std::vector<ProviderEnd> providers;
    providers.reserve(targets.size());
    for (const Target& each : targets) providers.emplace_back(each.dialect, each.model, each.profile);
    for (seed_ = 0; seed_ < seeds; ++seed_) {
      const RandomRequest random = random_request(GetParam(), seed_);
      body_ = random.body.dump();
      const chat::Request request = read_request(GetParam(), body_);
      for (std::size_t i = 0; i < targets.size(); ++i) {
        target_ = &targets[i];
        const Sent sent = send(providers[i], request, body_);
        look_for_losses(random, request, sent);
        look_for_names(random, sent);
      }
    }
  }
  void expect_no_faults() const {
    for (const auto& [fault, example] : faults_) ADD_FAILURE() << fault << "\n  " << example;
  }

 private:
  void look_for_losses(const RandomRequest& random, const chat::Request& request, const Sent& sent) {
    // Converse cannot be told that no tool is to be called, so it gets none.
    const bool untold =
        target_->speaks == Dialect::bedrock && request.conversation->tool_choice.use == chat::ToolUse::none;
    for (const Trace& trace : random.traces) {
      if (is_accounted_for(trace, target_->speaks, sent) || (untold && trace.path.starts_with("tools"))) continue;
      note("lost on the way to " + std::string(name(target_->speaks)) + ": " + kind_of(trace.path), sent);
    }
  }
  void look_for_names(const RandomRequest& random, const Sent& sent) {
    const std::set<std::string> once(sent.dropped.begin(), sent.dropped.end());
    if (once.size() != sent.dropped.size()) note("named twice", sent);
    for (const std::string& name : sent.dropped) {
      if (!stands_in(random.body, name)) note("not in the request: " + kind_of(name), sent);
    }
  }
  void note(std::string fault, const Sent& sent) {
    faults_.try_emplace(std::move(fault), "seed " + std::to_string(seed_) + ", " + std::string(target_->model) +
                                              "\n  " + body_ + "\n  " + sent.text +
                                              "\n  dropped: " + names_of(sent.dropped));
  }

  std::map<std::string, std::string> faults_;  // by what is wrong, with one example of each
  std::uint32_t seed_ = 0;
  const Target* target_ = nullptr;
  std::string body_;
};

TEST_P(Losses, AreNoneThatAreNotNamedAsTheyStandInTheRequest) {
  send_all();
  expect_no_faults();
}

std::string name_of(const testing::TestParamInfo<Dialect>& info) {
  std::string text(name(info.param));
  std::erase_if(text, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
  return text;
}

INSTANTIATE_TEST_SUITE_P(Clients, Losses,
                         testing::Values(Dialect::openai_chat, Dialect::openai_responses, Dialect::anthropic,
                                         Dialect::openai_completions),
                         name_of);

}  // namespace
}  // namespace triaged::dialects
