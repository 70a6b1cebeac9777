#include "triaged/wire/sse.hpp"

#include <gtest/gtest.h>

#include <string>

namespace triaged::wire {
namespace {

TEST(SseWriter, WritesOneDataLine) {
  std::string out = "before ";
  append_sse_data(out, "{\"x\":1}");
  EXPECT_EQ(out, "before data: {\"x\":1}\n\n");
}

TEST(SseWriter, EachLineOfTheDataBecomesADataLine) {
  std::string out;
  append_sse_data(out, "a\nb\r\nc\rd\n");
  EXPECT_EQ(out, "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n");
}

TEST(SseWriter, EmptyDataIsStillAnEvent) {
  std::string out;
  append_sse_data(out, "");
  EXPECT_EQ(out, "data: \n\n");
}

TEST(SseWriter, NamesTheEvent) {
  std::string out;
  append_sse_event(out, "message_start", "{}");
  append_sse_event(out, "", "{}");
  EXPECT_EQ(out, "event: message_start\ndata: {}\n\ndata: {}\n\n");
}

TEST(SseWriter, NoNameOrCommentOpensAFurtherLine) {
  std::string out;
  append_sse_event(out, "a\r\ndata: evil", "b");
  append_sse_comment(out, "ping\ndata: evil");
  EXPECT_EQ(out, "event: a  data: evil\ndata: b\n\n: ping data: evil\n\n");
}

TEST(SseWriter, WhatItWritesIsReadBack) {
  std::string out;
  append_sse_comment(out, "ping");
  append_sse_event(out, "x", "a\n b\n\nc");
  append_sse_data(out, " leading space");
  SseReader reader;
  ASSERT_TRUE(reader.put(out));

  const std::optional<SseEvent> first = reader.next();
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->event, "x");
  EXPECT_EQ(first->data, "a\n b\n\nc");
  const std::optional<SseEvent> second = reader.next();
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->data, " leading space");
  EXPECT_FALSE(reader.next().has_value());
}

}  // namespace
}  // namespace triaged::wire
