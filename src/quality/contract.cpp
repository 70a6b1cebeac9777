#include "quality/contract.hpp"

#include "triaged/base/json.hpp"

#include <utility>

namespace triaged::quality {

namespace {

// {"name": ..., "parameters": ...}
void read_function(JsonReader& reader, Contract& contract) {
  if (!reader.enter_object_or_skip()) return;
  OfferedTool tool;
  JsonString key;
  while (reader.next_member(key)) {
    if (key.equals("name") && reader.peek() == JsonType::string) {
      tool.name.clear();
      reader.take_string().append_to(tool.name);
    } else if (key.equals("parameters")) {
      tool.parameters = reader.skip();
    } else {
      reader.skip();
    }
  }
  if (!tool.name.empty()) contract.tools.push_back(std::move(tool));
}

// {"type": "function", "function": {...}}; tools of other types stand as {"type": "custom", "custom": {"name": ...}}.
void read_tool(JsonReader& reader, Contract& contract) {
  if (!reader.enter_object_or_skip()) return;
  JsonString key;
  while (reader.next_member(key)) {
    const bool custom = key.equals("custom");
    if (custom || key.equals("function")) {
      const std::size_t before = contract.tools.size();
      read_function(reader, contract);
      if (contract.tools.size() > before) contract.tools.back().free_text = custom;
    } else {
      reader.skip();
    }
  }
}

void read_tools(JsonReader& reader, Contract& contract, void (*read_one)(JsonReader&, Contract&)) {
  if (!reader.enter_array_or_skip()) return;
  while (reader.next_element()) read_one(reader, contract);
}

// The member `wanted` of the object at the cursor; "" if there is none.
std::string_view take_member(JsonReader& reader, std::string_view wanted) {
  std::string_view found;
  if (!reader.enter_object_or_skip()) return found;
  JsonString key;
  while (reader.next_member(key)) {
    const std::string_view value = reader.skip();
    if (key.equals(wanted)) found = value;
  }
  return found;
}

// {"type": "json_schema", "json_schema": {"schema": ...}}
std::string_view answer_schema(std::string_view response_format) {
  JsonReader outer(response_format);
  const std::string_view format = take_member(outer, "json_schema");
  if (format.empty()) return {};
  JsonReader inner(format);
  return take_member(inner, "schema");
}

}  // namespace

Contract read_contract(std::string_view body) {
  Contract contract;
  JsonReader reader(body);
  if (reader.peek() != JsonType::object) return contract;
  JsonString key;
  reader.enter_object();
  while (reader.next_member(key)) {
    if (key.equals("tools")) {
      read_tools(reader, contract, read_tool);
    } else if (key.equals("functions")) {
      read_tools(reader, contract, read_function);
    } else if (key.equals("response_format")) {
      contract.answer_schema = answer_schema(reader.skip());
    } else if (key.equals("stop")) {
      contract.has_stop = reader.skip() != "null";
    } else {
      reader.skip();
    }
  }
  return contract;
}

}  // namespace triaged::quality
