// The output items of a response: which parts of the answer they are, and what of them was told already.
#pragma once

#include "triaged/base/json.hpp"
#include "triaged/chat/delta.hpp"
#include "triaged/chat/usage.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace triaged::provider {

struct ResponsesPlace {
  std::uint32_t output = 0;   // of the item
  std::uint32_t content = 0;  // within it
};

class ResponsesItems {
 public:
  // The part that words of an item are; from then on they count as told.
  std::uint32_t words(ResponsesPlace place, chat::DeltaKind kind);
  // An item begins: a call is told.
  void begin(std::uint32_t output, std::string_view item, chat::DeltaSink& sink);
  void arguments(std::uint32_t output, const JsonString& piece, chat::DeltaSink& sink);
  // An item, or all of them, complete: what was not told yet is.
  void complete(std::uint32_t output, std::string_view item, chat::DeltaSink& sink);
  void read_output(std::string_view output, chat::DeltaSink& sink);
  bool has_calls() const { return !calls_.empty(); }

 private:
  struct Words {
    ResponsesPlace place;
    chat::DeltaKind kind;
    std::uint32_t part;
  };
  struct Call {
    std::uint32_t output;
    std::uint32_t part;
    bool custom;
    bool told = false;      // any of its arguments
    bool complete = false;  // all of them
  };

  struct Item;
  static Item read_item(std::string_view text);
  Call& call(std::uint32_t output, const Item& item, chat::DeltaSink& sink);
  void complete_call(std::uint32_t output, const Item& item, chat::DeltaSink& sink);
  void read_contents(std::uint32_t output, std::string_view contents, bool thoughts, chat::DeltaSink& sink);
  bool told(ResponsesPlace place, chat::DeltaKind kind) const;

  std::vector<Words> words_;
  std::vector<Call> calls_;
  std::vector<std::uint32_t> complete_;  // items
  std::uint32_t next_ = 0;
};

// {"input_tokens": ..., "output_tokens": ..., "total_tokens": ...} at the cursor; anything else gives nothing.
std::optional<chat::Usage> read_responses_usage(JsonReader& reader);

}  // namespace triaged::provider
