// What readers make of streams.
#pragma once

#include "triaged/chat/delta.hpp"
#include "triaged/wire/sse.hpp"

#include "support/golden/steps.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <string_view>

namespace triaged::provider::test {

// The stream arrives in two pieces, divided at `cut`.
template <class Events = wire::SseReader>
void read_stream(const std::unique_ptr<chat::AnswerReader>& reader, std::string_view bytes, std::size_t cut,
                 chat::DeltaSink& sink) {
  Events events;
  for (const std::string_view piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
    EXPECT_TRUE(events.put(piece));
    while (const auto event = events.next()) {
      const Result<void> read = reader->event(event->event, event->data, sink);
      EXPECT_TRUE(read) << read.error().detail << '\n' << event->data;
    }
  }
  EXPECT_FALSE(events.has_partial());
}

template <class Events = wire::SseReader>
triaged::test::Json steps_of_stream(const std::unique_ptr<chat::AnswerReader>& reader, std::string_view bytes,
                                    std::size_t cut) {
  triaged::test::Steps steps;
  read_stream<Events>(reader, bytes, cut, steps);
  return steps.list;
}

}  // namespace triaged::provider::test
