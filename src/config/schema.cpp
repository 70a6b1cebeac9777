#include "config/schema.hpp"

#include <algorithm>

namespace triaged::config {

const Key* Section::find(std::string_view name) const {
  const auto found = std::find_if(keys.begin(), keys.end(), [name](const Key& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

const Section& document_section() {
  static const Section section{
      "The file",
      "The whole file. `providers` and `tiers` are needed, everything else has defaults.",
      {
          key<&Document::version>("version", Type::integer, "The version of this format.").between(1, 1),
          subsection<&Document::server>("server", server_section, "What clients and operators connect to."),
          list_of<&Document::providers>("providers", Type::named, provider_section,
                                        "Where models are reached, by a name of your own.")
              .needed()
              .between(1, 200),
          list_of<&Document::tiers>("tiers", Type::sections, tier_section,
                                    "Classes of models, cheapest first: the order is the order of escalation.")
              .needed()
              .between(1, 50),
          key<&Document::embeddings>("embeddings", Type::texts,
                                     "Targets of `POST /v1/embeddings`, as `provider/model`, of providers that speak "
                                     "OpenAI's dialect. A request names its model; several targets of the same model "
                                     "stand in for each other.")
              .by_default("none")
              .like("[openai/text-embedding-3-small]"),
          subsection<&Document::passthrough>("passthrough", passthrough_section,
                                             "Endpoints that are handed to one provider unread."),
          subsection<&Document::routing>("routing", routing_section, "Which request goes to which tier."),
          subsection<&Document::retry>("retry", retry_section, "What is tried again, and how often."),
          subsection<&Document::breaker>("breaker", breaker_section, "When a failing target is left alone."),
          subsection<&Document::balance>("balance", balance_section, "How the targets of a tier share its requests."),
          subsection<&Document::hedge>("hedge", hedge_section, "A second attempt elsewhere while the first is slow."),
          subsection<&Document::streams>("streams", streams_section, "What goes for answers on their way."),
          subsection<&Document::quality>("quality", quality_section, "What an answer must be, and what follows else."),
          subsection<&Document::ledger>("ledger", ledger_section, "What was asked, answered and paid."),
          subsection<&Document::log>("log", log_section, "What is logged, and where to."),
      },
      blank<Document>};
  return section;
}

const Section& retry_section() {
  static const Section section{
      "retry",
      "Nothing is tried again once an answer has begun to reach the client.",
      {
          key<&Retry::attempts_per_target>("attempts_per_target", Type::integer,
                                           "Attempts at one target, the first included.")
              .between(1, 10),
          key<&Retry::attempts>("attempts", Type::integer, "Attempts for one request, over all targets and tiers.")
              .between(1, 50),
          key<&Retry::backoff>("backoff", Type::duration,
                               "Base of the wait before the same target is tried again; it doubles each time and is "
                               "spread at random.")
              .between(0, 60),
          key<&Retry::backoff_max>("backoff_max", Type::duration, "The longest such wait.").between(0, 600),
          key<&Retry::retry_after_max>("retry_after_max", Type::duration,
                                       "The longest `Retry-After` of a provider that is waited for. A longer one moves "
                                       "the request to the next target.")
              .between(0, 600),
          key<&Retry::budget>(
              "budget", Type::number,
              "Further attempts that a failing target gets, for each first attempt it gets: 0.15 is three "
              "in twenty. What answers is not limited.")
              .between(0, 10),
      },
      blank<Retry>};
  return section;
}

const Section& breaker_section() {
  static const Section section{
      "breaker",
      "Each target has a breaker. Only failures that are the provider's fault count.",
      {
          key<&Breaker::failures>("failures", Type::integer, "Failures in a row after which a target is out.")
              .between(1, 1000),
          key<&Breaker::cooldown>("cooldown", Type::duration, "How long it stays out before one request probes it.")
              .between(0.1, 3600),
          key<&Breaker::cooldown_max>("cooldown_max", Type::duration,
                                      "The longest such time; it doubles with each probe that fails.")
              .between(0.1, 86400),
          key<&Breaker::failure_rate>("failure_rate", Type::number,
                                      "The share of failures within `window` from which a target is out, although not "
                                      "all failed. `1`: only failures in a row count.")
              .between(0.01, 1),
          key<&Breaker::least_attempts>("least_attempts", Type::integer,
                                        "Attempts within `window` before the share means anything.")
              .between(1, 100'000),
          key<&Breaker::window>("window", Type::duration, "The time that the share is taken over.").between(0.1, 600),
      },
      blank<Breaker>};
  return section;
}

const Section& ledger_section() {
  static const Section section{
      "ledger",
      "Every attempt is a row with its tokens and its cost.",
      {
          key<&Ledger::enabled>("enabled", Type::boolean, "Whether attempts are recorded at all."),
          key<&Ledger::path>("path", Type::text,
                             "The SQLite file, relative to the working directory. The journal stands beside it in "
                             "`<path>.journal/`."),
          key<&Ledger::flush>("flush", Type::duration, "How often journalled rows are written to the database.")
              .between(0.01, 60),
          key<&Ledger::prices_file>("prices", Type::text,
                                    "A price file to use in place of the built-in one, relative to this file.")
              .by_default("the built-in prices"),
          key<&Ledger::on_unknown_price>("on_unknown_price", Type::choice,
                                         "What happens to a request for a model without a price: `refuse` it, "
                                         "`estimate` its cost, or `allow` it with an unknown cost. Unknown is never "
                                         "booked as zero.")
              .one_of({"refuse", "estimate", "allow"}),
      },
      blank<Ledger>};
  return section;
}

const Section& log_section() {
  static const Section section{
      "log",
      "Keys are never logged.",
      {
          key<&Log::level>("level", Type::choice, "The least important kind of line that is written to standard error.")
              .one_of({"debug", "info", "warn", "error"}),
          key<&Log::access_file>("access", Type::text,
                                 "Where the access log goes, one JSON object a line: a file relative to the working "
                                 "directory, `-` for standard output, or `\"\"` for none."),
          key<&Log::prompts>("prompts", Type::boolean,
                             "Whether the access log holds the first 200 characters of the last user turn. Prompts are "
                             "personal data: leave this off unless you need it."),
      },
      blank<Log>};
  return section;
}

}  // namespace triaged::config
