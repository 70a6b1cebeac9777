// Any bytes as an answer, as tool arguments, as the schema of either and as the client's body: no crash, no answer that
// takes for ever, and findings that are fit for a header.
#include "triaged/quality/checks.hpp"
#include "triaged/quality/judge.hpp"

#include "fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using triaged::fuzz::require;
namespace chat = triaged::chat;
namespace config = triaged::config;
namespace quality = triaged::quality;

config::Gate gate() {
  config::Gate gate;
  gate.checks = {config::Check::empty,    config::Check::refusal, config::Check::repetition, config::Check::cut_off,
                 config::Check::language, config::Check::json,    config::Check::tools};
  gate.min_length = 3;
  gate.min_confidence = 0.5;
  gate.must_match = {"(a|b)*c", "[^x]"};
  gate.must_not_match = {"(x+x+)+y"};
  gate.required = {"a"};
  return gate;
}

// "schema \n---\n answer", without the line everything is both.
struct Parts {
  std::string_view schema;
  std::string_view answer;
};

Parts split(std::string_view bytes) {
  constexpr std::string_view line = "\n---\n";
  const std::size_t at = bytes.find(line);
  if (at == std::string_view::npos) return {bytes, bytes};
  return {bytes.substr(0, at), bytes.substr(at + line.size())};
}

void look(const quality::Checker& checker, const chat::Request& request, std::string_view body, quality::Given given) {
  const quality::Asked asked(request, body);
  for (const bool whole : {false, true}) {
    given.whole = whole;
    const auto finding = checker.look(asked, given);
    if (!finding) continue;
    require(!finding->check.empty() && !finding->why.empty(), "a finding says what it is");
    require(finding->why.size() < 400, "a finding is short");
    for (const char c : finding->check + finding->why) require(c >= ' ' && c <= '~', "a finding is printable ASCII");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const quality::Checker checker(gate());
  const Parts parts = split(bytes);

  const std::string schema(parts.schema);
  const std::string body = R"({"response_format":{"type":"json_schema","json_schema":{"schema":)" + schema +
                           R"(}},"tools":[{"type":"function","function":{"name":"f","parameters":)" + schema + "}}]}";
  chat::Request request;
  request.tools = 1;
  chat::Message message;
  message.text = parts.schema;
  request.messages.push_back(message);
  for (const auto format : {chat::OutputFormat::text, chat::OutputFormat::json_schema}) {
    request.format = format;
    quality::Given given;
    given.text = parts.answer;
    given.confidence = 0.7;
    look(checker, request, body, given);
    look(checker, request, bytes, given);
    given.text.clear();
    given.tool_calls.push_back({"1", "f", std::string(parts.answer)});
    look(checker, request, body, given);
    given.tool_calls.front().name = parts.answer;
    look(checker, request, bytes, given);
  }

  quality::Given given;
  given.text = parts.answer;
  const std::string described = quality::describe_for_judge(request, given, 1000);
  require(described.find('\n') == std::string::npos, "what the judge is shown is one line");
  const auto score = quality::read_judge_reply(bytes);
  require(!score || (score->score >= 0 && score->score <= 1), "a score is between 0 and 1");
  return 0;
}
