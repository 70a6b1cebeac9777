#include "provider/openai/openai_profiles.hpp"

#include "triaged/base/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>

namespace triaged::provider {
namespace {

using std::string_view;

// "openai/gpt-5", "ft:gpt-4.1:org": the name of the model itself.
string_view bare(string_view model) {
  if (model.starts_with("ft:")) model.remove_prefix(3);
  const std::size_t slash = model.rfind('/');
  return slash == string_view::npos ? model : model.substr(slash + 1);
}

bool has(string_view text, string_view word) { return text.find(word) != string_view::npos; }

bool is_o_series(string_view model) {
  model = bare(model);
  return model.size() > 1 && model[0] == 'o' && model[1] >= '1' && model[1] <= '9';
}

// From 5.1 on GPT-5 thinks only where it is asked to (effort "none" is its default), but for the variants that always
// do.
bool thinks_on_demand(string_view model) {
  model = bare(model);
  return model.starts_with("gpt-5.") && !has(model, "-codex") && !has(model, "-pro");
}

// https://platform.openai.com/docs/guides/latest-model, "parameter compatibility"; read 2026-11-27.
bool openai_thinks(string_view model, string_view effort) {
  if (!is_openai_reasoning(model)) return false;
  return !thinks_on_demand(model) || !(effort.empty() || effort == "none");
}

bool openai_reasoning(string_view model, string_view) { return is_openai_reasoning(model); }
bool openai_classic(string_view model, string_view) { return !is_openai_reasoning(model); }
bool o_series(string_view model, string_view) { return is_o_series(model); }
bool without_stop(string_view model, string_view effort) {
  return openai_thinks(model, effort) && !bare(model).starts_with("o1");
}

// Thoughts in messages are no members of its schema; a conversation that another maker's model has a share in brings
// them along.
constexpr std::array<string_view, 3> others_thoughts{"reasoning", "reasoning_content", "reasoning_details"};

// https://platform.openai.com/docs/api-reference/chat/create and /docs/guides/reasoning; read 2026-11-27. Azure:
// https://learn.microsoft.com/azure/ai-foundry/openai/how-to/reasoning, "not supported"; its deployments are known by
// their names only, so the names should tell the model.
constexpr std::array openai_rules{
    MemberRule{"max_tokens", Change::rename, "max_completion_tokens", "", openai_reasoning},
    MemberRule{"temperature", Change::drop, "", "1", openai_thinks},
    MemberRule{"top_p", Change::drop, "", "1", openai_thinks},
    MemberRule{"presence_penalty", Change::drop, "", "0", openai_thinks},
    MemberRule{"frequency_penalty", Change::drop, "", "0", openai_thinks},
    MemberRule{"logprobs", Change::drop, "", "false", openai_thinks},
    MemberRule{"top_logprobs", Change::drop, "", "0", openai_thinks},
    MemberRule{"logit_bias", Change::drop, "", "{}", openai_thinks},
    MemberRule{"stop", Change::drop, "", "[]", without_stop},
    MemberRule{"parallel_tool_calls", Change::drop, "", "", o_series},
    MemberRule{"reasoning_effort", Change::drop, "", "\"none\"", openai_classic},
    MemberRule{"reasoning_effort", Change::effort, "", "", openai_reasoning},
};

constexpr std::array<string_view, 5> newest_efforts{"none", "low", "medium", "high", "xhigh"};
constexpr std::array<string_view, 4> first_efforts{"minimal", "low", "medium", "high"};

std::span<const string_view> openai_efforts(string_view model) {
  model = bare(model);
  const std::span<const string_view> newest(newest_efforts);
  const std::span<const string_view> first(first_efforts);
  if (is_o_series(model)) return first.subspan(1);
  if (model == "gpt-5" || model.starts_with("gpt-5-")) return first;
  if (!thinks_on_demand(model)) return newest.subspan(1);
  return model.starts_with("gpt-5.1") ? newest.first(4) : newest;
}

// https://docs.mistral.ai/api/ (chat completions), and the request type of @mistralai/mistralai 1.x on npm; read
// 2026-11-27. Everything else is refused with 422 "Extra inputs are not permitted", in messages too. Usage comes at the
// end of every stream without being asked for.
constexpr std::array<string_view, 23> mistral_members{
    "model",       "messages",         "temperature",       "top_p",        "max_tokens",          "stream",
    "stop",        "random_seed",      "metadata",          "tools",        "tool_choice",         "response_format",
    "n",           "presence_penalty", "frequency_penalty", "prediction",   "parallel_tool_calls", "reasoning_effort",
    "prompt_mode", "guardrails",       "prompt_cache_key",  "service_tier", "safe_prompt"};
constexpr std::array mistral_rules{
    MemberRule{"seed", Change::rename, "random_seed"},
    MemberRule{"max_completion_tokens", Change::rename, "max_tokens"},
    MemberRule{"stream_options", Change::drop, "", "*"},
    MemberRule{"store", Change::drop, "", "false"},
    MemberRule{"logprobs", Change::drop, "", "false"},
    MemberRule{"logit_bias", Change::drop, "", "{}"},
};
constexpr std::array<string_view, 8> mistral_cut{
    "name", "refusal", "annotations", "audio", "reasoning", "reasoning_content", "reasoning_details", "function_call"};

// https://api-docs.deepseek.com/api/create-chat-completion and /guides/thinking_mode; read 2026-11-27. Others are
// passed over by it without a word, which we do not. Thoughts of earlier turns are ignored, but those with tool calls
// have to bring theirs, be they empty, or are refused with 400. It thinks unless it is told not to.
constexpr std::array<string_view, 3> deepseek_efforts{"low", "high", "max"};
constexpr std::array deepseek_rules{
    MemberRule{"max_completion_tokens", Change::rename, "max_tokens"},
    MemberRule{"response_format", Change::plain_json},
    MemberRule{"reasoning_effort", Change::effort},
    MemberRule{"n", Change::drop, "", "1"},
    MemberRule{"seed", Change::drop},
    MemberRule{"logit_bias", Change::drop, "", "{}"},
    MemberRule{"parallel_tool_calls", Change::drop, "", "true"},
    MemberRule{"user", Change::drop},
    MemberRule{"store", Change::drop, "", "false"},
    MemberRule{"metadata", Change::drop, "", "{}"},
    MemberRule{"verbosity", Change::drop, "", "\"medium\""},
    MemberRule{"prediction", Change::drop},
    MemberRule{"service_tier", Change::drop, "", "\"auto\""},
    MemberRule{"prompt_cache_key", Change::drop, "", "*"},  // caches by itself
};

// https://console.groq.com/docs/openai (refused with 400) and https://console.groq.com/docs/api-reference ("not
// supported"); read 2026-11-27.
constexpr std::array groq_rules{
    MemberRule{"logprobs", Change::drop, "", "false"},
    MemberRule{"top_logprobs", Change::drop, "", "0"},
    MemberRule{"logit_bias", Change::drop, "", "{}"},
    MemberRule{"n", Change::drop, "", "1"},
    MemberRule{"store", Change::drop, "", "false"},
    MemberRule{"metadata", Change::drop, "", "{}"},
    MemberRule{"prediction", Change::drop},
    MemberRule{"verbosity", Change::drop, "", "\"medium\""},
    MemberRule{"prompt_cache_key", Change::drop, "", "*"},  // caches by itself
};
constexpr std::array<string_view, 6> groq_cut{"name",  "refusal",           "annotations",
                                              "audio", "reasoning_content", "reasoning_details"};

// https://docs.x.ai/docs/models and /docs/guides/reasoning; read 2026-11-27. Models with a choice of effort publish it;
// the others refuse the parameter.
bool xai_thinks(string_view model, string_view) {
  model = bare(model);
  return !has(model, "non-reasoning") &&
         !(model.starts_with("grok-2") || model == "grok-3" || model == "grok-3-latest");
}
bool xai_without_effort(string_view model, string_view) {
  model = bare(model);
  if (model.starts_with("grok-3-mini")) return false;
  static constexpr std::array<string_view, 8> without{"grok-2",   "grok-3",    "grok-4-",    "grok-4.20",
                                                      "grok-4.1", "grok-code", "grok-build", "grok-beta"};
  return model == "grok-4" ||
         std::any_of(without.begin(), without.end(), [model](string_view each) { return model.starts_with(each); });
}
constexpr std::array<string_view, 4> xai_efforts{"none", "low", "medium", "high"};
constexpr std::array xai_rules{
    MemberRule{"presence_penalty", Change::drop, "", "0", xai_thinks},
    MemberRule{"frequency_penalty", Change::drop, "", "0", xai_thinks},
    MemberRule{"stop", Change::drop, "", "[]", xai_thinks},
    MemberRule{"reasoning_effort", Change::drop, "", "\"none\"", xai_without_effort},
    MemberRule{"reasoning_effort", Change::effort},
    MemberRule{"logit_bias", Change::drop, "", "{}"},
    MemberRule{"store", Change::drop, "", "false"},
    MemberRule{"metadata", Change::drop, "", "{}"},
    MemberRule{"verbosity", Change::drop, "", "\"medium\""},
    MemberRule{"prediction", Change::drop},
};

// https://docs.ollama.com/api/openai-compatibility, "supported request fields"; read 2026-11-27. Others are passed over
// by it without a word, which we do not.
constexpr std::array ollama_rules{
    MemberRule{"max_completion_tokens", Change::rename, "max_tokens"},
    MemberRule{"logit_bias", Change::drop, "", "{}"},
    MemberRule{"n", Change::drop, "", "1"},
    MemberRule{"user", Change::drop},
    MemberRule{"parallel_tool_calls", Change::drop, "", "true"},
    MemberRule{"store", Change::drop, "", "false"},
    MemberRule{"metadata", Change::drop, "", "{}"},
    MemberRule{"verbosity", Change::drop, "", "\"medium\""},
    MemberRule{"prediction", Change::drop},
    MemberRule{"service_tier", Change::drop, "", "\"auto\""},
    MemberRule{"prompt_cache_key", Change::drop, "", "*"},  // keeps the last prompts' state by itself
};

OpenAiProfile openai() {
  OpenAiProfile profile;
  profile.rules = openai_rules;
  profile.cut = others_thoughts;
  profile.limit = "max_completion_tokens";
  profile.efforts = openai_efforts;
  profile.files = true;
  return profile;
}

OpenAiProfile mistral() {
  OpenAiProfile profile;
  profile.rules = mistral_rules;
  profile.only = mistral_members;
  profile.cut = mistral_cut;
  profile.ids = CallIds::nine_letters;  // "must be a-z, A-Z, 0-9, with a length of 9"
  profile.prefill_marked = true;
  profile.turns_strict = true;  // "Unexpected role 'user' after role 'tool'"
  return profile;
}

OpenAiProfile deepseek() {
  OpenAiProfile profile;
  profile.rules = deepseek_rules;
  profile.efforts = [](string_view) { return std::span<const string_view>(deepseek_efforts); };
  profile.effort_off = R"("thinking":{"type":"disabled"})";
  profile.thoughts = Thoughts::with_calls;
  profile.parts = false;
  profile.strict = false;  // at another address only
  return profile;
}

OpenAiProfile groq() {
  OpenAiProfile profile;
  profile.rules = groq_rules;
  profile.cut = groq_cut;
  return profile;
}

OpenAiProfile xai() {
  OpenAiProfile profile;
  profile.rules = xai_rules;
  profile.efforts = [](string_view) { return std::span<const string_view>(xai_efforts); };
  return profile;
}

// https://openrouter.ai/docs/api-reference/parameters and /docs/use-cases/reasoning-tokens; read 2026-11-27. It leaves
// out by itself what the provider that it chooses does not know.
OpenAiProfile openrouter() {
  OpenAiProfile profile;
  profile.thoughts = Thoughts::reasoning;
  profile.files = true;
  profile.top_k = true;
  profile.cache_marks = true;
  return profile;
}

OpenAiProfile ollama() {
  OpenAiProfile profile;
  profile.rules = ollama_rules;
  profile.thoughts = Thoughts::reasoning;
  return profile;
}

// https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html and
// https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md; read 2026-11-27. Both take members of their
// own beside OpenAI's, and pass over what they do not know.
OpenAiProfile local_server() {
  OpenAiProfile profile;
  profile.thoughts = Thoughts::reasoning_content;
  profile.top_k = true;
  return profile;
}

// As numbers where both are: 1.0 is 1.
bool same_value(string_view a, string_view b) {
  if (a == b) return true;
  double x = 0;
  double y = 0;
  const auto first = std::from_chars(a.data(), a.data() + a.size(), x);
  const auto second = std::from_chars(b.data(), b.data() + b.size(), y);
  const bool numbers = first.ec == std::errc() && second.ec == std::errc() && first.ptr == a.data() + a.size() &&
                       second.ptr == b.data() + b.size();
  return numbers && x == y;
}

bool loses(string_view value, string_view neutral) {
  return neutral != "*" && value != "null" && (neutral.empty() || !same_value(value, neutral));
}

constexpr std::array<string_view, 7> all_efforts{"none", "minimal", "low", "medium", "high", "xhigh", "max"};

std::optional<std::size_t> rank_of(string_view effort) {
  const auto* const found = std::find(all_efforts.begin(), all_efforts.end(), effort);
  if (found == all_efforts.end()) return std::nullopt;
  return static_cast<std::size_t>(found - all_efforts.begin());
}

// The nearest that is not less, else the most.
string_view nearest_effort(std::span<const string_view> known, std::size_t rank) {
  for (const string_view word : known) {
    if (word != "none" && rank_of(word).value_or(0) >= rank) return word;
  }
  return known.back();
}

// True for {"type":"json_schema",...}.
bool asks_for_schema(string_view format) {
  JsonReader reader(format, 256);
  if (!reader.enter_object_or_skip()) return false;
  bool schema = false;
  JsonString key;
  while (reader.next_member(key)) {
    const bool type = key.equals("type");
    const auto word = reader.string_or_skip();
    if (type && word) schema = word->equals("json_schema");
  }
  return schema;
}

}  // namespace

bool is_openai_reasoning(string_view model) {
  model = bare(model);
  if (is_o_series(model)) return true;
  return model.starts_with("gpt-5") && !has(model, "-chat");
}

const OpenAiProfile& openai_profile(config::Profile profile) {
  static const OpenAiProfile generic{};
  static const OpenAiProfile of_openai = openai();
  static const OpenAiProfile of_mistral = mistral();
  static const OpenAiProfile of_deepseek = deepseek();
  static const OpenAiProfile of_groq = groq();
  static const OpenAiProfile of_xai = xai();
  static const OpenAiProfile of_openrouter = openrouter();
  static const OpenAiProfile of_ollama = ollama();
  static const OpenAiProfile of_local_servers = local_server();
  switch (profile) {
    case config::Profile::openai:
    case config::Profile::azure: return of_openai;
    case config::Profile::mistral: return of_mistral;
    case config::Profile::deepseek: return of_deepseek;
    case config::Profile::groq: return of_groq;
    case config::Profile::xai: return of_xai;
    case config::Profile::openrouter: return of_openrouter;
    case config::Profile::ollama: return of_ollama;
    case config::Profile::vllm:
    case config::Profile::llamacpp: return of_local_servers;
    case config::Profile::automatic:
    case config::Profile::generic:
    case config::Profile::vertex: break;
  }
  return generic;
}

ProfileRules::ProfileRules(const OpenAiProfile& profile, string_view model, string_view effort) : profile_(profile) {
  if (profile.efforts != nullptr) efforts_ = profile.efforts(model);
  for (const MemberRule& rule : profile.rules) {
    const bool idle = effort.empty() && rule.member == "reasoning_effort";  // there is none in the request
    if (!idle && (rule.when == nullptr || rule.when(model, effort))) rules_.push_back(&rule);
  }
}

bool ProfileRules::touch(string_view body) const { return !rules_.empty() || !profile_.only.empty() || may_cut(body); }

// A name that is not there as it is can only be there with an escape for one of its letters.
bool ProfileRules::may_cut(string_view text) const {
  const auto holds = [text](string_view words) {
    return ::memmem(text.data(), text.size(), words.data(), words.size()) != nullptr;
  };
  const auto& cut = profile_.cut;
  const auto names_it = [&holds](string_view name) { return holds("\"" + std::string(name) + "\""); };
  return !cut.empty() && (std::any_of(cut.begin(), cut.end(), names_it) || holds("\\u00"));
}

ProfileRules::Verdict ProfileRules::replaced_effort(string_view value) const {
  Verdict verdict;
  JsonReader reader(value);
  const auto word = reader.string_or_skip();
  const auto rank = word ? rank_of(word->raw) : std::nullopt;
  if (!rank || efforts_.empty() || std::find(efforts_.begin(), efforts_.end(), word->raw) != efforts_.end()) {
    return verdict;
  }
  verdict.fate = Fate::replaced;
  if (*rank == 0 && !profile_.effort_off.empty()) {
    verdict.member = profile_.effort_off;
    return verdict;
  }
  verdict.member = R"("reasoning_effort":")";
  verdict.member.append(nearest_effort(efforts_, *rank)).append("\"");
  return verdict;
}

ProfileRules::Verdict ProfileRules::judge(string_view name, string_view value) const {
  Verdict verdict;
  const auto rule =
      std::find_if(rules_.begin(), rules_.end(), [name](const MemberRule* each) { return each->member == name; });
  if (rule == rules_.end()) {
    const bool known =
        profile_.only.empty() || std::find(profile_.only.begin(), profile_.only.end(), name) != profile_.only.end();
    if (known) return verdict;
    verdict.fate = Fate::dropped;
    verdict.told = loses(value, "");
    return verdict;
  }
  switch ((*rule)->change) {
    case Change::drop:
      verdict.fate = Fate::dropped;
      verdict.told = loses(value, (*rule)->neutral);
      break;
    case Change::rename:
      verdict.fate = Fate::renamed;
      verdict.name = (*rule)->to;
      break;
    case Change::effort: return replaced_effort(value);
    case Change::plain_json:
      if (!asks_for_schema(value)) break;
      verdict.fate = Fate::replaced;
      verdict.told = true;
      verdict.member = R"("response_format":{"type":"json_object"})";
      break;
  }
  return verdict;
}

}  // namespace triaged::provider
