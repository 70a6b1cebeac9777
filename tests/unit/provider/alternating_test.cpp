#include "provider/alternating.hpp"

#include "support/golden/conversation.hpp"

#include <gtest/gtest.h>

#include <string>

namespace triaged::provider {
namespace {

using json = triaged::test::Json;
using triaged::test::conversation_of;

// Each side as "user: ..." or "model: ...", with its pieces.
std::vector<std::string> sides_of(json::initializer_list_t turns) {
  const chat::Conversation conversation = conversation_of({{"turns", json::array(turns)}});
  std::vector<std::string> sides;
  for (const Side& side : alternate(conversation).sides) {
    std::string& text = sides.emplace_back(side.model ? "model:" : "user:");
    for (const Piece& piece : side.pieces) {
      const chat::Part& part = *piece.part;
      text += ' ';
      if (part.kind == chat::PartKind::tool_call) {
        text += "call " + part.id.resolved();
      } else if (part.kind == chat::PartKind::tool_result) {
        EXPECT_NE(piece.call, nullptr);
        text += "result " + piece.call->id.resolved() + (part.failed ? " failed" : "");
      } else {
        text += part.text.resolved().substr(0, 12);
      }
    }
  }
  return sides;
}

// Lists are made arrays by name: a brace around one value would be no list.
json user(json::initializer_list_t parts) { return {{"role", "user"}, {"parts", json::array(parts)}}; }
json model(json::initializer_list_t parts) { return {{"role", "assistant"}, {"parts", json::array(parts)}}; }
json call(const std::string& id) { return {{"kind", "tool_call"}, {"id", id}, {"name", "f"}}; }
json result(const std::string& id, const std::string& text) {
  return {{"kind", "tool_result"}, {"id", id}, {"content", json::array({text})}};
}

using Sides = std::vector<std::string>;

TEST(Alternating, MergesTurnsOfOneSideAndDropsWhatIsEmpty) {
  EXPECT_EQ(sides_of({user({"a", ""}), user({"b"}), model({" \n"}), user({"c"})}), (Sides{"user: a b c"}));
}

TEST(Alternating, PutsResultsBehindTheirCallsAndInTheirOrder) {
  EXPECT_EQ(
      sides_of({user({"go"}), model({call("1"), call("2")}), user({"by the way", result("2", "x"), result("1", "y")})}),
      (Sides{"user: go", "model: call 1 call 2", "user: result 1 result 2 by the way"}));
}

TEST(Alternating, KeepsCallsThatCameOneAfterTheOtherApart) {
  EXPECT_EQ(sides_of({user({"go"}), model({call("1")}), user({result("1", "x")}), model({call("2")}),
                      user({result("2", "y")})}),
            (Sides{"user: go", "model: call 1", "user: result 1", "model: call 2", "user: result 2"}));
}

TEST(Alternating, TellsSameIdsOfLaterTurnsApart) {
  const Sides sides = sides_of({user({"go"}), model({call("1")}), user({result("1", "x")}), model({call("1")})});

  EXPECT_EQ(sides, (Sides{"user: go", "model: call 1", "user: result 1", "model: call 1", "user: result 1 failed"}));
}

TEST(Alternating, MovesALateResultToItsCall) {
  EXPECT_EQ(sides_of({user({"go"}), model({call("1")}), user({"wait"}), model({"yes?"}), user({result("1", "x")}),
                      user({"so?"})}),
            (Sides{"user: go", "model: call 1", "user: result 1 wait", "model: yes?", "user: so?"}));
}

TEST(Alternating, MakesTextOfAResultWithoutCall) {
  EXPECT_EQ(sides_of({user({"go"}), model({"no"}), user({result("9", "found")})}),
            (Sides{"user: go", "model: no", "user: found"}));
}

TEST(Alternating, TakesNoResultForACallBehindIt) {
  EXPECT_EQ(sides_of({user({"go", result("1", "early")}), model({call("1")})}),
            (Sides{"user: go early", "model: call 1", "user: result 1 failed"}));
}

TEST(Alternating, LetsTheUserBeginAndHaveTheLastWord) {
  EXPECT_EQ(sides_of({model({"hi"})}), (Sides{"user: (The convers", "model: hi", "user: Go on from e"}));
}

TEST(Alternating, AsksWhatTheInstructionsSayWhereThereIsNothingElse) {
  const chat::Conversation conversation =
      conversation_of({{"turns", json::array({{{"role", "system"}, {"parts", json::array({"do it"})}}})}});
  const Alternating out = alternate(conversation);

  EXPECT_TRUE(out.system.empty());
  ASSERT_EQ(out.sides.size(), 1U);
  EXPECT_EQ(out.sides[0].pieces[0].part->text.resolved(), "do it");
}

// Whatever the turns are: the sides alternate, the user is first and last, every call has its result right behind it.
TEST(Alternating, HoldsForAnySequenceOfTurns) {
  const std::vector<json> turns{
      user({"a"}),  user({""}),         user({result("1", "x")}),     user({result("2", "y"), "b"}),
      model({"c"}), model({call("1")}), model({call("2"), call("1")})};
  const std::size_t count = turns.size();
  for (std::size_t code = 0; code < count * count * count * count; ++code) {
    json sequence = json::array();
    for (std::size_t rest = code, i = 0; i < 4; ++i, rest /= count) sequence.push_back(turns[rest % count]);
    const chat::Conversation conversation = conversation_of({{"turns", sequence}});
    const Alternating out = alternate(conversation);
    ASSERT_FALSE(out.sides.empty());
    ASSERT_TRUE(!out.sides.front().model && !out.sides.back().model) << sequence.dump();
    for (std::size_t i = 0; i < out.sides.size(); ++i) {
      ASSERT_EQ(out.sides[i].model, i % 2 == 1) << sequence.dump();
      ASSERT_FALSE(out.sides[i].pieces.empty()) << sequence.dump();
      if (!out.sides[i].model) continue;
      std::size_t next = 0;
      for (const Piece& piece : out.sides[i].pieces) {
        if (piece.part->kind != chat::PartKind::tool_call) continue;
        const Piece& answer = out.sides[i + 1].pieces.at(next++);
        ASSERT_EQ(answer.call, piece.part) << sequence.dump();
      }
    }
  }
}

}  // namespace
}  // namespace triaged::provider
