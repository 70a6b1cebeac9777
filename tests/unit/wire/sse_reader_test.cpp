#include "triaged/wire/sse.hpp"

#include "support/processor_time.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::wire {
namespace {

struct Event {
  std::string event;
  std::string data;
  std::string id;

  bool operator==(const Event&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Event& event) {
  return out << "{" << event.event << "|" << event.data << "|" << event.id << "}";
}

struct Outcome {
  std::vector<Event> events;
  bool failed = false;
  bool partial = false;

  bool operator==(const Outcome&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
  for (const Event& event : outcome.events) out << event;
  return out << (outcome.failed ? " failed" : "") << (outcome.partial ? " partial" : "");
}

void drain(SseReader& reader, std::vector<Event>& events) {
  while (const std::optional<SseEvent> event = reader.next()) {
    events.push_back({std::string(event->event), std::string(event->data), std::string(event->id)});
  }
}

Outcome read(const std::vector<std::string_view>& pieces, std::size_t max_event = 1U << 20U, bool let_go = false) {
  SseReader reader(max_event);
  Outcome outcome;
  for (const std::string_view piece : pieces) {
    if (!reader.put(piece)) outcome.failed = true;
    drain(reader, outcome.events);
    if (let_go) reader.let_go();
  }
  outcome.partial = reader.has_partial();
  return outcome;
}

Outcome read_in_pieces(std::string_view text, std::size_t size, std::size_t max_event = 1U << 20U,
                       bool let_go = false) {
  std::vector<std::string_view> pieces;
  for (; !text.empty(); text.remove_prefix(std::min(size, text.size()))) pieces.push_back(text.substr(0, size));
  return read(pieces, max_event, let_go);
}

struct Row {
  std::string name;
  std::string text;
  std::vector<Event> events;
  bool partial = false;
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

class SseStream : public testing::TestWithParam<Row> {};

TEST_P(SseStream, GivesTheSameEventsHoweverItIsSplit) {
  const Row& row = GetParam();
  const std::string_view text = row.text;
  const Outcome expected{row.events, false, row.partial};

  EXPECT_EQ(read({text}), expected);
  EXPECT_EQ(read_in_pieces(text, 1), expected);
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    EXPECT_EQ(read({text.substr(0, cut), text.substr(cut)}), expected) << "cut at " << cut;
    EXPECT_EQ(read({text.substr(0, cut), "", text.substr(cut)}), expected) << "cut twice at " << cut;
  }
}

TEST_P(SseStream, GivesTheSameEventsWhenItLetsGoOfItsMemoryBetweenPieces) {
  const Row& row = GetParam();
  const Outcome expected{row.events, false, row.partial};

  for (std::size_t size = 1; size <= row.text.size(); ++size) {
    EXPECT_EQ(read_in_pieces(row.text, size, 1U << 20U, true), expected) << "pieces of " << size;
  }
}

const std::vector<Row> streams = {
    {"nothing", "", {}},
    {"one", "data: a\n\n", {{"", "a", ""}}},
    {"chat stream",
     "data: {\"x\":1}\n\ndata: {\"x\":2}\n\ndata: [DONE]\n\n",
     {{"", "{\"x\":1}", ""}, {"", "{\"x\":2}", ""}, {"", "[DONE]", ""}}},
    {"named",
     "event: ping\ndata: {}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
     {{"ping", "{}", ""}, {"message_stop", "{\"type\":\"message_stop\"}", ""}}},
    {"CRLF", "event: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n", {{"a", "b", ""}, {"", "c", ""}}},
    {"CR", "event: a\rdata: b\r\rdata: c\r\r", {{"a", "b", ""}, {"", "c", ""}}},
    {"line ends mixed",
     "data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\rdata: e\r\n\n",
     {{"", "a\nb\nc", ""}, {"", "d", ""}, {"", "e", ""}}},
    {"byte order mark",
     "\xEF\xBB\xBF"
     "data: a\n\n",
     {{"", "a", ""}}},
    {"byte order mark in the middle",
     "data: a\n\n\xEF\xBB\xBF"
     "data: b\n\ndata: c\n\n",
     {{"", "a", ""}, {"", "c", ""}}},
    {"half a byte order mark", "\xEF\xBB", {}, true},
    {"half a byte order mark, then text",
     "\xEF\xBB"
     "data: a\n\ndata: b\n\n",
     {{"", "b", ""}}},
    {"comments", ": hello\n\n:\n\n: ping\ndata: a\n: in between\ndata: b\n\n: bye\n", {{"", "a\nb", ""}}},
    {"several data lines", "data: a\ndata\ndata:\ndata: b\n\n", {{"", "a\n\n\nb", ""}}},
    {"one space is taken away", "data:a\n\ndata: a\n\ndata:  a \n\n", {{"", "a", ""}, {"", "a", ""}, {"", " a ", ""}}},
    {"field without colon", "data\n\nevent\ndata: x\n\n", {{"", "", ""}, {"", "x", ""}}},
    {"data without value", "data:\n\n", {{"", "", ""}}},
    {"event without data is none", "event: a\n\ndata: b\n\n", {{"", "b", ""}}},
    {"last event type counts", "event: a\nevent: b\ndata: c\n\n", {{"b", "c", ""}}},
    {"id stays until it changes",
     "id: 1\ndata: a\n\ndata: b\n\nid: 2\n\ndata: c\n\nid\ndata: d\n\n",
     {{"", "a", "1"}, {"", "b", "1"}, {"", "c", "2"}, {"", "d", ""}}},
    {"id with NUL is ignored",
     std::string("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n", 31),
     {{"", "a", "1"}, {"", "b", "1"}}},
    {"retry and unknown fields", "retry: 10\nfoo: bar\nDATA: x\n data: y\ndata: a\n\n", {{"", "a", ""}}},
    {"colon in value", "data: a: b:c\n\n", {{"", "a: b:c", ""}}},
    {"UTF-8", "data: \xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\n\n", {{"", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", ""}}},
    {"many blank lines", "\n\n\r\n\r\rdata: a\n\n\n\n\r\n", {{"", "a", ""}}},
    {"cut in a line", "data: a\n\ndata: b", {{"", "a", ""}}, true},
    {"cut in front of the blank line", "data: a\n\ndata: b\n", {{"", "a", ""}}, true},
    {"cut in a comment", "data: a\n\n: b", {{"", "a", ""}}, true},
    {"cut behind a CR", "data: a\r", {}, true},
};

INSTANTIATE_TEST_SUITE_P(Sse, SseStream, testing::ValuesIn(streams));

TEST(SseReader, GivesAnEventAsSoonAsItsBlankLineBegins) {
  SseReader reader;
  ASSERT_TRUE(reader.put("data: a\r\n\r"));
  EXPECT_TRUE(reader.next().has_value()) << "the LF of this CR need not have come";
  EXPECT_FALSE(reader.has_partial());
  ASSERT_TRUE(reader.put("\n"));
  EXPECT_FALSE(reader.next().has_value());
  EXPECT_FALSE(reader.has_partial());
}

TEST(SseReader, OneDataLineIsNotCopied) {
  SseReader reader;
  ASSERT_TRUE(reader.put("event: x\ndata: hello\n\n"));
  const std::optional<SseEvent> event = reader.next();
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(event->data.data(), event->event.data() + std::string_view("x\ndata: ").size());
}

TEST(SseReader, FailsWhenOneEventIsLargerThanTheLimitHoweverItIsSplit) {
  struct Case {
    std::string name;
    std::string text;
    bool fails;
    std::size_t events;
  };
  const std::string ten(10, 'x');
  const Case table[] = {
      {"exactly the limit", "data: a\n\ndata: " + ten + "xxx\n\ndata: b\n\n", false, 3},
      {"exactly the limit with CRLF", "data: a\r\n\r\ndata: " + ten + "xx\r\n\r\ndata: b\r\n\r\n", false, 3},
      {"one byte more", "data: a\n\ndata: " + ten + "xxxx\n\ndata: b\n\n", true, 1},
      {"CRLF is one byte more", "data: a\r\n\r\ndata: " + ten + "xxx\r\n\r\ndata: b\r\n\r\n", true, 1},
      {"several lines", "data: a\n\ndata: 1\ndata: 2\ndata: 3\n\n", true, 1},
      {"endless line", "data: a\n\n" + ten + ten + ten, true, 1},
      {"endless comment", ":" + ten + ten + ten + "\ndata: a\n\n", true, 0},
      {"comments in an event count", "data: a\n:" + ten + ten + "\n\n", true, 0},
      {"comments between events do not", ": 1234567\n: 1234567\n: 1234567\n: 1234567\ndata: a\n\n", false, 1},
      {"many small events", "data: a\n\ndata: a\n\ndata: a\n\ndata: a\n\ndata: a\n\n", false, 5},
  };
  for (const Case& row : table) {
    const Outcome at_once = read({row.text}, 20);
    EXPECT_EQ(at_once.failed, row.fails) << row.name;
    EXPECT_EQ(at_once.events.size(), row.events) << row.name;
    EXPECT_EQ(at_once.partial, row.fails) << row.name;
    for (std::size_t size = 1; size < row.text.size(); ++size) {
      EXPECT_EQ(read_in_pieces(row.text, size, 20), at_once) << row.name << " in pieces of " << size;
    }
  }
}

TEST(SseReader, AFailureIsTheUpstreamsAndLastsUntilReset) {
  SseReader reader(20);
  const Result<void> put = reader.put("data: " + std::string(30, 'x'));
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::protocol);
  EXPECT_EQ(put.error().blame, Blame::upstream);
  EXPECT_FALSE(reader.put("\n\ndata: a\n\n"));
  EXPECT_FALSE(reader.next().has_value());

  reader.reset();

  EXPECT_TRUE(reader.put("data: a\n\n"));
  EXPECT_TRUE(reader.next().has_value());
}

TEST(SseReader, PutWorksWhileEventsAreStillUnread) {
  SseReader reader;
  std::vector<Event> events;
  std::vector<Event> expected;
  for (int i = 0; i < 1000; ++i) {
    const std::string data = "number " + std::to_string(i);
    ASSERT_TRUE(reader.put("data: " + data + "\n"));
    ASSERT_TRUE(reader.put("\n"));
    expected.push_back({"", data, ""});
    if (i % 7 == 0) {
      const std::optional<SseEvent> event = reader.next();
      ASSERT_TRUE(event.has_value());
      events.push_back({"", std::string(event->data), ""});
    }
  }
  drain(reader, events);
  EXPECT_EQ(events, expected);
}

// Quadratic work would take minutes for these.
TEST(SseReader, WorkGrowsWithTheBytesAndNotWithTheirSquare) {
  std::string carriage_returns;
  for (int i = 0; i < 100'000; ++i) carriage_returns += "data: a\r\r";
  const std::string long_line = "data: " + std::string(4U << 20U, 'x') + "\n\n";
  std::string many_lines;
  for (int i = 0; i < 200'000; ++i) many_lines += "data: abc\n";
  many_lines += "\n";
  const double begin = test::processor_seconds();

  EXPECT_EQ(read({carriage_returns}).events.size(), 100'000U);
  EXPECT_EQ(read_in_pieces(carriage_returns, 1000).events.size(), 100'000U);
  EXPECT_EQ(read_in_pieces(long_line, 100, 8U << 20U).events.size(), 1U);
  EXPECT_EQ(read_in_pieces(many_lines, 100, 8U << 20U).events.size(), 1U);

  EXPECT_LT(test::processor_seconds() - begin, 20);
}

}  // namespace
}  // namespace triaged::wire
