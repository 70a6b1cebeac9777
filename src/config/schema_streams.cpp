// The rows of `hedge` and `streams`.
#include "config/schema.hpp"

namespace triaged::config {

namespace {

const Section& rescue_section() {
  static const Section section{
      "streams.rescue",
      "When a stream breaks after it has begun, another target is asked to continue the text that the client already "
      "has. "
      "Off, the client gets an error event. What continues is another model's words: the answer says so. Only plain "
      "text "
      "is continued, never a tool call or JSON.",
      {
          key<&Rescue::enabled>("enabled", Type::boolean, "Whether broken streams are continued."),
          key<&Rescue::attempts>("attempts", Type::integer, "Targets that may be asked to continue one answer.")
              .between(1, 10),
      },
      blank<Rescue>};
  return section;
}

}  // namespace

const Section& hedge_section() {
  static const Section section{
      "hedge",
      "A request whose first content is late is sent to a target of another provider as well; whichever answers first "
      "wins, the other is cancelled. Both are paid for.",
      {
          key<&Hedge::enabled>("enabled", Type::boolean, "Whether slow requests are hedged."),
          key<&Hedge::after>("after", Type::duration, "How long the first attempt is waited for alone.")
              .between(0, 600)
              .by_default("`0`: the 95th percentile of what this target took lately"),
          key<&Hedge::least>("least", Type::duration, "The shortest such wait, whatever was measured.").between(0, 600),
          key<&Hedge::budget>("budget", Type::number, "Hedges for each request, over time: 0.05 is one in twenty.")
              .between(0, 1),
      },
      blank<Hedge>};
  return section;
}

const Section& streams_section() {
  static const Section section{
      "streams",
      "What goes for streamed answers once they have begun.",
      {
          key<&Streams::heartbeat>(
              "heartbeat", Type::duration,
              "When nothing was sent to the client for so long, a comment line is, so that nothing "
              "on the way takes the connection for dead. `0`: none.")
              .between(0, 3600),
          subsection<&Streams::rescue>("rescue", rescue_section, "Continuing a stream that broke."),
      },
      blank<Streams>};
  return section;
}

}  // namespace triaged::config
