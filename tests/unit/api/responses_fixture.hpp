// What the tests of the Responses API share: golden files and streams taken apart.
#pragma once

#include "triaged/api/codec.hpp"

#include "api/responses/responses_conversation.hpp"
#include "api/responses/responses_writer.hpp"
#include "support/conversations.hpp"
#include "support/deltas.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::api::test {

using Json = nlohmann::ordered_json;

inline std::filesystem::path golden(std::string_view folder) {
  return std::filesystem::path(TRIAGED_TEST_DATA) / "responses" / folder;
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

// Names without extension of all the golden cases in a folder: an input without an expectation is one, too.
inline std::vector<std::string> golden_names(std::string_view folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(golden(folder))) {
    const std::string file = entry.path().filename().string();
    if (!file.ends_with(".expected.json")) names.push_back(file.substr(0, file.find('.')));
  }
  return names;
}

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
  triaged::test::play(given["steps"], *writer);
  if (given.contains("error")) {
    Error error = upstream_error(ErrorKind::stream_error, given["error"].get<std::string>());
    writer->error(error);
    return written;
  }
  writer->end();
  std::string whole;
  const auto once = make_responses_writer(context_of(false, &*conversation));
  once->write_to(whole);
  triaged::test::play(given["steps"], *once);
  once->whole();
  written.whole = Json::parse(whole);
  return written;
}

}  // namespace triaged::api::test
