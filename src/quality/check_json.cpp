#include "triaged/base/text.hpp"

#include "quality/check.hpp"
#include "quality/contract.hpp"
#include "quality/json_prefix.hpp"
#include "quality/schema.hpp"
#include "quality/words.hpp"

#include <algorithm>

namespace triaged::quality {

namespace {

// From the first impossible byte on, "" if there is none.
std::string impossible(std::string_view text, const JsonPrefix& prefix) {
  const std::size_t at = prefix.position();
  if (at == 0) return "begins with " + in_quotes(text);
  return "no JSON from byte " + std::to_string(at) + " on: " + in_quotes(text.substr(at));
}

// Whether others than the model may have ended what is not at its end.
bool ended_by_client(const Asked& asked, const Given& given) {
  return ended_by_client_limit(asked, given) || (given.finish == chat::Finish::stop && asked.contract().has_stop);
}

// The schema matters where `text` is complete and nothing is wrong with its grammar.
std::string json_problem(std::string_view text, bool must_be_complete) {
  JsonPrefix prefix;
  if (!prefix.put(text)) return impossible(text, prefix);
  if (must_be_complete && !prefix.complete()) return "JSON without its end";
  return {};
}

const OfferedTool* find_tool(const Contract& contract, std::string_view name) {
  const auto found = std::find_if(contract.tools.begin(), contract.tools.end(),
                                  [name](const OfferedTool& tool) { return tool.name == name; });
  return found == contract.tools.end() ? nullptr : &*found;
}

bool begins_name(const Contract& contract, std::string_view name) {
  return std::any_of(contract.tools.begin(), contract.tools.end(),
                     [name](const OfferedTool& tool) { return tool.name.starts_with(name); });
}

std::string arguments_problem(const OfferedTool& tool, std::string_view arguments, bool must_be_complete) {
  if (tool.free_text) return {};
  if (trim(arguments).empty()) {
    if (!must_be_complete) return {};
    arguments = "{}";  // how many models write that there are none
  }
  if (trim(arguments).front() != '{') return "arguments are no object: " + in_quotes(arguments);
  std::string problem = json_problem(arguments, must_be_complete);
  if (problem.empty() && must_be_complete && !tool.parameters.empty())
    problem = schema_problem(tool.parameters, arguments);
  return problem;
}

}  // namespace

std::string check_json(const Asked& asked, const Given& given) {
  const chat::OutputFormat format = asked.request().format;
  const bool another_kind = given.text.empty() && (given.refusal || !given.tool_calls.empty());
  if (format == chat::OutputFormat::text || another_kind) return {};
  const std::string_view text = trim(given.text);
  if (text.empty()) return given.whole && !ended_by_client(asked, given) ? "no JSON at all" : std::string();
  if (format == chat::OutputFormat::json_object && text.front() != '{')
    return "no object: begins with " + in_quotes(text);

  const bool must_be_complete = given.whole && !ended_by_client(asked, given);
  std::string problem = json_problem(text, must_be_complete);
  if (!problem.empty() || !must_be_complete || format != chat::OutputFormat::json_schema) return problem;
  const std::string_view schema = asked.contract().answer_schema;
  return schema.empty() ? std::string() : schema_problem(schema, text);
}

std::string check_tools(const Asked& asked, const Given& given) {
  if (given.tool_calls.empty()) return {};
  const Contract& contract = asked.contract();
  // Tools without names of their own are the provider's business, and so are calls of them.
  if (contract.tools.empty() && asked.request().tools > 0) return {};
  const bool must_be_complete = given.whole && !ended_by_client(asked, given);
  for (const chat::ToolCall& call : given.tool_calls) {
    const OfferedTool* const tool = find_tool(contract, call.name);
    if (tool == nullptr) {
      if (!given.whole && begins_name(contract, call.name)) continue;  // the rest of its name may follow
      return "there is no tool " + in_quotes(call.name);
    }
    const std::string problem = arguments_problem(*tool, call.arguments, must_be_complete);
    if (!problem.empty()) return tool->name.substr(0, 40) + ": " + problem;
  }
  return {};
}

}  // namespace triaged::quality
