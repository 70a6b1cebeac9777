#include "api/responses/responses_object.hpp"

#include "triaged/base/text.hpp"

#include "api/collected.hpp"

#include <algorithm>
#include <charconv>

namespace triaged::api {
namespace {

using Kind = ResponsesOutput::Kind;

std::string_view find(const std::vector<chat::Member>& members, std::string_view name) {
  const auto found = std::find_if(members.rbegin(), members.rend(),
                                  [name](const chat::Member& member) { return member.name.equals(name); });
  return found == members.rend() ? std::string_view() : found->value;
}

void append_name(std::string& out, std::string_view name) { out.append("\"").append(name).append("\":"); }

void append_member(std::string& out, std::string_view name, std::string_view json, std::string_view otherwise) {
  append_name(out, name);
  append_on_one_line(out, json.empty() ? otherwise : json);
  out.push_back(',');
}

void append_string_member(std::string& out, std::string_view name, const JsonString& string) {
  append_name(out, name);
  if (string.empty()) {
    out.append("null");
  } else {
    chat::append_string(out, string);
  }
  out.push_back(',');
}

void append_flag(std::string& out, std::optional<bool> flag, bool otherwise) {
  out.append(flag.value_or(otherwise) ? "true" : "false");
}

void append_format(std::string& out, const chat::Conversation& conversation) {
  const chat::Format& format = conversation.format;
  out.append(R"("text":{"format":{"type":)");
  switch (format.kind) {
    case chat::OutputFormat::text: out.append(R"("text"})"); break;
    case chat::OutputFormat::json_object: out.append(R"("json_object"})"); break;
    case chat::OutputFormat::json_schema:
      out.append(R"("json_schema",)");
      append_string_member(out, "description", format.description);
      append_name(out, "name");
      chat::append_string(out, format.name);
      out.append(R"(,"schema":)");
      append_on_one_line(out, format.schema);
      out.append(R"(,"strict":)");
      append_flag(out, format.strict, false);
      out.push_back('}');
      break;
  }
  out.append(R"(,"verbosity":)");
  append_quoted(out, conversation.verbosity.empty() ? "medium" : conversation.verbosity.raw);
  out.append("},");
}

void append_tools(std::string& out, const std::vector<chat::Tool>& tools) {
  out.append(R"("tools":[)");
  for (std::size_t i = 0; i < tools.size(); ++i) {
    const chat::Tool& tool = tools[i];
    if (i != 0) out.push_back(',');
    if (tool.custom || tool.hosted) {
      append_on_one_line(out, tool.raw);
      continue;
    }
    out.append(R"({"type":"function",)");
    append_string_member(out, "description", tool.description);
    append_name(out, "name");
    chat::append_string(out, tool.name);
    out.append(R"(,"parameters":)");
    append_on_one_line(out, tool.schema.empty() ? "null" : tool.schema);
    out.append(R"(,"strict":)");
    append_flag(out, tool.strict, true);
    out.push_back('}');
  }
  out.append("],");
}

struct Citation {
  JsonString type, url, title, file_name, document_title, text;
  std::string_view begin, end, inner;
};

Citation read_citation(std::string_view json) {
  Citation found;
  JsonReader reader(json, 64);
  if (!reader.enter_object_or_skip()) return found;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("url_citation") && reader.peek() == JsonType::object) {
      found.inner = reader.skip();
    } else if (reader.peek() == JsonType::number) {
      const std::string_view number = reader.take_number();
      if (key.equals("start_index")) found.begin = number;
      if (key.equals("end_index")) found.end = number;
    } else if (const auto string = reader.string_or_skip()) {
      if (key.equals("type")) found.type = *string;
      if (key.equals("url") || key.equals("uri")) found.url = *string;
      if (key.equals("title")) found.title = *string;
      if (key.equals("filename")) found.file_name = *string;
      if (key.equals("document_title")) found.document_title = *string;
      if (key.equals("cited_text")) found.text = *string;
    }
  }
  return found;
}

}  // namespace

void append_on_one_line(std::string& out, std::string_view json) {
  const std::size_t begin = out.size();
  out.append(json);
  if (json.find_first_of("\r\n") == std::string_view::npos) return;
  const auto from = out.begin() + static_cast<std::ptrdiff_t>(begin);
  std::replace_if(
      from, out.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
}

void append_content(std::string& out, const ResponsesContent& content) {
  if (content.refusal) {
    out.append(R"({"type":"refusal","refusal":)");
    append_quoted(out, content.text);
    out.push_back('}');
    return;
  }
  out.append(R"({"type":"output_text","annotations":[)");
  for (std::size_t i = 0; i < content.annotations.size(); ++i) {
    if (i != 0) out.push_back(',');
    out.append(content.annotations[i]);
  }
  out.append(R"(],"logprobs":[)").append(content.logprobs).append(R"(],"text":)");
  append_quoted(out, content.text);
  out.push_back('}');
}

void append_summary(std::string& out, const ResponsesContent& content) {
  out.append(R"({"type":"summary_text","text":)");
  append_quoted(out, content.text);
  out.push_back('}');
}

void append_item(std::string& out, const ResponsesOutput& item, std::string_view status) {
  out.append(R"({"id":)");
  append_quoted(out, item.id);
  switch (item.kind) {
    case Kind::message:
      out.append(R"(,"type":"message","status":")").append(status).append(R"(","role":"assistant","content":[)");
      for (std::size_t i = 0; i < item.contents.size(); ++i) {
        if (i != 0) out.push_back(',');
        append_content(out, item.contents[i]);
      }
      out.append("]}");
      return;
    case Kind::reasoning:
      out.append(R"(,"type":"reasoning","summary":[)");
      for (std::size_t i = 0; i < item.contents.size(); ++i) {
        if (i != 0) out.push_back(',');
        append_summary(out, item.contents[i]);
      }
      out.push_back(']');
      if (!item.encrypted.empty()) {
        out.append(R"(,"encrypted_content":)");
        append_quoted(out, item.encrypted);
      }
      out.push_back('}');
      return;
    case Kind::call:
      out.append(R"(,"type":"function_call","status":")").append(status).append(R"(","arguments":)");
      break;
    case Kind::custom_call:
      out.append(R"(,"type":"custom_tool_call","status":")").append(status).append(R"(","input":)");
      break;
  }
  append_quoted(out, item.arguments);
  out.append(R"(,"call_id":)");
  append_quoted(out, item.call_id);
  out.append(R"(,"name":)");
  append_quoted(out, item.name);
  if (!item.scope.empty()) {
    out.append(R"(,"namespace":)");
    append_quoted(out, item.scope);
  }
  out.push_back('}');
}

void append_usage(std::string& out, const chat::Usage& usage) {
  out.append(R"("usage":{"input_tokens":)").append(std::to_string(usage.total_input()));
  out.append(R"(,"input_tokens_details":{"cached_tokens":)").append(std::to_string(usage.cached_input));
  out.append(R"(},"output_tokens":)").append(std::to_string(usage.total_output()));
  out.append(R"(,"output_tokens_details":{"reasoning_tokens":)").append(std::to_string(usage.reasoning));
  out.append(R"(},"total_tokens":)").append(std::to_string(usage.total())).append("}");
}

std::string repeated_members(const chat::Conversation* conversation) {
  static const chat::Conversation nothing;
  const chat::Conversation& asked = conversation != nullptr ? *conversation : nothing;
  std::string out;
  append_member(out, "instructions", find(asked.repeated, "instructions"), "null");
  append_member(out, "max_output_tokens",
                asked.max_output_tokens ? std::to_string(*asked.max_output_tokens) : std::string(), "null");
  append_member(out, "max_tool_calls", find(asked.others, "max_tool_calls"), "null");
  append_member(out, "metadata", asked.metadata, "{}");
  out.append(R"("parallel_tool_calls":)");
  append_flag(out, asked.tool_choice.parallel, true);
  out.push_back(',');
  append_member(out, "previous_response_id", find(asked.others, "previous_response_id"), "null");
  // The one member that is left out where it has no value: the published schema has no null for it.
  if (!asked.cache_key.empty()) append_string_member(out, "prompt_cache_key", asked.cache_key);
  out.append(R"("reasoning":{)");
  append_string_member(out, "effort", asked.reasoning.effort);
  append_string_member(out, "summary", asked.reasoning.summary);
  out.back() = '}';
  out.push_back(',');
  append_string_member(out, "service_tier", asked.service_tier);
  append_member(out, "store", asked.store, "false");
  append_member(out, "temperature", asked.sampling.temperature, "null");
  append_format(out, asked);
  append_member(out, "tool_choice", find(asked.repeated, "tool_choice"), R"("auto")");
  append_tools(out, asked.tools);
  append_member(out, "top_logprobs", asked.top_logprobs ? std::to_string(*asked.top_logprobs) : std::string(), "0");
  append_member(out, "top_p", asked.sampling.top_p, "null");
  append_member(out, "truncation", find(asked.repeated, "truncation"), R"("disabled")");
  if (!asked.user.empty()) append_string_member(out, "user", asked.user);
  return out;
}

std::string annotation_of(std::string_view citation, std::size_t characters) {
  Citation found = read_citation(citation);
  const JsonString outer_type = found.type;
  if (!found.inner.empty()) found = read_citation(found.inner);
  std::string out;
  const bool own = found.inner.empty() && (outer_type.equals("file_citation") || outer_type.equals("file_path") ||
                                           outer_type.equals("container_file_citation"));
  if (own) {
    append_on_one_line(out, citation);
    return out;
  }
  const std::string here = std::to_string(characters);
  if (!found.url.empty()) {
    out.append(R"({"type":"url_citation","start_index":)").append(found.begin.empty() ? here : found.begin);
    out.append(R"(,"end_index":)").append(found.end.empty() ? here : found.end).append(R"(,"url":)");
    chat::append_string(out, found.url);
    out.append(R"(,"title":)");
    chat::append_string(out, found.title);
  } else {
    const JsonString& name = found.document_title.empty() ? found.title : found.document_title;
    out.append(R"({"type":"file_citation","file_id":"","filename":)");
    chat::append_string(out, found.file_name.empty() ? name : found.file_name);
    out.append(R"(,"index":)").append(here);
  }
  if (!found.text.empty()) {
    out.append(R"(,"cited_text":)");
    chat::append_string(out, found.text);
  }
  out.push_back('}');
  return out;
}

std::string free_text_of(const std::string& arguments) {
  const JsonString escaped{arguments, arguments.find('\\') != std::string::npos};
  const std::string plain = escaped.resolved();
  JsonReader reader(plain);
  std::string input;
  bool found = false;
  if (reader.peek() == JsonType::object && reader.enter_object()) {
    JsonString key;
    while (reader.next_member(key)) {
      if (key.equals("input") && reader.peek() == JsonType::string) {
        input = reader.take_string().raw;
        found = true;
      } else {
        reader.skip();
      }
    }
  }
  return found && reader.at_end() ? input : arguments;
}

}  // namespace triaged::api
