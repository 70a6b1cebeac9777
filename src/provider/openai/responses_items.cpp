#include "provider/openai/responses_items.hpp"

#include "triaged/base/text.hpp"

#include "provider/openai/openai_usage.hpp"

#include <algorithm>
#include <utility>

namespace triaged::provider {

using chat::Delta;
using chat::DeltaKind;

struct ResponsesItems::Item {
  JsonString type, id, call_id, name, arguments, encrypted;
  std::string_view content, summary;

  bool is_call() const { return type.equals("function_call") || is_custom(); }
  bool is_custom() const { return type.equals("custom_tool_call"); }
};

ResponsesItems::Item ResponsesItems::read_item(std::string_view text) {
  Item item;
  JsonReader reader(text, 256);
  if (text.empty() || !reader.enter_object_or_skip()) return item;
  JsonString key;
  while (reader.next_member(key)) {
    if (reader.peek() == JsonType::array) {
      const std::string_view array = reader.skip();
      if (key.equals("content")) item.content = array;
      if (key.equals("summary")) item.summary = array;
      continue;
    }
    const auto string = reader.string_or_skip();
    if (!string) continue;
    if (key.equals("type")) item.type = *string;
    if (key.equals("id")) item.id = *string;
    if (key.equals("call_id")) item.call_id = *string;
    if (key.equals("name")) item.name = *string;
    if (key.equals("arguments") || key.equals("input")) item.arguments = *string;
    if (key.equals("encrypted_content")) item.encrypted = *string;
  }
  return item;
}

bool ResponsesItems::told(ResponsesPlace place, DeltaKind kind) const {
  return std::any_of(words_.begin(), words_.end(), [&](const Words& each) {
    return each.place.output == place.output && each.place.content == place.content && each.kind == kind;
  });
}

std::uint32_t ResponsesItems::words(ResponsesPlace place, DeltaKind kind) {
  for (auto known = words_.rbegin(); known != words_.rend(); ++known) {
    const bool same = known->place.output == place.output && known->place.content == place.content;
    if (same && known->kind == kind) return known->part;
  }
  words_.push_back({place, kind, next_});
  return next_++;
}

ResponsesItems::Call& ResponsesItems::call(std::uint32_t output, const Item& item, chat::DeltaSink& sink) {
  const auto known =
      std::find_if(calls_.begin(), calls_.end(), [output](const Call& each) { return each.output == output; });
  if (known != calls_.end()) return *known;
  Call& added = calls_.emplace_back(Call{output, next_++, item.is_custom()});
  Delta delta;
  delta.kind = DeltaKind::tool_call;
  delta.part = added.part;
  delta.id = item.call_id.empty() ? item.id : item.call_id;
  delta.name = item.name;
  sink.take(delta);
  return added;
}

void ResponsesItems::begin(std::uint32_t output, std::string_view text, chat::DeltaSink& sink) {
  const Item item = read_item(text);
  if (item.is_call()) call(output, item, sink);
}

// What a custom tool takes is free text; as arguments it is {"input": text}, here inside of a JSON string.
void ResponsesItems::arguments(std::uint32_t output, const JsonString& piece, chat::DeltaSink& sink) {
  const auto known =
      std::find_if(calls_.begin(), calls_.end(), [output](const Call& each) { return each.output == output; });
  if (known == calls_.end() || piece.empty()) return;
  std::string inside;
  Delta delta;
  delta.kind = DeltaKind::arguments;
  delta.part = known->part;
  delta.text = piece;
  if (known->custom) {
    if (!known->told) inside = R"({\"input\":\")";
    append_json_escaped(inside, piece.raw);
    delta.text = JsonString{inside, inside.find('\\') != std::string::npos};
  }
  known->told = true;
  sink.take(delta);
}

void ResponsesItems::complete_call(std::uint32_t output, const Item& item, chat::DeltaSink& sink) {
  const bool told = call(output, item, sink).told;
  if (!told) arguments(output, item.arguments, sink);
  Call& known = call(output, item, sink);
  if (std::exchange(known.complete, true) || !known.custom) return;
  Delta end;
  end.kind = DeltaKind::arguments;
  end.part = known.part;
  end.text = JsonString{known.told ? R"(\"})" : R"({\"input\":\"\"})", true};
  sink.take(end);
}

// Parts of a message, or of thoughts, that were not told piece by piece.
void ResponsesItems::read_contents(std::uint32_t output, std::string_view contents, bool thoughts,
                                   chat::DeltaSink& sink) {
  JsonReader reader(contents, 256);
  if (contents.empty() || !reader.enter_array_or_skip()) return;
  ResponsesPlace place{output, 0};
  for (; reader.next_element(); ++place.content) {
    if (!reader.enter_object_or_skip()) continue;
    Delta delta;
    delta.kind = thoughts ? DeltaKind::thinking : DeltaKind::text;
    std::string_view annotations, logprobs;
    JsonString key;
    while (reader.next_member(key)) {
      if (reader.peek() == JsonType::array) {
        const std::string_view array = reader.skip();
        if (key.equals("annotations")) annotations = array;
        if (key.equals("logprobs")) logprobs = array;
        continue;
      }
      const auto string = reader.string_or_skip();
      if (!string || (!key.equals("text") && !key.equals("refusal"))) continue;
      delta.text = *string;
      if (key.equals("refusal")) delta.kind = DeltaKind::refusal;
    }
    if (delta.text.empty() || told(place, delta.kind)) continue;
    delta.part = words(place, delta.kind);
    sink.take(delta);
    delta.text = {};
    JsonReader cited(annotations, 256);
    if (!annotations.empty() && cited.enter_array()) {
      delta.kind = DeltaKind::citation;
      while (cited.next_element()) {
        delta.json = cited.skip();
        sink.take(delta);
      }
    }
    if (logprobs.size() <= 2) continue;
    delta.kind = DeltaKind::logprobs;
    delta.json = logprobs;
    sink.take(delta);
  }
}

void ResponsesItems::complete(std::uint32_t output, std::string_view text, chat::DeltaSink& sink) {
  if (std::find(complete_.begin(), complete_.end(), output) != complete_.end()) return;
  const Item item = read_item(text);
  if (item.is_call()) {
    complete_call(output, item, sink);
  } else if (item.type.equals("message")) {
    read_contents(output, item.content, false, sink);
  } else if (item.type.equals("reasoning")) {
    read_contents(output, item.summary, true, sink);
    if (item.summary.size() <= 2) read_contents(output, item.content, true, sink);
    if (!item.encrypted.empty()) {
      Delta delta;
      delta.kind = DeltaKind::hidden_thinking;
      delta.part = next_++;
      delta.text = item.encrypted;
      sink.take(delta);
    }
  }
  complete_.push_back(output);
}

void ResponsesItems::read_output(std::string_view output, chat::DeltaSink& sink) {
  JsonReader reader(output, 256);
  if (output.empty() || !reader.enter_array_or_skip()) return;
  for (std::uint32_t place = 0; reader.next_element(); ++place) complete(place, reader.skip(), sink);
}

std::optional<chat::Usage> read_responses_usage(JsonReader& reader) {
  UsageFigures figures;
  if (!reader.enter_object_or_skip()) return {};
  const auto count = [&reader]() -> std::optional<std::int64_t> {
    if (reader.peek() != JsonType::number) {
      reader.skip();
      return {};
    }
    constexpr std::int64_t most = 1'000'000'000'000;  // more than any bill can hold
    const auto number = json_integer(reader.take_number());
    if (!number || *number < 0) return {};
    return std::min(*number, most);
  };
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("input_tokens")) {
      figures.prompt = count();
    } else if (key.equals("output_tokens")) {
      figures.completion = count();
    } else if (key.equals("total_tokens")) {
      figures.total = count();
    } else if (reader.enter_object_or_skip()) {
      const bool input = key.equals("input_tokens_details");
      const bool output = key.equals("output_tokens_details");
      JsonString member;
      while (reader.next_member(member)) {
        const std::int64_t tokens = count().value_or(0);
        if (input && member.equals("cached_tokens")) figures.cached = tokens;
        if (output && member.equals("reasoning_tokens")) figures.reasoning = tokens;
        if (input && member.equals("audio_tokens")) figures.audio_input = tokens;
        if (output && member.equals("audio_tokens")) figures.audio_output = tokens;
      }
    }
  }
  return normalise(figures);
}

}  // namespace triaged::provider
