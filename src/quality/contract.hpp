// What a request's JSON says of the form of its answer: the schema of its `response_format`, and its tools. The only
// place of this layer that spells keys of a dialect.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace triaged::quality {

struct OfferedTool {
  std::string name;
  std::string_view parameters;  // JSON text of a schema, a view into the body; "" where there is none
  bool free_text = false;       // takes any text, not JSON
};

struct Contract {
  std::string_view answer_schema;  // of response_format.json_schema, a view into the body; "" where there is none
  std::vector<OfferedTool> tools;  // `tools` and the older `functions`, as far as they have names
  bool has_stop = false;           // the client has texts of its own at which an answer ends
};

Contract read_contract(std::string_view body);

}  // namespace triaged::quality
