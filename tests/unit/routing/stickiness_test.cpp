#include "routing/stickiness.hpp"

#include <gtest/gtest.h>

#include <map>

namespace triaged::routing {
namespace {

// Nano-dollars per token: input, cached input, output.
struct Rates {
  std::int64_t input;
  std::int64_t cached;
  std::int64_t output;
};

class TableOfPrices final : public Pricing {
 public:
  explicit TableOfPrices(std::map<std::size_t, Rates> rates) : rates_(std::move(rates)) {}
  std::optional<NanoDollars> cost(std::size_t target, const ExpectedUsage& usage) const override {
    const auto found = rates_.find(target);
    if (found == rates_.end()) return std::nullopt;
    const Rates& r = found->second;
    return NanoDollars((usage.input - usage.cached) * r.input + usage.cached * r.cached + usage.output * r.output);
  }
  std::optional<NanoDollars> cost_of(std::string_view, const ExpectedUsage&) const override { return std::nullopt; }

 private:
  std::map<std::size_t, Rates> rates_;
};

const TableOfPrices prices({{0, {150, 75, 600}}, {1, {2500, 250, 10000}}, {2, {2000, 2000, 8000}}});

TEST(CostOfMoving, IsThatOfThisTurnAndTheFurtherOnes) {
  Move move;
  move.from = 1;
  move.to = 2;
  move.cached = 8000;
  move.input = 10'000;
  move.output_from = 100;
  move.output_to = 200;
  move.further_turns = 2;
  const auto cost = cost_of_moving(move, prices);
  ASSERT_TRUE(cost);
  // Staying: 2,000 fresh, 8,000 cached, 100 out; then twice 10,000 cached, 100 out.
  EXPECT_EQ(cost->stay.value, 2000 * 2500 + 8000 * 250 + 100 * 10000 + 2 * (10'000 * 250 + 100 * 10000));
  // The other has no cache price: 10,000 fresh, 200 out, three times.
  EXPECT_EQ(cost->move.value, 3 * (10'000 * 2000 + 200 * 8000));
  EXPECT_FALSE(cost->pays());
}

TEST(CostOfMoving, PaysToAModelThatIsCheaperFreshThanTheOldOneCached) {
  Move move;
  move.from = 1;
  move.to = 0;
  move.cached = 10'000;
  move.input = 10'000;
  move.output_from = 100;
  move.output_to = 100;
  const auto cost = cost_of_moving(move, prices);
  ASSERT_TRUE(cost);
  EXPECT_TRUE(cost->pays());
}

TEST(CostOfMoving, CountsNoMoreCachedThanTheRequestHas) {
  Move move;
  move.from = 1;
  move.to = 0;
  move.cached = 50'000;
  move.input = 1000;
  const auto cost = cost_of_moving(move, prices);
  ASSERT_TRUE(cost);
  EXPECT_EQ(cost->stay.value, 1000 * 250);
}

TEST(CostOfMoving, IsNotKnownWithoutPrices) {
  Move move;
  move.from = 1;
  move.to = 9;
  EXPECT_FALSE(cost_of_moving(move, prices));
}

}  // namespace
}  // namespace triaged::routing
