#include "support/golden/steps.hpp"

#include "triaged/chat/conversation.hpp"

#include "support/golden/members.hpp"

#include <cstdint>

namespace triaged::test {

void members(auto& visit, Either<chat::Usage> auto& usage) {
  visit("input", usage.input);
  visit("cached_input", usage.cached_input);
  visit("cache_write_5m", usage.cache_write_5m);
  visit("cache_write_1h", usage.cache_write_1h);
  visit("audio_input", usage.audio_input);
  visit("output", usage.output);
  visit("reasoning", usage.reasoning);
  visit("audio_output", usage.audio_output);
  visit("certainty", usage.certainty, chat::Certainty::exact);
}

void members(auto& visit, Either<chat::Delta> auto& delta) {
  visit.always("kind", delta.kind);
  visit("choice", delta.choice);
  visit("part", delta.part);
  visit("id", delta.id);
  visit("name", delta.name);
  visit("text", delta.text);
  visit("json", delta.json);
  visit("finish", delta.finish);
  visit("usage", delta.usage);
}

Json to_json(const chat::Usage& usage) { return MembersOut::json_of(usage); }

chat::Usage usage_of(const Json& json) {
  chat::Conversation owner;
  chat::Usage usage;
  MembersIn(json, owner).read(json, usage);
  return usage;
}

void Steps::take(const chat::Delta& delta) { list.push_back(MembersOut::json_of(delta)); }

void give_steps(const Json& list, chat::DeltaSink& sink) {
  for (const Json& step : list) {
    chat::Conversation owner;
    chat::Delta delta;
    MembersIn(step, owner).read(step, delta);
    sink.take(delta);
  }
}

}  // namespace triaged::test
