// Takes the steps of an answer and checks each: that its strings are what a JSON string may hold, its JSON is JSON, and
// no figure is negative.
#pragma once

#include "triaged/base/json.hpp"
#include "triaged/chat/delta.hpp"

#include "fuzz/require.hpp"

#include <cstddef>
#include <string>

namespace triaged::fuzz {

class CheckedSteps final : public chat::DeltaSink {
 public:
  std::size_t count = 0;

  void take(const chat::Delta& delta) override {
    ++count;
    for (const JsonString& string : {delta.text, delta.id, delta.name}) {
      const std::string quoted = "\"" + std::string(string.raw) + "\"";
      JsonReader reader(quoted);
      const JsonString read = reader.take_string();
      require(reader.at_end() && read.raw == string.raw, "a string is the inside of a JSON string");
      require(string.escaped == read.escaped, "a string knows whether it holds escapes");
    }
    if (!delta.json.empty()) {
      JsonReader reader(delta.json, 512);
      reader.skip();
      require(reader.at_end(), "json is JSON");
    }
    if (!delta.usage) return;
    const chat::Usage& usage = *delta.usage;
    for (const std::int64_t part : {usage.input, usage.cached_input, usage.cache_write_5m, usage.cache_write_1h,
                                    usage.audio_input, usage.output, usage.reasoning, usage.audio_output}) {
      require(part >= 0, "no class is negative");
    }
  }
};

}  // namespace triaged::fuzz
