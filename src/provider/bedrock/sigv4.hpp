// Amazon's Signature Version 4: proves who sent a request, and that nobody changed it.
#pragma once

#include "triaged/base/clock.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::provider {

struct AwsCredentials {
  std::string_view access_key_id;
  std::string_view secret_access_key;
  std::string_view region;
  std::string_view service;
};

struct AwsRequest {
  std::string_view method;
  std::string_view target;  // path and query, as in the request line
  // What is signed of the head, `host` and `x-amz-date` among it. Names in any case and order; a name can come again.
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body_hash;  // sha256_hex of the body
};

// Lower-case hexadecimal SHA-256 of the pieces, one after the other.
std::string sha256_hex(const std::vector<std::string_view>& pieces);
// "20150830T123600Z", for the field x-amz-date.
std::string aws_time(WallTime now);

// The value of the field `authorization`. `time`: as in x-amz-date.
std::string aws_authorization(const AwsCredentials& credentials, const AwsRequest& request, std::string_view time);

}  // namespace triaged::provider
