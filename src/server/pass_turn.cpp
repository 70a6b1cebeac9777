#include "server/pass_turn.hpp"

#include "triaged/wire/head_writer.hpp"

#include "server/pass_rules.hpp"

#include <optional>

namespace triaged::server {
PassTurn::PassTurn(Turn& turn, std::string fields) : turn_(turn), fields_(std::move(fields)) {
  turn_.set_coding(wire::Coding::identity);
}

net::Task<Result<std::string_view>> PassTurn::read() {
  const Result<std::string_view> piece = co_await turn_.body()->read();
  if (!piece && piece.error().kind == ErrorKind::client_gone) turn_.lose();
  co_return piece;
}

void PassTurn::begin(int status, const wire::Headers& upstream_headers) {
  std::string fields;
  fields.reserve(1024);
  append_answer_fields(upstream_headers, fields);
  fields += fields_;
  const bool bodyless = status == 204 || status == 304;
  const auto length = upstream_headers.find("content-length");
  if (!bodyless && !length) {
    turn_.begin_stream(status, fields);
    return;
  }
  if (!bodyless) wire::append_field(fields, "Content-Length", *length);
  turn_.begin_with_length(status, fields);
}

}  // namespace triaged::server
