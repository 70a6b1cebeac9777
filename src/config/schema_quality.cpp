// The rows of `quality`.
#include "config/schema.hpp"

namespace triaged::config {

namespace {

const Section& judge_section() {
  static const Section section{
      "quality.gates.NAME.judge",
      "Another model reads the question and the answer and scores it between 0 and 1. It sees whole answers and "
      "buffered "
      "streams, and only those that passed every check. When it is late or makes no sense, the answer stands.",
      {
          key<&JudgeEntry::tier>("tier", Type::text, "The tier whose first healthy target is asked.")
              .needed()
              .like("premium"),
          key<&JudgeEntry::settings, &Judge::rubric>("rubric", Type::text, "What makes an answer good, in your words.")
              .by_default("a general one: right, complete, to the point"),
          key<&JudgeEntry::settings, &Judge::threshold>("threshold", Type::number,
                                                        "Below this score the answer is not good enough.")
              .between(0, 1),
          key<&JudgeEntry::settings, &Judge::timeout>("timeout", Type::duration, "How long it is waited for.")
              .between(0.01, 120),
          key<&JudgeEntry::settings, &Judge::sample>("sample", Type::number, "The share of answers that are judged.")
              .between(0, 1),
          key<&JudgeEntry::settings, &Judge::budget>("budget", Type::number,
                                                     "Dollars for judging, at most, for each dollar that answers cost.")
              .between(0, 100),
      },
      blank<JudgeEntry>};
  return section;
}

const Section& escalation_section() {
  static const Section section{
      "quality.escalation",
      "How often answers of a route (a row of the table, a route by example) may be escalated before it is told.",
      {
          key<&Escalation::target>("target", Type::number,
                                   "The share of a route's answers above which the metric "
                                   "`triaged_route_escalation_alarm` is 1.")
              .between(0.001, 1),
          key<&Escalation::window>("window", Type::integer, "The answers that the share is taken over, on each worker.")
              .between(10, 100'000),
          key<&Escalation::step_up>("step_up", Type::boolean,
                                    "Whether such a route starts one tier higher until its share would be below the "
                                    "target again: one in twenty of its requests still starts low, to find out."),
      },
      blank<Escalation>};
  return section;
}

const Section& cascade_section() {
  static const Section section{
      "quality.cascade",
      "Whether a cheap attempt is worth making, where its answer may be thrown away.",
      {
          key<&Cascade::skip_losing>(
              "skip_losing", Type::boolean,
              "Start at the tier of the least expected cost: a cheap attempt that will most "
              "likely be escalated costs more than it saves. Decided by what escalations of this "
              "kind of request were measured to be, not before there are enough of them."),
          key<&Cascade::second_worth>("second_worth", Type::number,
                                      "Dollars that a second of waiting costs: the time of an attempt that is thrown "
                                      "away counts, too.")
              .between(0, 1000),
      },
      blank<Cascade>};
  return section;
}

const Section& gate_section() {
  static const Section section{
      "quality.gates.NAME",
      "One gate. An answer that does not pass is escalated to the next stronger tier, unseen by the client, and booked "
      "as "
      "`escalated`. The answer of the last tier there is to ask goes through as it is.",
      {
          key<&GateEntry::checks>("checks", Type::texts,
                                  "Checks that cost nothing. `empty`: neither text nor tool call. `refusal`: it will "
                                  "not do it. `repetition`: the same again and again. `cut_off`: ended by length, and "
                                  "not by the client's own limit. `language`: another language than the request. "
                                  "`json`: not JSON, or not by the schema, where that was asked for. `tools`: calls a "
                                  "tool that is not there, or with arguments its schema forbids.")
              .one_of({"empty", "refusal", "repetition", "cut_off", "language", "json", "tools"})
              .by_default("`[empty, refusal, repetition, cut_off, json, tools]`"),
          key<&GateEntry::settings, &Gate::min_length>("min_length", Type::integer,
                                                       "Characters that a text answer must have.")
              .between(0, 1'000'000),
          key<&GateEntry::settings, &Gate::min_confidence>(
              "min_confidence", Type::number,
              "The least geometric mean of the tokens' probabilities. `logprobs` are asked for upstream and taken out "
              "again. `0`: not looked at.")
              .between(0, 1),
          key<&GateEntry::settings, &Gate::must_match>("must_match", Type::texts,
                                                       "Regular expressions (RE2); each must match somewhere.")
              .between(0, 100)
              .by_default("none"),
          key<&GateEntry::settings, &Gate::must_not_match>("must_not_match", Type::texts,
                                                           "Regular expressions (RE2); none may match anywhere.")
              .between(0, 100)
              .by_default("none"),
          key<&GateEntry::settings, &Gate::required>("required", Type::texts,
                                                     "Words or parts that must stand in the text, in any case.")
              .between(0, 100)
              .by_default("none"),
          key<&GateEntry::settings, &Gate::buffered>("buffered", Type::boolean,
                                                     "Whether streams are held to their end, so that every check sees "
                                                     "the whole answer. The client then gets it all at once."),
          key<&GateEntry::settings, &Gate::hold_tokens>("hold_tokens", Type::integer,
                                                        "Tokens of a stream that are held back while checks look at "
                                                        "them, where it is not buffered.")
              .between(0, 100'000),
          key<&GateEntry::settings, &Gate::hold_time>("hold_time", Type::duration,
                                                      "The longest that they are held from the first content on.")
              .between(0, 600),
          key<&GateEntry::settings, &Gate::feedback>("feedback", Type::boolean,
                                                     "Whether the stronger tier is told what was wrong with the weaker "
                                                     "one's answer."),
          subsection<&GateEntry::judge>("judge", judge_section, "Another model that scores answers."),
      },
      blank<GateEntry>};
  return section;
}

}  // namespace

const Section& quality_section() {
  static const Section section{
      "quality",
      "What an answer must be before the client gets it. A gate is used where `routing.gate`, a row of the table or a "
      "route by example names it.",
      {
          list_of<&QualityEntry::gates>("gates", Type::named, gate_section, "The gates, by a name of your own.")
              .between(0, 100),
          subsection<&QualityEntry::escalation>("escalation", escalation_section, "How often is too often."),
          subsection<&QualityEntry::cascade>("cascade", cascade_section, "Whether a cheap attempt pays."),
      },
      blank<QualityEntry>};
  return section;
}

}  // namespace triaged::config
