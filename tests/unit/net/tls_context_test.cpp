#include "triaged/net/tls_context.hpp"

#include "unit/net/certificates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace triaged::net::test {
namespace {

using testing::HasSubstr;

struct TlsContext : testing::Test {
  Certificate made = make_certificate("DNS:a.test");
  File certificate{"certificate.pem", made.certificate};
  File key{"key.pem", made.key};
  File other_key{"other_key.pem", make_certificate("DNS:a.test").key};
  File garbage{"garbage.pem", "this is not PEM\n"};
  File empty{"empty.pem", ""};
  File protected_key{"protected.pem", encrypted_key("secret")};

  static std::string problem(const std::string& certificate_file, const std::string& key_file) {
    const auto context = make_server_context(certificate_file, key_file);
    return context ? "" : context.error().detail;
  }
};

TEST_F(TlsContext, TakesACertificateWithItsKey) { EXPECT_EQ(problem(certificate.path(), key.path()), ""); }

TEST_F(TlsContext, SaysWhichFileIsWrongAndWhy) {
  EXPECT_THAT(problem("/nowhere/c.pem", key.path()),
              HasSubstr("cannot open the certificate file /nowhere/c.pem: No such file"));
  EXPECT_THAT(problem("", key.path()), HasSubstr("the certificate file is not given"));
  EXPECT_THAT(problem(testing::TempDir(), key.path()), HasSubstr("Is a directory"));
  EXPECT_THAT(problem(empty.path(), key.path()), HasSubstr(empty.path() + ": it is empty"));
  EXPECT_THAT(problem(garbage.path(), key.path()), HasSubstr(garbage.path() + " holds no PEM certificate"));
  EXPECT_THAT(problem(key.path(), key.path()), HasSubstr(key.path() + " holds no PEM certificate"));
  EXPECT_THAT(problem(certificate.path(), "/nowhere/k.pem"), HasSubstr("cannot open the key file /nowhere/k.pem"));
  EXPECT_THAT(problem(certificate.path(), garbage.path()), HasSubstr(garbage.path() + " holds no PEM private key"));
  EXPECT_THAT(problem(certificate.path(), certificate.path()), HasSubstr("holds no PEM private key"));
}

TEST_F(TlsContext, SaysThatAKeyDoesNotMatch) {
  EXPECT_EQ(problem(certificate.path(), other_key.path()),
            "the key in " + other_key.path() + " does not match the certificate in " + certificate.path());
}

TEST_F(TlsContext, RefusesAProtectedKeyInsteadOfAskingForItsPassPhrase) {
  EXPECT_THAT(problem(certificate.path(), protected_key.path()), HasSubstr("protected by a pass phrase"));
}

TEST_F(TlsContext, ClientTakesTheSystemsStoreOrAFile) {
  EXPECT_TRUE(make_client_context(true, ""));
  EXPECT_TRUE(make_client_context(true, certificate.path()));
  EXPECT_TRUE(make_client_context(false, ""));
}

TEST_F(TlsContext, ClientSaysWhatIsWrongWithACaFile) {
  const auto missing = make_client_context(true, "/nowhere/ca.pem");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().detail, HasSubstr("cannot open the CA file /nowhere/ca.pem: No such file"));
  EXPECT_EQ(missing.error().kind, ErrorKind::tls);
  const auto wrong = make_client_context(true, garbage.path());
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().detail, HasSubstr(garbage.path() + " holds no PEM certificate"));
}

}  // namespace
}  // namespace triaged::net::test
