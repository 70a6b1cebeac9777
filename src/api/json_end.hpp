// Finds the end of a JSON object whose text comes in pieces.
#pragma once

#include <cstdint>
#include <string_view>

namespace triaged::api {

class JsonEnd {
 public:
  void put(std::string_view piece) {
    for (const char c : piece) {
      if (in_string_) {
        if (escaped_)
          escaped_ = false;
        else if (c == '\\')
          escaped_ = true;
        else if (c == '"')
          in_string_ = false;
      } else if (c == '"') {
        in_string_ = true;
      } else if (c == '{' || c == '[') {
        ++depth_;
      } else if ((c == '}' || c == ']') && depth_ > 0 && --depth_ == 0) {
        reached_ = true;
      }
    }
  }
  bool reached() const { return reached_; }

 private:
  std::uint32_t depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
  bool reached_ = false;
};

}  // namespace triaged::api
