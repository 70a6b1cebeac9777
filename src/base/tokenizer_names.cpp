#include "triaged/base/claude_name.hpp"
#include "triaged/base/text.hpp"
#include "triaged/base/tokens.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace triaged {

namespace {

struct Named {
  std::string_view part;  // of a model's name in lower case
  Tokenizer tokenizer;
};

// The first that a name holds. "deepseek-r1-distill-llama-70b" has Llama's, "gpt-oss" and all newer GPTs have o200k.
constexpr std::array parts{
    Named{"llama", Tokenizer::llama},           Named{"qwen", Tokenizer::qwen},     Named{"qwq", Tokenizer::qwen},
    Named{"deepseek", Tokenizer::deepseek},     Named{"gemini", Tokenizer::gemini}, Named{"gemma", Tokenizer::gemini},
    Named{"stral", Tokenizer::mistral},  // Mistral, Ministral, Codestral, Magistral, Devstral
    Named{"xtral", Tokenizer::mistral},  // Mixtral, Pixtral, Voxtral
    Named{"gpt-4o", Tokenizer::o200k},          Named{"gpt-4.", Tokenizer::o200k},  Named{"gpt-4", Tokenizer::cl100k},
    Named{"gpt-3.5", Tokenizer::cl100k},        Named{"gpt-35", Tokenizer::cl100k},  // as Azure writes it
    Named{"text-embedding", Tokenizer::cl100k}, Named{"gpt-", Tokenizer::o200k},
};

// "o3-mini", also behind the name of whoever serves it: "openai/o3-mini".
bool is_o_series(std::string_view model) {
  const std::size_t slash = model.rfind('/');
  const std::string_view last = slash == std::string_view::npos ? model : model.substr(slash + 1);
  return last.size() > 1 && last[0] == 'o' && last[1] >= '1' && last[1] <= '9' && (last.size() == 2 || last[2] == '-');
}

}  // namespace

std::string_view name(Tokenizer tokenizer) {
  switch (tokenizer) {
    case Tokenizer::o200k: return "o200k";
    case Tokenizer::cl100k: return "cl100k";
    case Tokenizer::claude: return "claude";
    case Tokenizer::claude_4_7: return "claude_4_7";
    case Tokenizer::gemini: return "gemini";
    case Tokenizer::llama: return "llama";
    case Tokenizer::qwen: return "qwen";
    case Tokenizer::mistral: return "mistral";
    case Tokenizer::deepseek: return "deepseek";
  }
  return "o200k";
}

std::optional<Tokenizer> tokenizer_of(std::string_view model) {
  if (const std::optional<ClaudeName> claude = parse_claude(model)) {
    const bool older = claude->major != 0 && !claude->at_least(4, 7);
    return older ? Tokenizer::claude : Tokenizer::claude_4_7;
  }
  const std::string lower = to_lower(model);
  if (is_o_series(lower)) return Tokenizer::o200k;
  const auto* const found = std::find_if(
      parts.begin(), parts.end(), [&lower](const Named& named) { return lower.find(named.part) != std::string::npos; });
  if (found == parts.end()) return std::nullopt;
  return found->tokenizer;
}

}  // namespace triaged
