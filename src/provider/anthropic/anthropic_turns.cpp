#include "provider/anthropic/anthropic_turns.hpp"

#include "triaged/base/text.hpp"

#include "provider/alternating.hpp"
#include "provider/anthropic/anthropic_media.hpp"
#include "provider/signatures.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace triaged::provider {
namespace {

using chat::Part;
using chat::PartKind;

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// What Anthropic takes as the id of a call: ^[a-zA-Z0-9_-]+$
std::string valid_id(const JsonString& id) {
  std::string valid = id.resolved();
  for (char& c : valid) c = is_id_character(c) ? c : '_';
  return valid.empty() ? "call" : valid;
}

std::string without_trailing_space(const JsonString& string) {
  std::string text = string.resolved();
  text.resize(text.find_last_not_of(" \t\r\n\f\v") + 1);  // npos + 1 is 0
  return text;
}

}  // namespace

void append_cache_mark(std::string& out, chat::CacheLife life) {
  if (life == chat::CacheLife::none) return;
  out.append(R"(,"cache_control":{"type":"ephemeral")");
  if (life == chat::CacheLife::one_hour) out.append(R"(,"ttl":"1h")");
  out.push_back('}');
}

// The elements of an array of blocks.
class AnthropicTurns::Blocks {
 public:
  explicit Blocks(std::string& out) : out_(out), begin_(out.size()) {}

  bool empty() const { return out_.size() == begin_; }
  std::string& next() {
    if (!empty()) out_.push_back(',');
    return out_;
  }
  void text(const JsonString& text, chat::CacheLife cache) {
    if (is_blank(text)) return;  // refused
    std::string& out = next();
    out.append(R"({"type":"text","text":)");
    chat::append_string(out, text);
    append_cache_mark(out, cache);
    out.push_back('}');
  }

 private:
  std::string& out_;
  std::size_t begin_;
};

AnthropicTurns::AnthropicTurns(const chat::Conversation& conversation, Unsaid& unsaid)
    : conversation_(conversation), unsaid_(unsaid) {
  unsaid_.add_speakers();
  for (std::size_t i = 0; i < conversation.turns.size(); ++i) {
    const chat::Turn& turn = conversation.turns[i];
    if (turn.role == chat::Role::system) {
      add_system(turn, i);
    } else {
      add_turn(turn, i);
    }
  }
  // Nobody has said anything but the system: it is what the answer is to.
  if (groups_.empty() && !system_.empty()) {
    for (std::size_t i = 0; i < conversation.turns.size(); ++i) add_turn(conversation.turns[i], i);
    system_.clear();
  }
  match_results();
}

// Wherever it stands, it is the system's word, which has one place.
void AnthropicTurns::add_system(const chat::Turn& turn, std::size_t number) {
  std::string added;
  Blocks blocks(added);
  for (std::size_t i = 0; i < turn.parts.size(); ++i) {
    const Part& part = turn.parts[i];
    if (part.kind == PartKind::text) {
      blocks.text(part.text, part.cache);
    } else {
      unsaid_.add_part(number, i);
    }
  }
  if (added.empty()) return;
  if (!system_.empty()) system_.push_back(',');
  system_.append(added);
}

void AnthropicTurns::add_turn(const chat::Turn& turn, std::size_t number) {
  const bool assistant = turn.role == chat::Role::assistant;
  if (groups_.empty() || groups_.back().assistant != assistant) groups_.emplace_back().assistant = assistant;
  for (std::size_t i = 0; i < turn.parts.size(); ++i) {
    groups_.back().items.push_back({&turn.parts[i], number, i, {}, false});
  }
}

// Results may stand anywhere behind their calls, ids may come again, and either may be missing.
void AnthropicTurns::match_results() {
  struct Found {
    std::size_t group, item;
  };
  std::unordered_map<std::string_view, std::vector<Found>> results;  // from last to first
  for (std::size_t g = groups_.size(); g-- > 0;) {
    for (std::size_t i = groups_[g].items.size(); i-- > 0;) {
      const Part& part = *groups_[g].items[i].part;
      if (part.kind == PartKind::tool_result && !groups_[g].assistant) results[part.id.raw].push_back({g, i});
    }
  }
  std::unordered_set<std::string> taken;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (!groups_[g].assistant) continue;
    std::vector<Result> matched;
    for (Item& call : groups_[g].items) {
      if (call.part->kind != PartKind::tool_call) continue;
      has_calls_ = true;
      const std::string id = valid_id(call.part->id);
      call.id = id;
      for (int n = 2; !taken.insert(call.id).second; ++n) call.id = id + "_" + std::to_string(n);
      Result result{nullptr, call.id};
      auto& candidates = results[call.part->id.raw];
      while (!candidates.empty() && candidates.back().group < g) candidates.pop_back();
      if (!candidates.empty()) {
        Item& item = groups_[candidates.back().group].items[candidates.back().item];
        item.used = true;
        result.item = &item;
        candidates.pop_back();
      }
      matched.push_back(std::move(result));
    }
    if (matched.empty()) continue;
    // The items that others point to stay where they are when a group is moved.
    if (g + 1 == groups_.size()) groups_.emplace_back();
    groups_[g + 1].results = std::move(matched);
  }
}

bool AnthropicTurns::in_unthought_tool_loop() const {
  if (groups_.size() < 2 || groups_.back().results.empty()) return false;
  const std::vector<Item>& items = groups_[groups_.size() - 2].items;
  return std::none_of(items.begin(), items.end(), [](const Item& item) { return proved_by_anthropic(*item.part); });
}

// `part`: the item's own, or one within it.
void AnthropicTurns::write_media(const Item& item, const Part& part, Blocks& blocks) {
  std::string block;
  if (!append_anthropic_media(part, conversation_.dialect == chat::Dialect::anthropic, block)) {
    return unsaid_.add_inner(item.turn, item.index, part);
  }
  blocks.next().append(block);
  const JsonString& detail = part.media.detail;
  if (!detail.empty() && !detail.equals("auto")) unsaid_.add_detail(item.turn, item.index, part);
}

// What a result says, as blocks of their own: within a tool_result, or in its place where there is no call to it.
void AnthropicTurns::write_contents(const Item& item, Blocks& blocks) {
  for (const Part& part : item.part->content) {
    if (part.kind == PartKind::text || part.kind == PartKind::refusal) {
      blocks.text(part.text, part.cache);
    } else if (part.kind == PartKind::foreign && conversation_.dialect == chat::Dialect::anthropic) {
      blocks.next().append(part.raw);
    } else {
      write_media(item, part, blocks);
    }
  }
}

void AnthropicTurns::write_result(const Result& result, Blocks& blocks) {
  std::string& out = blocks.next();
  out.append(R"({"type":"tool_result","tool_use_id":")").append(result.id).append("\"");
  if (result.item == nullptr) {
    out.append(R"(,"content":"No result was given for this call.","is_error":true})");
    return;
  }
  std::string contents;
  Blocks inside(contents);
  write_contents(*result.item, inside);
  if (!contents.empty()) out.append(R"(,"content":[)").append(contents).append("]");
  if (result.item->part->failed) out.append(R"(,"is_error":true)");
  append_cache_mark(out, result.item->part->cache);
  out.push_back('}');
}

void AnthropicTurns::write_part(const Item& item, bool strip_end, Blocks& blocks) {
  const Part& part = *item.part;
  const bool own = conversation_.dialect == chat::Dialect::anthropic;
  switch (part.kind) {
    case PartKind::text:
    case PartKind::refusal: {
      if (!strip_end) return blocks.text(part.text, part.cache);
      std::string escaped;
      append_json_escaped(escaped, without_trailing_space(part.text));
      return blocks.text(JsonString{escaped, escaped.find('\\') != std::string::npos}, part.cache);
    }
    case PartKind::tool_call: {
      std::string& out = blocks.next();
      out.append(R"({"type":"tool_use","id":")").append(item.id).append(R"(","name":)");
      chat::append_string(out, part.name);
      out.append(R"(,"input":)").append(part.arguments.empty() ? "{}" : part.arguments);
      append_cache_mark(out, part.cache);
      out.push_back('}');
      return;
    }
    case PartKind::tool_result:
      if (!item.used) write_contents(item, blocks);
      return;
    case PartKind::thinking: {
      // Without its maker's proof a thought is refused. It is the model's own affair, and no loss.
      if (!proved_by_anthropic(part)) return;
      std::string& out = blocks.next();
      out.append(R"({"type":"thinking","thinking":)");
      chat::append_string(out, part.text);
      out.append(R"(,"signature":)");
      chat::append_string(out, part.signature);
      out.push_back('}');
      return;
    }
    case PartKind::hidden_thinking: {
      if (!proved_by_anthropic(part)) return;
      std::string& out = blocks.next();
      out.append(R"({"type":"redacted_thinking","data":)");
      chat::append_string(out, part.signature);
      out.push_back('}');
      return;
    }
    case PartKind::foreign:
      if (own) {
        blocks.next().append(part.raw);
      } else {
        unsaid_.add_part(item.turn, item.index);
      }
      return;
    case PartKind::image:
    case PartKind::document:
    case PartKind::audio: return write_media(item, part, blocks);
  }
}

std::string AnthropicTurns::contents_of(const Group& group, bool strip_end) {
  std::string contents;
  Blocks blocks(contents);
  for (const Result& result : group.results) write_result(result, blocks);
  for (const Item& item : group.items) write_part(item, strip_end && &item == &group.items.back(), blocks);
  return contents;
}

// The first turn has to be a user's. Where an assistant's last turn cannot be gone on with, it is asked to. Turns that
// say nothing are left out, and those around them become one.
void AnthropicTurns::append_messages(std::string& out, bool prefill) {
  std::optional<bool> open;  // the message being written is an assistant's
  for (const Group& group : groups_) {
    const bool last = &group == &groups_.back();
    const std::string contents = contents_of(group, last && group.assistant && prefill);
    if (contents.empty()) continue;
    if (open == group.assistant) {
      out.append(",").append(contents);
      continue;
    }
    if (open) {
      out.append("]},");
    } else if (group.assistant) {
      out.append(R"json({"role":"user","content":[{"type":"text","text":"(The conversation begins.)"}]},)json");
    }
    out.append(group.assistant ? R"({"role":"assistant","content":[)" : R"({"role":"user","content":[)");
    out.append(contents);
    open = group.assistant;
  }
  if (open) out.append("]}");
  if (open == true && !prefill) {
    out.append(R"(,{"role":"user","content":[{"type":"text","text":"Continue."}]})");
  }
}

std::string AnthropicTurns::stub_tools() const {
  std::string out;
  std::unordered_set<std::string_view> named;
  for (const Group& group : groups_) {
    for (const Item& item : group.items) {
      if (item.part->kind != PartKind::tool_call || !named.insert(item.part->name.raw).second) continue;
      if (!out.empty()) out.push_back(',');
      out.append(R"({"name":)");
      chat::append_string(out, item.part->name);
      out.append(R"(,"input_schema":{"type":"object"}})");
    }
  }
  return out;
}

}  // namespace triaged::provider
