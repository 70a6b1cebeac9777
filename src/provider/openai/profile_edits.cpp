#include "provider/openai/profile_edits.hpp"

#include "triaged/base/json.hpp"

#include <algorithm>
#include <utility>

namespace triaged::provider {
namespace {

// A member of an object and whether it is cut.
struct Member {
  std::size_t comma = 0;  // before it, npos for the first
  chat::ByteRange key;    // with its quotes
  std::size_t end = 0;
  std::string_view value;
  std::string name;
  bool cut = false;
};

// `base`: where the reader's text begins in the body.
std::vector<Member> members_of(JsonReader& reader, std::size_t base) {
  std::vector<Member> members;
  JsonString key;
  while (reader.next_member(key)) {
    Member& member = members.emplace_back();
    member.comma = reader.comma_position() == JsonReader::npos ? JsonReader::npos : base + reader.comma_position();
    member.key.begin = base + reader.key_position();
    member.key.end = member.key.begin + key.raw.size() + 2;
    member.value = reader.skip();
    member.end = base + reader.position();
    member.name = key.resolved();
  }
  return members;
}

// Each cut takes one comma along: the one before it, or while nothing is kept yet the one behind it.
void cut(const std::vector<Member>& members, Splice& splice) {
  bool any_kept = false;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Member& member = members[i];
    if (!member.cut) {
      any_kept = true;
    } else if (any_kept) {
      splice.replace({member.comma, member.end}, {});
    } else {
      splice.replace({member.key.begin, i + 1 < members.size() ? members[i + 1].comma + 1 : member.end}, {});
    }
  }
}

// Members of earlier answers come back as they were given: what their provider said beside the text is nothing that the
// client asks for, so only names of speakers are missed.
void cut_message_members(std::string_view body, std::string_view messages, const OpenAiProfile& profile, Splice& splice,
                         std::vector<std::string>& dropped) {
  const auto base = static_cast<std::size_t>(messages.data() - body.data());
  JsonReader reader(messages, 256);
  if (!reader.enter_array_or_skip()) return;
  for (std::size_t index = 0; reader.next_element(); ++index) {
    if (!reader.enter_object_or_skip()) continue;
    std::vector<Member> members = members_of(reader, base);
    for (Member& member : members) {
      member.cut = std::find(profile.cut.begin(), profile.cut.end(), member.name) != profile.cut.end();
      if (member.cut && member.name == "name") dropped.push_back("messages[" + std::to_string(index) + "].name");
    }
    cut(members, splice);
  }
}

// Every stream ends with its usage where it cannot be asked for; what else is asked of streams is missed.
void note_stream_options(std::string_view options, std::vector<std::string>& dropped) {
  JsonReader reader(options, 256);
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    if (reader.skip() != "null" && !key.equals("include_usage")) dropped.push_back("stream_options." + key.resolved());
  }
}

}  // namespace

void splice_profile(std::string_view body, const ProfileRules& rules, Splice& splice,
                    std::vector<std::string>& dropped) {
  JsonReader reader(body, 256);
  if (!reader.enter_object_or_skip()) return;
  std::vector<Member> members = members_of(reader, 0);
  const auto has = [&members](std::string_view name) {
    return std::any_of(members.begin(), members.end(), [name](const Member& each) { return each.name == name; });
  };
  for (Member& member : members) {
    if (member.name == "models") {
      member.cut = true;
      continue;
    }
    if (member.name == "messages" && rules.may_cut(member.value)) {
      cut_message_members(body, member.value, rules.profile(), splice, dropped);
    }
    const ProfileRules::Verdict verdict = rules.judge(member.name, member.value);
    if (verdict.told) dropped.push_back(member.name);
    switch (verdict.fate) {
      case ProfileRules::Fate::kept: break;
      case ProfileRules::Fate::dropped:
        member.cut = true;
        if (member.name == "stream_options") note_stream_options(member.value, dropped);
        break;
      case ProfileRules::Fate::renamed:
        // With both names there the provider's own one counts.
        member.cut = has(verdict.name);
        if (!member.cut) splice.replace(member.key, splice.own("\"" + std::string(verdict.name) + "\""));
        break;
      case ProfileRules::Fate::replaced:
        splice.replace({member.key.begin, member.end}, splice.own(verdict.member));
        break;
    }
  }
  cut(members, splice);
}

}  // namespace triaged::provider
