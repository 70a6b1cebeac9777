#include "api/collected.hpp"

#include <algorithm>

namespace triaged::api {

using chat::DeltaKind;

void append_quoted(std::string& out, std::string_view escaped) {
  out.push_back('"');
  out.append(escaped);
  out.push_back('"');
}

CollectedPart& Collected::part(const chat::Delta& delta, DeltaKind kind) {
  std::vector<CollectedPart>& parts = choices[delta.choice].parts;
  const auto known = std::find_if(parts.rbegin(), parts.rend(), [&](const CollectedPart& each) {
    return each.number == delta.part && each.kind == kind;
  });
  if (known != parts.rend()) return *known;
  CollectedPart& added = parts.emplace_back();
  added.kind = kind;
  added.number = delta.part;
  return added;
}

void Collected::take(const chat::Delta& delta) {
  if (delta.usage) usage = delta.usage;
  if (choices.size() <= delta.choice) choices.resize(delta.choice + std::size_t{1});
  switch (delta.kind) {
    case DeltaKind::start:
      id = delta.id.raw;
      model = delta.name.raw;
      break;
    case DeltaKind::text:
    case DeltaKind::refusal:
    case DeltaKind::thinking:
    case DeltaKind::hidden_thinking: part(delta, delta.kind).text.append(delta.text.raw); break;
    case DeltaKind::signature: part(delta, DeltaKind::thinking).signature.append(delta.text.raw); break;
    case DeltaKind::tool_call: {
      CollectedPart& call = part(delta, DeltaKind::tool_call);
      call.id = delta.id.raw;
      call.name = delta.name.raw;
      break;
    }
    case DeltaKind::arguments: {
      CollectedPart& call = part(delta, DeltaKind::tool_call);
      call.arguments.append(delta.json);
      delta.text.append_to(call.arguments);
      break;
    }
    case DeltaKind::citation: part(delta, DeltaKind::text).citations.emplace_back(delta.json); break;
    case DeltaKind::logprobs: {
      const std::size_t begin = delta.json.find('[');
      const std::size_t end = delta.json.rfind(']');
      if (begin == std::string_view::npos || end <= begin + 1) break;
      std::string& all = part(delta, DeltaKind::text).logprobs;
      if (!all.empty()) all.push_back(',');
      all.append(delta.json.substr(begin + 1, end - begin - 1));
      break;
    }
    case DeltaKind::finish:
      choices[delta.choice].finish = delta.finish;
      choices[delta.choice].stop_sequence = delta.text.raw;
      break;
    case DeltaKind::usage:
    case DeltaKind::error:
    case DeltaKind::done: break;
  }
}

}  // namespace triaged::api
