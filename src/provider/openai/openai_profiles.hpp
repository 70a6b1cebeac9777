// What the providers that speak OpenAI's chat dialect know of it, in one table. It goes for bodies that are passed on
// and for bodies that are written.
#pragma once

#include "triaged/config/settings.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {

enum class Change : std::uint8_t {
  drop,
  rename,      // to `to`
  effort,      // the nearest of the profile's words
  plain_json,  // JSON by a schema becomes JSON of any shape
};

struct MemberRule {
  std::string_view member;
  Change change = Change::drop;
  std::string_view to{};       // rename: the provider's name
  std::string_view neutral{};  // drop: the value that asks for what happens anyway, so that nothing is lost
  // Is it so for this model, asked to think that much ("" nothing said)? Null: for all.
  bool (*when)(std::string_view model, std::string_view effort) = nullptr;
};

// In which member of an assistant message its thoughts are told.
enum class Thoughts : std::uint8_t {
  dropped,
  reasoning,
  reasoning_content,
  with_calls,  // in `reasoning_content`, of messages with tool calls, and there always
};

enum class CallIds : std::uint8_t { short_text, nine_letters };

struct OpenAiProfile {
  std::span<const MemberRule> rules;
  std::span<const std::string_view> only;  // members it knows; others are refused by it. Empty: it takes any
  std::span<const std::string_view> cut;   // members of messages that it refuses
  // The words of reasoning_effort that a model knows, from little to much.
  std::span<const std::string_view> (*efforts)(std::string_view model) = nullptr;
  std::string_view effort_off;            // the member in place of reasoning_effort "none"; "" that word will do
  std::string_view limit = "max_tokens";  // the name of the limit of output tokens
  Thoughts thoughts = Thoughts::dropped;
  CallIds ids = CallIds::short_text;
  bool parts = true;            // text in parts, too
  bool files = false;           // parts of type file
  bool top_k = false;           // knows it by this name
  bool strict = true;           // of tools
  bool cache_marks = false;     // Anthropic's, in parts of text
  bool prefill_marked = false;  // an assistant message at the end has to be marked as a beginning
  bool turns_strict = false;    // no user message straight behind a tool's
};

const OpenAiProfile& openai_profile(config::Profile profile);

// The rules of a profile that go for one request.
class ProfileRules {
 public:
  ProfileRules(const OpenAiProfile& profile, std::string_view model, std::string_view effort);

  // False: the body passes as it is.
  bool touch(std::string_view body) const;
  // False: no message in the text has a member that the profile cuts. Much faster than to look at each of them.
  bool may_cut(std::string_view text) const;

  enum class Fate : std::uint8_t { kept, dropped, renamed, replaced };
  struct Verdict {
    Fate fate = Fate::kept;
    bool told = false;      // something is lost by it
    std::string_view name;  // renamed
    std::string member;     // replaced: the whole member in its place
  };
  // Of a member as the client wrote it; `value` is its JSON text.
  Verdict judge(std::string_view name, std::string_view value) const;
  const OpenAiProfile& profile() const { return profile_; }

 private:
  Verdict replaced_effort(std::string_view value) const;

  const OpenAiProfile& profile_;
  std::vector<const MemberRule*> rules_;
  std::span<const std::string_view> efforts_;
};

// Does OpenAI's model think before it answers? Such models refuse several members.
bool is_openai_reasoning(std::string_view model);

}  // namespace triaged::provider
