// Against Amazon's published test suite for Signature Version 4: its requests and the signatures that it gives for
// them.
#include "provider/bedrock/sigv4.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {
namespace {

constexpr std::string_view suite_time = "20150830T123600Z";

struct Case {
  std::string_view name;
  std::string_view method;
  std::string_view target;
  std::vector<std::pair<std::string, std::string>> fields;  // besides host and date
  std::string_view body;
  std::string_view signature;
};

std::string authorization_of(const Case& each) {
  const AwsCredentials credentials{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service"};
  AwsRequest request{each.method, each.target, each.fields, sha256_hex({each.body})};
  request.fields.emplace_back("Host", "example.amazonaws.com");
  request.fields.emplace_back("X-Amz-Date", suite_time);
  return aws_authorization(credentials, request, suite_time);
}

void expect_signatures(const std::vector<Case>& cases) {
  const std::string begin =
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=";
  for (const Case& each : cases) {
    const std::string given = authorization_of(each);
    EXPECT_TRUE(given.ends_with(", Signature=" + std::string(each.signature))) << each.name << '\n' << given;
    EXPECT_TRUE(given.starts_with(begin)) << given;
  }
}

TEST(SigV4, SignsPathsAsAmazonsSuiteDoes) {
  expect_signatures(
      {{"get-vanilla", "GET", "/", {}, "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
       {"get-utf8", "GET", "/\u1234", {}, "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
       {"get-unreserved",
        "GET",
        "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        {},
        "",
        "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
       {"get-space",
        "GET",
        "/example space/",
        {},
        "",
        "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
       {"get-special-character",
        "GET",
        "/example/$delete",
        {},
        "",
        "a853c9b21b528b19643d00910d35b83a10c366a10833ceefb45edd6c80e40f27"},
       {"get-relative-relative",
        "GET",
        "/example1/example2/../..",
        {},
        "",
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
       {"get-slash-dot-slash",
        "GET",
        "/./",
        {},
        "",
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
       {"get-slashes",
        "GET",
        "//example//",
        {},
        "",
        "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"}});
}

TEST(SigV4, SignsQueriesAsAmazonsSuiteDoes) {
  expect_signatures({{"get-vanilla-query-order-encoded",
                      "GET",
                      "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
                      {},
                      "",
                      "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"},
                     {"get-vanilla-query-order-key-case",
                      "GET",
                      "/?Param2=value2&Param1=value1",
                      {},
                      "",
                      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
                     {"get-vanilla-query-order-key",
                      "GET",
                      "/?Param1=value2&Param1=Value1",
                      {},
                      "",
                      "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1"},
                     {"get-vanilla-query-order-value",
                      "GET",
                      "/?Param1=value2&Param1=value1",
                      {},
                      "",
                      "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"},
                     {"get-vanilla-utf8-query",
                      "GET",
                      "/?\u1234=bar",
                      {},
                      "",
                      "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
                     {"post-vanilla-query",
                      "POST",
                      "/?Param1=value1",
                      {},
                      "",
                      "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"}});
}

TEST(SigV4, SignsFieldsAndBodiesAsAmazonsSuiteDoes) {
  const std::string token =
      "AQoDYXdzEPT//////////"
      "wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthA"
      "x7mSEI/qkPpKPi/"
      "kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY"
      "9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
  const std::string form = "application/x-www-form-urlencoded";
  expect_signatures(
      {{"get-header-key-duplicate",
        "GET",
        "/",
        {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
        "",
        "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
       {"get-header-value-order",
        "GET",
        "/",
        {{"My-Header1", "value4"}, {"My-Header1", "value1"}, {"My-Header1", "value3"}, {"My-Header1", "value2"}},
        "",
        "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
       {"get-header-value-trim",
        "GET",
        "/",
        {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
        "",
        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
       {"post-vanilla", "POST", "/", {}, "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
       {"post-sts-header-before",
        "POST",
        "/",
        {{"X-Amz-Security-Token", token}},
        "",
        "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"},
       {"post-x-www-form-urlencoded",
        "POST",
        "/",
        {{"Content-Type", form}},
        "Param1=value1",
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"}});
}

TEST(SigV4, NamesWhatItSignedInOrder) {
  const std::string given = authorization_of({"", "GET", "/", {{"Zebra", "1"}, {"apple", "2"}}, "", ""});

  EXPECT_NE(given.find("SignedHeaders=apple;host;x-amz-date;zebra,"), std::string::npos) << given;
}

// A model's name is encoded in the path that is sent; what is signed is encoded once more.
TEST(SigV4, EncodesAPathOnceMoreThanItWasSent) {
  const auto signature = [](std::string_view target) {
    const std::string given = authorization_of({"", "POST", target, {}, "", ""});
    return given.substr(given.find("Signature="));
  };
  EXPECT_EQ(signature("/model/a%3A0/converse"), signature("/model/./a%3A0/converse"));
  EXPECT_NE(signature("/model/a%3A0/converse"), signature("/model/a:0/converse"));
}

TEST(SigV4, HashesPiecesAsOne) {
  EXPECT_EQ(sha256_hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex({"ab", "", "c"}), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(SigV4, WritesTimeInItsShortForm) {
  EXPECT_EQ(aws_time(WallTime(std::chrono::milliseconds(1'440'938'160'999))), "20150830T123600Z");
  EXPECT_EQ(aws_time(WallTime(std::chrono::milliseconds(0))), "19700101T000000Z");
}

}  // namespace
}  // namespace triaged::provider
