#include "app/descriptors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>

namespace triaged::app {
namespace {

TEST(Descriptors, MayBeAsManyAsTheHardLimitAllows) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit low{before.rlim_max / 2, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);

  EXPECT_EQ(raise_descriptor_limit(), before.rlim_max);

  rlimit after{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  setrlimit(RLIMIT_NOFILE, &before);
}

config::Settings settings_of(std::size_t clients, std::size_t upstream) {
  config::Settings settings;
  settings.server.limits.connections = clients;
  settings.providers.resize(1);
  settings.providers[0].connections = upstream;
  return settings;
}

TEST(Descriptors, AreShortWhenTheConnectionsOfBothSidesDoNotFit) {
  EXPECT_EQ(descriptor_shortage(settings_of(1000, 100), 2, 4096), "");
  EXPECT_EQ(descriptor_shortage(settings_of(1000, 5000), 2, 2100), "");
  const std::string told = descriptor_shortage(settings_of(1000, 500), 2, 2079);
  EXPECT_THAT(told, testing::HasSubstr("may open 2079 files"));
  EXPECT_THAT(told, testing::HasSubstr("come to 2080"));
}

TEST(Descriptors, AreNotCountedTwiceForProvidersThatAreNeverBusyAtOnce) {
  EXPECT_EQ(descriptor_shortage(settings_of(1000, 60'000), 4, 2096), "");
}

}  // namespace
}  // namespace triaged::app
