// What the lines of a text look like: code, formulas, tables, lists.
#pragma once

#include <cstdint>
#include <string_view>

namespace triaged::routing {

struct Shape {
  double code_density = 0;  // shares of the bytes looked at, in [0, 1]
  double math_density = 0;
  double table_density = 0;
  std::uint32_t list_items = 0;
  bool has_code_fence = false;
  bool starts_with_code = false;  // the first line that says anything is a line of a program
};

// Looks at the head and the tail of a long text.
Shape scan_shape(std::string_view text);

}  // namespace triaged::routing
