#include "triaged/chat/request.hpp"

#include "triaged/chat/event.hpp"
#include "triaged/chat/usage.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace triaged::chat {
namespace {

TEST(Request, SumsWhatItsMessagesHold) {
  Request request;
  Message picture;
  picture.text = "look";
  picture.images = 2;
  Message recording;
  recording.text = "listen";
  recording.audios = 1;
  recording.files = 3;
  request.messages = {picture, recording};

  EXPECT_EQ(request.images(), 2U);
  EXPECT_EQ(request.audios(), 1U);
  EXPECT_EQ(request.files(), 3U);
  EXPECT_EQ(request.text_bytes(), 10U);
}

TEST(Request, KeepsItsViewsWhenMoved) {
  Request request;
  request.text_ = std::make_shared<const std::string>("a prompt");
  request.messages.emplace_back();
  request.messages[0].text = *request.text_;

  const Request moved = std::move(request);

  EXPECT_EQ(moved.messages[0].text, "a prompt");
}

TEST(Usage, TotalsAreTheSumsOfItsDisjointClasses) {
  Usage usage;
  usage.input = 1;
  usage.cached_input = 20;
  usage.cache_write_5m = 300;
  usage.cache_write_1h = 4'000;
  usage.audio_input = 50'000;
  usage.output = 600'000;
  usage.reasoning = 7'000'000;
  usage.audio_output = 80'000'000;

  EXPECT_EQ(usage.total_input(), 54'321);
  EXPECT_EQ(usage.total_output(), 87'600'000);
  EXPECT_EQ(usage.total(), 87'654'321);
  EXPECT_EQ(Usage().certainty, Certainty::unknown);
}

TEST(Names, AreDistinct) {
  std::set<std::string_view> names;
  for (const Finish each :
       {Finish::none, Finish::stop, Finish::length, Finish::tool_calls, Finish::content_filter, Finish::other}) {
    EXPECT_TRUE(names.insert(name(each)).second);
  }
  EXPECT_EQ(name(Certainty::unknown), "unknown");
  EXPECT_EQ(name(Role::tool), "tool");
  EXPECT_EQ(name(Dialect::openai_chat), "openai_chat");
}

}  // namespace
}  // namespace triaged::chat
