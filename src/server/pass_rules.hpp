// Who a request is handed to unread, and what of the answer's head goes to the client: pure functions.
#pragma once

#include "triaged/base/result.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/wire/headers.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace triaged::server {

// The request names its provider with this field, where it may.
constexpr std::string_view provider_field = "x-triaged-provider";

// An index into Settings::providers. Errors tell the client what to send, or whoever runs the gateway what to
// configure.
Result<std::size_t> choose_provider(const config::Settings& settings, config::PassFamily family,
                                    std::string_view method, const wire::Headers& headers);

// What is the client's of the answer's head: all but what ends at this hop, what binds the client to the provider's
// host or session, and what names the account that pays.
void append_answer_fields(const wire::Headers& upstream, std::string& fields);

}  // namespace triaged::server
