// What each dialect of clients brings: one row of a table.
#pragma once

#include "triaged/api/codec.hpp"

#include "api/answer_writer.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace triaged::api {

struct DialectParts {
  chat::Dialect dialect;
  // Reads a body whose UTF-8 is valid. The body outlives the result.
  Result<chat::Conversation> (*read)(std::string_view body);
  std::unique_ptr<AnswerWriter> (*make_writer)(const ReplyContext& context);
  std::string (*error_body)(const Error& error);
};

// The row of a dialect of clients.
const DialectParts& parts_of(chat::Dialect dialect);

}  // namespace triaged::api
