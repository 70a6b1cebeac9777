#include "triaged/base/model_name.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <utility>

namespace triaged {
namespace {

TEST(ModelName, LeavesOutItsDateOrVersion) {
  for (const auto& [model, plain] : {std::pair<std::string_view, std::string_view>("gpt-4o-2024-08-06", "gpt-4o"),
                                     {"claude-sonnet-4-5-20250929", "claude-sonnet-4-5"},
                                     {"mistral-large-latest", "mistral-large"},
                                     {"gemini-1.5-pro-002", "gemini-1.5-pro"},
                                     {"claude-3-5-sonnet@20240620", "claude-3-5-sonnet"},
                                     {"sim-light+status=503", "sim-light"}}) {
    EXPECT_EQ(without_version(model), plain);
  }
}

TEST(ModelName, KeepsWhatIsPartOfIt) {
  for (const std::string_view model : {"gpt-4o", "gpt-4o-mini", "claude-opus-4-5", "llama-3.1-8b", "o3", "-latest",
                                       "-2024-08-06", "@001", "x-20249999x", ""}) {
    EXPECT_EQ(without_version(model), model);
  }
}

}  // namespace
}  // namespace triaged
