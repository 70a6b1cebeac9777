// Members that chat completions and the completions before them have in common.
#include "api/openai/openai_chat_conversation.hpp"

#include <algorithm>
#include <array>

namespace triaged::api {
namespace {

using Read = void (*)(BodyReader&, const Path&);

struct Named {
  std::string_view name;
  Read read;
};

void read_limit(BodyReader& in, const Path& path) {
  const auto limit = in.integer(path);
  // Some servers take -1 for "no limit".
  in.out.max_output_tokens = limit && *limit > 0 ? limit : std::nullopt;
}

void read_answers(BodyReader& in, const Path& path) {
  in.out.answers = in.integer(path).value_or(1);
  if (in.out.answers < 1) in.fault(path, "Invalid value for 'n': it must be at least 1.");
}

void read_stops(BodyReader& in, const Path& path) {
  in.out.stops.clear();
  if (in.json.peek() == JsonType::string) {
    in.out.stops.push_back(in.json.take_string());
    return;
  }
  if (!in.enter_array(path)) return;
  std::size_t index = 0;
  while (in.json.next_element()) {
    const Path element = path.element(index++);
    if (const auto stop = in.string(element)) in.out.stops.push_back(*stop);
  }
}

void read_stream_options(BodyReader& in, const Path& path) {
  in.out.include_usage = false;
  if (!in.enter_object(path)) return;
  JsonString key;
  while (in.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("include_usage")) {
      in.out.include_usage = in.flag(member).value_or(false);
    } else {
      in.lose(member);
    }
  }
}

constexpr std::array<Named, 13> members{{
    {"model", [](BodyReader& in, const Path& path) { in.out.model = in.string(path).value_or(JsonString()); }},
    {"stream", [](BodyReader& in, const Path& path) { in.out.stream = in.flag(path).value_or(false); }},
    {"stream_options", read_stream_options},
    {"max_tokens", read_limit},
    {"temperature", [](BodyReader& in, const Path& path) { in.out.sampling.temperature = in.number(path); }},
    {"top_p", [](BodyReader& in, const Path& path) { in.out.sampling.top_p = in.number(path); }},
    {"n", read_answers},
    {"stop", read_stops},
    {"presence_penalty", [](BodyReader& in, const Path& path) { in.out.sampling.presence_penalty = in.number(path); }},
    {"frequency_penalty",
     [](BodyReader& in, const Path& path) { in.out.sampling.frequency_penalty = in.number(path); }},
    {"logit_bias", [](BodyReader& in, const Path& path) { in.out.sampling.logit_bias = in.object(path); }},
    {"seed", [](BodyReader& in, const Path& path) { in.out.sampling.seed = in.number(path); }},
    {"user", [](BodyReader& in, const Path& path) { in.out.user = in.string(path).value_or(JsonString()); }},
}};

}  // namespace

bool read_common_member(BodyReader& in, const JsonString& name) {
  const auto* const known =
      std::find_if(members.begin(), members.end(), [&](const Named& each) { return name.equals(each.name); });
  if (known == members.end()) return false;
  known->read(in, Path{nullptr, known->name});
  return true;
}

}  // namespace triaged::api
