#include "triaged/config/client_key.hpp"

#include <gtest/gtest.h>

namespace triaged::config {
namespace {

TEST(ClientKeys, AreNamedByTheBeginningOfTheirHash) {
  EXPECT_EQ(key_fingerprint("abc"), "key-ba7816bf");  // FIPS 180-2, B.1
  EXPECT_NE(key_fingerprint("abd"), key_fingerprint("abc"));
  EXPECT_TRUE(is_key_fingerprint(key_fingerprint("")));
}

TEST(ClientKeys, AreNotTakenForTheirNames) {
  for (const std::string_view text :
       {"", "key-", "key-ba7816b", "key-ba7816bff", "key-BA7816BF", "key-ba7816bg", "KEY-ba7816bf", "sk-proj-abcd"}) {
    EXPECT_FALSE(is_key_fingerprint(text)) << text;
  }
}

}  // namespace
}  // namespace triaged::config
