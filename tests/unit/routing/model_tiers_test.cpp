#include "triaged/routing/model_tiers.hpp"

#include "unit/routing/support.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace triaged::routing {
namespace {

using Tiers = std::vector<std::size_t>;

TEST(ModelTiers, TakesTheBestFitOfAName) {
  config::Settings settings;
  settings.targets = {test::target("openai/gpt-4o-mini"), test::target("openai/gpt-4o-2024-08-06"),
                      test::target("azure/gpt-4o"), test::target("router/meta/llama-3.1-70b")};
  settings.tiers = {{"light", {0}}, {"standard", {1, 3}}, {"premium", {2, 3}}};
  struct Case {
    std::string_view model;
    Tiers tiers;
  };
  for (const Case& one : {Case{"openai/gpt-4o-mini", {0}},
                          {"gpt-4o-mini", {0}},
                          {"gpt-4o-mini-2024-07-18", {0}},
                          {"gpt-4o", {2}},
                          {"azure/gpt-4o", {2}},
                          {"gpt-4o-2024-08-06", {1}},
                          {"gpt-4o-2024-11-20", {1, 2}},
                          {"router/meta/llama-3.1-70b", {1, 2}},
                          {"llama-3.1-70b", {1, 2}},
                          {"gpt-4", {}},
                          {"gpt", {}},
                          {"", {}}}) {
    EXPECT_EQ(tiers_of_model(one.model, settings), one.tiers) << one.model;
  }
}

}  // namespace
}  // namespace triaged::routing
