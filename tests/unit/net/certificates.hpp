// Self-signed certificates made on the spot, and files to put them in.
#pragma once

#include <string>

namespace triaged::net::test {

struct Certificate {
  std::string certificate;  // PEM
  std::string key;          // PEM
};

// `names` is a subject alternative name list: "DNS:a.test,IP:127.0.0.1".
Certificate make_certificate(const std::string& names);
std::string encrypted_key(const std::string& pass_phrase);

// A file in the test's temporary folder, removed in the end.
class File {
 public:
  File(const std::string& name, const std::string& content);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace triaged::net::test
