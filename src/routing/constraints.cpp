#include "routing/constraints.hpp"

#include <string>

namespace triaged::routing {

std::optional<Removed> find_violation(std::size_t target, const chat::Request& request, const Features& features,
                                      const config::Settings& settings) {
  const config::Target& it = settings.targets[target];
  const auto removed = [target](std::string_view constraint, std::string detail) {
    return Removed{target, constraint, std::move(detail)};
  };

  const std::int64_t answer = features.max_output_tokens;
  const std::int64_t needed = input_tokens_of(features, it.tokenizer) + answer;
  if (it.context_window > 0 && needed > it.context_window) {
    std::string detail = "needs about " + std::to_string(needed) + " tokens";
    if (answer > 0) detail += " (" + std::to_string(answer) + " for the answer)";
    return removed("context_window", detail + ", window is " + std::to_string(it.context_window));
  }
  if (it.max_output > 0 && answer > it.max_output) {
    return removed("max_output", "asked for up to " + std::to_string(answer) + " tokens of answer, limit is " +
                                     std::to_string(it.max_output));
  }
  if (features.images > 0 && !it.images) {
    return removed("images", "reads no images, the request has " + std::to_string(features.images));
  }
  if (features.audios > 0 && !it.audio) {
    return removed("audio", "hears no audio, the request has " + std::to_string(features.audios));
  }
  if (request.wants_audio && !it.audio) return removed("audio", "speaks no audio, the request asks for it");
  const bool tools = features.tools > 0 || features.assistant_called_tools || features.tool_results > 0;
  if (tools && !it.tools) return removed("tools", "calls no tools, the request offers or has used some");
  if (features.format == chat::OutputFormat::json_schema && !it.json_schema) {
    return removed("json_schema", "keeps to no JSON schema, the request demands one");
  }
  return std::nullopt;
}

}  // namespace triaged::routing
