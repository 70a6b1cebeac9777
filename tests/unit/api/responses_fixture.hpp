// What the tests of the Responses API share: streams taken apart, and answers written.
#pragma once

#include "triaged/api/codec.hpp"

#include "api/responses/responses_conversation.hpp"
#include "api/responses/responses_writer.hpp"
#include "support/golden/files.hpp"
#include "support/golden/steps.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace triaged::api::test {

using triaged::test::golden_json;
using triaged::test::golden_names;
using triaged::test::golden_text;
using triaged::test::Json;

// The data of a stream's events. Every event has a line with its type.
inline std::vector<Json> events_of(std::string_view stream) {
  std::vector<Json> events;
  constexpr std::string_view begin = "event: ", middle = "\ndata: ", end = "\n\n";
  while (!stream.empty()) {
    const std::size_t data = stream.find(middle);
    const std::size_t over = stream.find(end);
    if (!stream.starts_with(begin) || data == std::string_view::npos || over == std::string_view::npos || over < data) {
      ADD_FAILURE() << "no event: " << stream.substr(0, 200);
      break;
    }
    const std::string_view json = stream.substr(data + middle.size(), over - data - middle.size());
    const Json event = Json::parse(json, nullptr, false);
    EXPECT_FALSE(event.is_discarded()) << json;
    EXPECT_EQ(event.value("type", ""), stream.substr(begin.size(), data - begin.size()));
    events.push_back(event);
    stream.remove_prefix(over + end.size());
  }
  return events;
}

// One case of the writer: what the client asked for, and the steps of the answer.
struct Written {
  std::string stream;
  Json whole;
};

inline ReplyContext context_of(bool stream, const chat::Conversation* conversation) {
  ReplyContext context;
  context.dialect = chat::Dialect::openai_responses;
  context.stream = stream;
  context.id = "req_00ff";
  context.created = 1760000000;
  context.conversation = conversation;
  return context;
}

inline Written write(const Json& given) {
  const std::string body = given["request"].dump(1);
  const Result<chat::Conversation> conversation = read_responses(body);
  EXPECT_TRUE(conversation);
  Written written;
  const auto writer = make_responses_writer(context_of(true, &*conversation));
  writer->write_to(written.stream);
  triaged::test::give_steps(given["steps"], *writer);
  if (given.contains("error")) {
    Error error = upstream_error(ErrorKind::stream_error, given["error"].get<std::string>());
    writer->error(error);
    return written;
  }
  writer->end();
  std::string whole;
  const auto once = make_responses_writer(context_of(false, &*conversation));
  once->write_to(whole);
  triaged::test::give_steps(given["steps"], *once);
  once->whole();
  written.whole = Json::parse(whole);
  return written;
}

}  // namespace triaged::api::test
