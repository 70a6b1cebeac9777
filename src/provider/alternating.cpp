#include "provider/alternating.hpp"

#include <deque>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace triaged::provider {
namespace {

using chat::Part;
using chat::PartKind;
using chat::Role;

Part own_text(std::string_view text) {
  Part part;
  part.text.raw = text;
  return part;
}

const Part& missing_result() {
  static const Part part = [] {
    Part made;
    made.kind = PartKind::tool_result;
    made.content.push_back(own_text("The call was not answered."));
    made.failed = true;
    return made;
  }();
  return part;
}

const Part& opening() {
  static const Part part = own_text("(The conversation begins with your words.)");
  return part;
}

const Part& request_to_go_on() {
  static const Part part =
      own_text("Go on from exactly where your last words end. Do not repeat them and add nothing in front.");
  return part;
}

bool is_empty(const Part& part) {
  switch (part.kind) {
    case PartKind::text:
    case PartKind::refusal: return is_blank(part.text);
    case PartKind::thinking: return part.text.empty() && part.signature.empty();
    case PartKind::hidden_thinking: return part.signature.empty();
    case PartKind::image:
    case PartKind::audio:
    case PartKind::document:
      return part.media.url.empty() && part.media.data.empty() && part.media.text.empty() && part.media.file_id.empty();
    case PartKind::tool_call:
    case PartKind::tool_result:
    case PartKind::foreign: return false;
  }
  return false;
}

class Alternation {
 public:
  explicit Alternation(const chat::Conversation& conversation) : conversation_(conversation) { find_results(); }
  Alternating run();

 private:
  struct Found {
    Piece piece;
    bool taken = false;
  };
  // Results under one id. Calls come in order, so none in front of `next` is looked at again.
  struct Same {
    std::vector<Found*> results;
    std::size_t next = 0;
  };

  void find_results();
  const Found* take_result(const Piece& call);
  void read_answer(std::size_t turn);
  void read_question(std::size_t turn);
  void settle_calls();
  std::vector<Piece>& side(bool model);

  const chat::Conversation& conversation_;
  Alternating out_;
  std::deque<Found> results_;
  std::size_t next_result_ = 0;  // of the questions read so far
  std::unordered_map<std::string_view, Same> by_id_;
  std::vector<Piece> open_calls_;
};

void Alternation::find_results() {
  for (std::size_t turn = 0; turn < conversation_.turns.size(); ++turn) {
    const auto& [role, parts, name] = conversation_.turns[turn];
    if (role != Role::user && role != Role::tool) continue;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].kind != PartKind::tool_result) continue;
      Found& found = results_.emplace_back(Found{{&parts[i], nullptr, turn, i}});
      by_id_[parts[i].id.raw].results.push_back(&found);
    }
  }
}

// Ids may come again in later turns: the first result behind the call that no other call took.
const Alternation::Found* Alternation::take_result(const Piece& call) {
  const auto known = by_id_.find(call.part->id.raw);
  if (known == by_id_.end()) return nullptr;
  auto& [results, next] = known->second;
  while (next < results.size() && results[next]->piece.turn <= call.turn) ++next;
  if (next == results.size()) return nullptr;
  Found* found = results[next++];
  found->taken = true;
  return found;
}

std::vector<Piece>& Alternation::side(bool model) {
  if (out_.sides.empty() || out_.sides.back().model != model) out_.sides.push_back({model, {}});
  return out_.sides.back().pieces;
}

void Alternation::settle_calls() {
  for (const Piece& call : std::exchange(open_calls_, {})) {
    const Found* found = take_result(call);
    Piece piece = found != nullptr ? found->piece : Piece{&missing_result(), nullptr, call.turn, call.index};
    piece.call = call.part;
    side(false).push_back(piece);
  }
}

void Alternation::read_answer(std::size_t turn) {
  const auto& parts = conversation_.turns[turn].parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (is_empty(parts[i])) continue;
    const Piece piece{&parts[i], nullptr, turn, i};
    side(true).push_back(piece);
    if (parts[i].kind == PartKind::tool_call) open_calls_.push_back(piece);
  }
}

void Alternation::read_question(std::size_t turn) {
  const auto& parts = conversation_.turns[turn].parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (is_empty(parts[i])) continue;
    settle_calls();
    if (parts[i].kind != PartKind::tool_result) {
      side(false).push_back({&parts[i], nullptr, turn, i});
      continue;
    }
    if (results_[next_result_++].taken) continue;
    for (const Part& part : parts[i].content) {
      if (!is_empty(part)) side(false).push_back({&part, nullptr, turn, i});
    }
  }
}

Alternating Alternation::run() {
  for (std::size_t turn = 0; turn < conversation_.turns.size(); ++turn) {
    switch (conversation_.turns[turn].role) {
      case Role::system: {
        const auto& parts = conversation_.turns[turn].parts;
        for (std::size_t i = 0; i < parts.size(); ++i) {
          if (!is_empty(parts[i])) out_.system.push_back({&parts[i], nullptr, turn, i});
        }
        break;
      }
      case Role::assistant: read_answer(turn); break;
      case Role::user:
      case Role::tool: read_question(turn); break;
    }
  }
  settle_calls();
  if (out_.sides.empty() && !out_.system.empty()) {
    // Nothing but instructions: then they are what is asked.
    out_.sides.push_back({false, std::exchange(out_.system, {})});
  }
  if (out_.sides.empty() || out_.sides.front().model) {
    out_.sides.insert(out_.sides.begin(), Side{false, {Piece{&opening(), nullptr, 0, 0}}});
  }
  if (out_.sides.back().model) side(false).push_back({&request_to_go_on(), nullptr, 0, 0});
  return std::move(out_);
}

}  // namespace

bool is_blank(const JsonString& text) {
  for (std::size_t i = 0; i < text.raw.size(); ++i) {
    const char c = text.raw[i];
    if (c == ' ') continue;
    if (c != '\\' || i + 1 == text.raw.size()) return false;
    const char escape = text.raw[++i];
    if (escape != 'n' && escape != 't' && escape != 'r') return false;
  }
  return true;
}

Alternating alternate(const chat::Conversation& conversation) { return Alternation(conversation).run(); }

}  // namespace triaged::provider
