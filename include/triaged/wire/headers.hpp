// A list of header fields in one reusable block of memory: clear() keeps the capacity, so a connection that is kept
// alive allocates nothing for its next head. Also the one table of hop-by-hop fields. No Beast in this header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::wire {

class Headers {
 public:
  struct Field {
    std::string_view name;   // as received
    std::string_view value;  // trimmed
  };

  void clear();
  void add(std::string_view name, std::string_view value);
  std::size_t size() const { return fields_.size(); }
  Field operator[](std::size_t index) const;
  // First field of that name, case-insensitive.
  std::optional<std::string_view> find(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  std::size_t bytes() const { return text_.size(); }

 private:
  struct Slot {
    std::uint32_t begin;
    std::uint32_t name_size;
    std::uint32_t value_size;
  };
  std::string text_;
  std::vector<Slot> fields_;
};

// Connection, Keep-Alive, Proxy-*, TE, Trailer, Transfer-Encoding, Upgrade, Content-Length, Host, Expect: never passed
// on.
bool is_hop_by_hop(std::string_view name);
// True if `name` is listed in a Connection field of `headers`.
bool named_in_connection(const Headers& headers, std::string_view name);

}  // namespace triaged::wire
