// The head of a request that is passed on unread.
#include "triaged/base/text.hpp"
#include "triaged/wire/head_writer.hpp"

#include "provider/http_provider.hpp"

#include <algorithm>
#include <array>

namespace triaged::provider {
namespace {

// What says how the body and the wanted answer are represented: nobody between client and provider reads either.
constexpr std::array<std::string_view, 12> representation{"accept",
                                                          "accept-encoding",
                                                          "content-type",
                                                          "content-encoding",
                                                          "content-disposition",
                                                          "content-digest",
                                                          "if-match",
                                                          "if-none-match",
                                                          "if-modified-since",
                                                          "if-unmodified-since",
                                                          "if-range",
                                                          "range"};

}  // namespace

bool HttpProvider::passes_request_header(std::string_view name) const {
  const auto is = [name](std::string_view other) { return iequals(name, other); };
  const auto meant_for_provider = client_fields();
  const bool known = std::any_of(representation.begin(), representation.end(), is) ||
                     std::any_of(meant_for_provider.begin(), meant_for_provider.end(), is);
  return known && !configured(name);
}

std::string HttpProvider::build_passed(const Passing& passing) const {
  const wire::Headers& client = passing.client_headers;
  std::string target = settings_.base_path;
  target.append(passing.path);
  append_query(target);
  std::string head;
  head.reserve(512);
  wire::append_request_line(head, passing.method, target);
  wire::append_field(head, "host", host_field_);
  append_authorization(head, 0, passing.now);
  if (!client.find("accept-encoding")) wire::append_field(head, "accept-encoding", "identity");
  append_own_fields(head);
  for (std::size_t i = 0; i < client.size(); ++i) {
    const wire::Headers::Field field = client[i];
    if (!passes_request_header(field.name) || wire::named_in_connection(client, field.name)) continue;
    wire::append_field(head, field.name, field.value);
  }
  if (passing.chunked) {
    wire::append_field(head, "transfer-encoding", "chunked");
  } else if (passing.length) {
    wire::append_length_field(head, static_cast<std::size_t>(*passing.length));
  }
  wire::end_head(head);
  return head;
}

}  // namespace triaged::provider
