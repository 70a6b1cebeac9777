#include "support/golden/conversation.hpp"

#include "support/golden/members.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace triaged::test {

void members(auto& visit, Either<chat::Media> auto& media) {
  visit("url", media.url);
  visit("data", media.data);
  visit("text", media.text);
  visit("file_id", media.file_id);
  visit("media_type", media.media_type);
  visit("detail", media.detail);
  visit("title", media.title);
  visit("context", media.context);
  visit("citations", media.citations);
}

void members(auto& visit, Either<chat::Part> auto& part) {
  visit.always("kind", part.kind);
  visit("text", part.text);
  visit("media", part.media);
  visit("id", part.id);
  visit("name", part.name);
  visit("arguments", part.arguments);
  visit("content", part.content);
  visit("failed", part.failed);
  visit("signature", part.signature);
  visit("cache", part.cache);
  visit("raw", part.raw);
}

void members(auto& visit, Either<chat::Turn> auto& turn) {
  visit.always("role", turn.role);
  visit("name", turn.name);
  visit.always("parts", turn.parts);
}

void members(auto& visit, Either<chat::Tool> auto& tool) {
  visit("name", tool.name);
  visit("description", tool.description);
  visit("schema", tool.schema);
  visit("strict", tool.strict);
  visit("custom", tool.custom);
  visit("hosted", tool.hosted);
  visit("scope", tool.scope);
  visit("cache", tool.cache);
  visit("raw", tool.raw);
  visit("path", tool.path);
}

void members(auto& visit, Either<chat::ToolChoice> auto& choice) {
  visit("use", choice.use);
  visit("name", choice.name);
  visit("parallel", choice.parallel);
}

void members(auto& visit, Either<chat::Format> auto& format) {
  visit("kind", format.kind);
  visit("name", format.name);
  visit("description", format.description);
  visit("schema", format.schema);
  visit("strict", format.strict);
}

void members(auto& visit, Either<chat::Reasoning> auto& reasoning) {
  visit("mode", reasoning.mode);
  visit("effort", reasoning.effort);
  visit("budget", reasoning.budget);
  visit("shown", reasoning.shown);
  visit("summary", reasoning.summary);
}

void members(auto& visit, Either<chat::Sampling> auto& sampling) {
  visit("temperature", sampling.temperature);
  visit("top_p", sampling.top_p);
  visit("top_k", sampling.top_k);
  visit("presence_penalty", sampling.presence_penalty);
  visit("frequency_penalty", sampling.frequency_penalty);
  visit("seed", sampling.seed);
  visit("logit_bias", sampling.logit_bias);
}

void members(auto& visit, Either<chat::Place> auto& place) {
  visit("turn", place.turn, chat::Place::none);
  visit("part", place.part, chat::Place::none);
}

void members(auto& visit, Either<chat::Conversation> auto& conversation) {
  visit.always("dialect", conversation.dialect);
  visit("model", conversation.model);
  visit("turns", conversation.turns);
  visit("tools", conversation.tools);
  visit("tool_choice", conversation.tool_choice);
  visit("format", conversation.format);
  visit("reasoning", conversation.reasoning);
  visit("sampling", conversation.sampling);
  visit("stops", conversation.stops);
  visit("max_output_tokens", conversation.max_output_tokens);
  visit("answers", conversation.answers, std::int64_t{1});
  visit("logprobs", conversation.logprobs);
  visit("top_logprobs", conversation.top_logprobs);
  visit("stream", conversation.stream);
  visit("include_usage", conversation.include_usage);
  visit("user", conversation.user);
  visit("cache_key", conversation.cache_key);
  visit("service_tier", conversation.service_tier);
  visit("verbosity", conversation.verbosity);
  visit("metadata", conversation.metadata);
  visit("store", conversation.store);
  visit("modalities", conversation.modalities);
  visit("audio", conversation.audio);
  visit("prediction", conversation.prediction);
  visit("others", conversation.others);
  visit("repeated", conversation.repeated);
  visit("legacy_functions", conversation.legacy_functions);
  visit("native_only", conversation.native_only);
  visit("native_only_param", conversation.native_only_param);
  visit("spelled", conversation.spelled);
  visit("marked", conversation.marked);
  visit("lost", conversation.lost);
}

namespace {

std::string usual_path(std::size_t tool) { return "tools[" + std::to_string(tool) + "]"; }

// Notes where things would stand in the client's body, as readers of bodies do.
void place(chat::Conversation& conversation) {
  const bool anthropic = conversation.dialect == chat::Dialect::anthropic;
  std::uint32_t message = 0;
  for (chat::Turn& turn : conversation.turns) {
    const bool beside = anthropic && turn.role == chat::Role::system;
    for (std::size_t i = 0; i < turn.parts.size(); ++i) {
      chat::Place& place = turn.parts[i].place;
      if (!beside) place.turn = message;
      place.part = static_cast<std::uint32_t>(i);
      std::uint32_t inner = 0;
      for (chat::Part& part : turn.parts[i].content) part.place.part = inner++;
    }
    if (!beside) ++message;
  }
  for (std::size_t i = 0; i < conversation.tools.size(); ++i) {
    if (conversation.tools[i].path.empty()) conversation.tools[i].path = usual_path(i);
  }
}

}  // namespace

Json to_json(chat::Conversation conversation) {
  for (std::size_t i = 0; i < conversation.tools.size(); ++i) {
    if (conversation.tools[i].path == usual_path(i)) conversation.tools[i].path.clear();
  }
  return MembersOut::json_of(std::as_const(conversation));
}

chat::Conversation conversation_of(const Json& json) {
  chat::Conversation conversation;
  MembersIn(json, conversation).read(json, conversation);
  place(conversation);
  return conversation;
}

}  // namespace triaged::test
