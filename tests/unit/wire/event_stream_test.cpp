#include "triaged/wire/event_stream.hpp"

#include "wire/crc32.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace triaged::wire {
namespace {

struct Outcome {
  std::vector<std::string> events;  // "type|data"
  bool failed = false;
  bool partial = false;

  bool operator==(const Outcome&) const = default;
};

Outcome read(const std::vector<std::string_view>& pieces, std::size_t max_event = 1U << 20U) {
  EventStreamReader reader(max_event);
  Outcome outcome;
  for (const std::string_view piece : pieces) {
    outcome.failed = !reader.put(piece) || outcome.failed;
    while (const auto event = reader.next()) {
      outcome.events.push_back(std::string(event->event) + "|" + std::string(event->data));
    }
  }
  outcome.partial = reader.has_partial();
  return outcome;
}

std::string two_messages() {
  std::string bytes;
  append_event_stream_message(bytes, "messageStart", R"({"role":"assistant"})");
  append_event_stream_message(bytes, "throttlingException", R"({"message":"slow"})", true);
  return bytes;
}

std::string big_endian(std::size_t number, std::size_t size) {
  std::string out;
  for (std::size_t i = size; i-- > 0;) out.push_back(static_cast<char>(number >> (8 * i) & 0xFFU));
  return out;
}

// A message with right checksums, whatever its headers are.
std::string message_of(std::string_view headers, std::string_view payload) {
  std::string bytes = big_endian(16 + headers.size() + payload.size(), 4) + big_endian(headers.size(), 4);
  bytes += big_endian(crc32(bytes), 4);
  bytes.append(headers).append(payload);
  return bytes + big_endian(crc32(bytes), 4);
}

TEST(EventStream, GivesTheTypeAndThePayloadOfEachMessage) {
  const Outcome outcome = read({two_messages()});

  EXPECT_EQ(outcome.events, (std::vector<std::string>{R"(messageStart|{"role":"assistant"})",
                                                      R"(throttlingException|{"message":"slow"})"}));
  EXPECT_FALSE(outcome.failed);
  EXPECT_FALSE(outcome.partial);
}

TEST(EventStream, GivesTheSameHoweverItIsCut) {
  const std::string bytes = two_messages();
  const std::string_view text = bytes;
  const Outcome expected = read({text});
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    ASSERT_EQ(read({text.substr(0, cut), text.substr(cut)}), expected) << cut;
  }
  std::vector<std::string_view> single;
  for (std::size_t at = 0; at < text.size(); ++at) single.push_back(text.substr(at, 1));
  EXPECT_EQ(read(single), expected);
}

TEST(EventStream, HoldsAPartWhereverItEndsWithinAMessage) {
  const std::string bytes = two_messages();
  const std::size_t first = bytes.find("throttlingException");
  std::string one;
  append_event_stream_message(one, "messageStart", R"({"role":"assistant"})");
  ASSERT_LT(one.size(), first);
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_EQ(read({std::string_view(bytes).substr(0, size)}).partial, size != one.size()) << size;
  }
}

TEST(EventStream, NoticesEveryDamagedByte) {
  const std::string bytes = two_messages();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    const Outcome outcome = read({damaged});
    EXPECT_TRUE(outcome.failed) << at;
    EXPECT_LE(outcome.events.size(), 1U) << at;
  }
}

TEST(EventStream, GivesWhatCameBeforeTheDamageAndNothingAfter) {
  std::string damaged = two_messages();
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  EventStreamReader reader;

  EXPECT_FALSE(reader.put(damaged));
  EXPECT_TRUE(reader.next());
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.put(two_messages()));
  EXPECT_FALSE(reader.next());
}

TEST(EventStream, ReadsAgainOnceReset) {
  EventStreamReader reader;
  EXPECT_FALSE(reader.put(std::string(12, 'x')));

  reader.reset();

  EXPECT_TRUE(reader.put(two_messages()));
  EXPECT_TRUE(reader.next());
}

TEST(EventStream, RefusesAMessageAboveTheLimitBeforeItHasCome) {
  std::string bytes;
  append_event_stream_message(bytes, "messageStart", std::string(1000, 'x'));

  EXPECT_TRUE(read({std::string_view(bytes).substr(0, 12)}, 1000).failed);
  EXPECT_FALSE(read({bytes}, 2000).failed);
}

TEST(EventStream, RefusesLengthsThatCannotBe) {
  const auto prelude = [](std::size_t size, std::size_t headers) {
    std::string bytes = big_endian(size, 4) + big_endian(headers, 4);
    return bytes + big_endian(crc32(bytes), 4);
  };
  EXPECT_TRUE(read({prelude(15, 0)}).failed);
  EXPECT_TRUE(read({prelude(0, 0)}).failed);
  EXPECT_TRUE(read({prelude(100, 85)}).failed);
  EXPECT_TRUE(read({prelude(100, 0xFFFFFFFF)}).failed);
  EXPECT_FALSE(read({prelude(100, 84)}).failed);
}

TEST(EventStream, RefusesHeadersThatCannotBeRead) {
  using namespace std::string_literals;
  for (const std::string& headers : {"\0"s, "\5ab"s, "\1a"s, "\1a\x0a"s, "\1a\7"s, "\1a\7\0"s, "\1a\7\0\5ab"s,
                                     "\1a\4\0\0\0"s, "\1a\x09"s + std::string(15, 'x')}) {
    EXPECT_TRUE(read({message_of(headers, "{}")}).failed) << headers;
  }
  EXPECT_FALSE(read({message_of("", "{}")}).failed);
}

TEST(EventStream, TellsAnErrorThatHasNoPayload) {
  using namespace std::string_literals;
  const std::string headers =
      "\x0d:message-type\7\0\5error"s + "\x0b:error-code\7\0\4Oops"s + "\x0e:error-message\7\0\5a \"b\""s;

  EXPECT_EQ(read({message_of(headers, "")}).events, (std::vector<std::string>{R"(Oops|{"message":"a \"b\""})"}));
}

TEST(EventStream, KeepsLittleOfALongStream) {
  EventStreamReader reader;
  std::string bytes;
  append_event_stream_message(bytes, "contentBlockDelta", std::string(500, 'x'));
  int events = 0;
  for (int i = 0; i < 20'000; ++i) {
    ASSERT_TRUE(reader.put(bytes));
    while (reader.next()) ++events;
  }
  EXPECT_EQ(events, 20'000);
  EXPECT_FALSE(reader.has_partial());
}

// The check value of CRC-32, and that a byte at a time gives the same as several at once.
TEST(Crc32, IsThatOfZlib) {
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U);
  EXPECT_EQ(crc32(""), 0U);
  EXPECT_EQ(crc32("The quick brown fox jumps over the lazy dog"), 0x414FA339U);
}

}  // namespace
}  // namespace triaged::wire
