#include "triaged/base/result.hpp"

#include "triaged/base/deadline.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string_view>

namespace triaged {
namespace {

using namespace std::chrono_literals;

TEST(Errors, EveryKindHasItsOwnName) {
  std::set<std::string_view> names;
  const auto last = static_cast<int>(ErrorKind::internal);
  for (int kind = 0; kind <= last; ++kind) names.insert(name(static_cast<ErrorKind>(kind)));

  EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
  EXPECT_EQ(name(Blame::client), "client");
  EXPECT_EQ(name(Blame::upstream), "upstream");
  EXPECT_EQ(name(Blame::gateway), "gateway");
}

TEST(Errors, UpstreamTimeoutsAre504AndOtherFailures502) {
  for (const auto kind : {ErrorKind::connect_timeout, ErrorKind::head_timeout, ErrorKind::first_content_timeout,
                          ErrorKind::idle_timeout, ErrorKind::total_timeout}) {
    EXPECT_EQ(upstream_error(kind, "late").status, 504) << name(kind);
  }
  const Error reset = upstream_error(ErrorKind::reset, "gone");
  EXPECT_EQ(reset.status, 502);
  EXPECT_EQ(reset.blame, Blame::upstream);
  EXPECT_EQ(reset.code, "reset");
}

TEST(Errors, ClientErrorsNameTheFieldAtFault) {
  const Error error = client_error(ErrorKind::invalid_request, 400, "no such role", "invalid_role", "messages[0].role");

  EXPECT_EQ(error.blame, Blame::client);
  EXPECT_EQ(error.status, 400);
  EXPECT_EQ(error.code, "invalid_role");
  EXPECT_EQ(error.param, "messages[0].role");
}

TEST(Result, ReadingTheValueOfAnErrorThrowsWithItsSentence) {
  const Result<int> failed = gateway_error(ErrorKind::storage, 500, "the disk is full");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().detail, "the disk is full");
  try {
    static_cast<void>(failed.value());
    FAIL() << "read a value that is not there";
  } catch (const std::logic_error& error) {
    EXPECT_NE(std::string_view(error.what()).find("the disk is full"), std::string_view::npos);
  }
}

TEST(Deadline, ZeroMeansNoLimit) {
  const ManualClock clock;
  const Deadline never = Deadline::in(0ns, clock.now());

  EXPECT_TRUE(never.never());
  EXPECT_FALSE(never.passed(clock.now()));
  EXPECT_EQ(never.left(clock.now()), Duration::max());
}

TEST(Deadline, PassesAtItsPointAndTheSoonerOneWins) {
  ManualClock clock;
  const Deadline whole = Deadline::in(2s, clock.now());
  const Deadline first = Deadline::in(500ms, clock.now());

  EXPECT_EQ(whole.or_sooner(first).at(), first.at());
  clock.advance(500ms);
  EXPECT_TRUE(first.passed(clock.now()));
  EXPECT_EQ(first.left(clock.now()), 0ns);
  EXPECT_EQ(whole.left(clock.now()), 1500ms);
}

TEST(ManualClock, MovesBothTimesTogether) {
  ManualClock clock;
  const auto now = clock.now();
  const auto wall = clock.wall();
  clock.advance(1500ms);

  EXPECT_EQ(clock.now() - now, 1500ms);
  EXPECT_EQ(clock.wall() - wall, 1500ms);
}

TEST(SystemClock, NeverGoesBack) {
  const auto first = system_clock().now();
  EXPECT_LE(first, system_clock().now());
  EXPECT_GT(system_clock().wall(), WallTime(std::chrono::seconds(1'700'000'000)));
}

}  // namespace
}  // namespace triaged
