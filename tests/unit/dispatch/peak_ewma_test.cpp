#include "dispatch/peak_ewma.hpp"

#include <gtest/gtest.h>

namespace triaged::dispatch {
namespace {

using std::chrono::milliseconds;

double ms(std::optional<Duration> value) { return std::chrono::duration<double, std::milli>(value.value()).count(); }

TEST(PeakEwma, KnowsNothingAtFirst) { EXPECT_FALSE(PeakEwma().value(TimePoint())); }

TEST(PeakEwma, RisesAtOnceAndFallsLittleByLittle) {
  ManualClock clock;
  PeakEwma ewma;
  ewma.observe(milliseconds(100), clock.now());
  clock.advance(milliseconds(10));

  ewma.observe(milliseconds(1000), clock.now());
  EXPECT_DOUBLE_EQ(ms(ewma.value(clock.now())), 1000);

  clock.advance(milliseconds(100));
  ewma.observe(milliseconds(100), clock.now());
  EXPECT_GT(ms(ewma.value(clock.now())), 990);
  for (int i = 0; i < 1200; ++i) {
    clock.advance(milliseconds(100));
    ewma.observe(milliseconds(100), clock.now());
  }
  EXPECT_NEAR(ms(ewma.value(clock.now())), 100, 20);
}

TEST(PeakEwma, FadesWhileNothingIsHeard) {
  ManualClock clock;
  PeakEwma ewma;
  ewma.observe(milliseconds(1000), clock.now());

  clock.advance(PeakEwma::decay);
  EXPECT_NEAR(ms(ewma.value(clock.now())), 368, 1);
  clock.advance(20 * PeakEwma::decay);
  EXPECT_LT(ms(ewma.value(clock.now())), 0.001);
}

}  // namespace
}  // namespace triaged::dispatch
