// Why a message was refused. One table says what a client is answered and how the same reason reads for an upstream
// answer.
#pragma once

#include "triaged/base/result.hpp"

#include <cstdint>

namespace triaged::wire {

enum class Refusal : std::uint8_t {
  none,
  start_line,
  method,
  target,
  target_form,
  target_too_long,
  version,
  status_code,
  line_end,
  folded_field,
  field_name,
  field_value,
  head_too_large,
  too_many_fields,
  host_missing,
  host_repeated,
  host_invalid,
  host_differs,
  content_length,
  content_length_repeated,
  coding_unknown,
  coding_repeated,
  coding_in_http_1_0,
  length_and_coding,
  expectation,
  body_too_large,
  chunk,
  chunk_extensions,
  trailers,
  switched_protocols,
  too_many_interim,
};

Error request_error(Refusal refusal);   // Blame::client with the status of docs/http.md
Error response_error(Refusal refusal);  // Blame::upstream, kind protocol

}  // namespace triaged::wire
