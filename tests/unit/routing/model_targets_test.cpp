#include "triaged/routing/model_targets.hpp"

#include "unit/routing/support.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace triaged::routing {
namespace {

using Targets = std::vector<std::size_t>;

TEST(ModelTargets, TakesTheBestFitOfAName) {
  config::Settings settings;
  settings.targets = {test::target("openai/gpt-4o-mini"), test::target("openai/gpt-4o-2024-08-06"),
                      test::target("azure/gpt-4o"), test::target("router/meta/llama-3.1-70b"),
                      test::target("openai/small-embedder")};
  settings.tiers = {{"light", {0}}, {"standard", {1, 3}}, {"premium", {2, 3}}};
  struct Case {
    std::string_view model;
    Targets targets;
  };
  for (const Case& one : {Case{"openai/gpt-4o-mini", {0}},
                          {"gpt-4o-mini", {0}},
                          {"gpt-4o-mini-2024-07-18", {0}},
                          {"gpt-4o", {2}},
                          {"azure/gpt-4o", {2}},
                          {"gpt-4o-2024-08-06", {1}},
                          {"gpt-4o-2024-11-20", {1, 2}},
                          {"router/meta/llama-3.1-70b", {3}},
                          {"llama-3.1-70b", {3}},
                          {"small-embedder", {}},
                          {"gpt-4", {}},
                          {"gpt", {}},
                          {"", {}}}) {
    EXPECT_EQ(targets_of_model(one.model, settings), one.targets) << one.model;
  }
}

}  // namespace
}  // namespace triaged::routing
