#include "triaged/chat/paths.hpp"

#include <gtest/gtest.h>

namespace triaged::chat {
namespace {

TEST(RoutedPaths, AreFoundWithAndWithoutTheirVersion) {
  for (const RoutedPath& each : routed_paths) {
    EXPECT_EQ(find_routed_path(each.path), &each);
    EXPECT_EQ(find_routed_path(without_version(each.path)), &each);
  }
  ASSERT_NE(find_routed_path("/messages"), nullptr);
  EXPECT_EQ(find_routed_path("/messages")->dialect, Dialect::anthropic);
}

TEST(RoutedPaths, AreNoOthers) {
  for (const std::string_view path : {"", "/", "/v1", "/v1/", "/v1/embeddings", "/v1/messages/", "/v1messages",
                                      "/v2/messages", "messages", "/v1/v1/messages", "/v1/messages?beta=true"}) {
    EXPECT_EQ(find_routed_path(path), nullptr) << path;
  }
}

}  // namespace
}  // namespace triaged::chat
